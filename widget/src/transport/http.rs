//! Requests to the visitor routes and the stream of events, by `fetch` itself. What an answer means for the chat is
//! decided in `session`.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, ReadableStreamDefaultReader, Response, TextDecoder};

use super::decode::Json;
use super::json::{object, stringify};
use crate::chat::Failure;

#[wasm_bindgen]
extern "C" {
    // Plain `fetch` with a plain object: the typed way costs an import for each option.
    fn fetch(url: &str, init: &JsValue) -> Promise;
}

/// What a pause lasts when the server does not say.
const PAUSE_MS: f64 = 5_000.0;

/// Sends a request; `body` makes it a POST. A blind one only asks whether anything answers: a page may not read what.
pub(crate) fn ask(url: &str, is_blind: bool, token: &str, body: Option<&JsValue>, signal: &AbortSignal) -> Promise {
    let headers = object(&[]);
    let init = object(&[
        ("headers", &headers),
        ("signal", signal.as_ref()),
        ("cache", &"no-store".into()),
    ]);
    let set = |target: &JsValue, name: &str, value: &str| {
        let _ = js_sys::Reflect::set(target, &name.into(), &value.into());
    };
    if is_blind {
        set(&init, "mode", "no-cors");
    }
    if !token.is_empty() {
        let mut bearer = String::from("Bearer ");
        bearer.push_str(token);
        set(&headers, "authorization", &bearer);
    }
    if let Some(body) = body {
        set(&headers, "content-type", "application/json");
        set(&init, "method", "POST");
        set(&init, "body", &stringify(body));
    }
    fetch(url, &init)
}

/// The status of an answer that the page may read; `None` if it is none.
pub(crate) fn status(answer: &JsValue) -> Option<u16> {
    answer.field("status")?.number().map(|status| status as u16)
}

/// The body of an answer.
pub(crate) fn body(answer: &JsValue) -> Option<Promise> {
    answer.unchecked_ref::<Response>().json().ok()
}

/// Why a request was not carried out.
pub(crate) fn failure(status: u16, body: &JsValue) -> Failure {
    match status {
        401 => Failure::Token,
        404 | 410 => Failure::Gone,
        409 => Failure::Busy,
        429 => {
            let wait_ms = body
                .field("error")
                .and_then(|error| error.field("retry_after_ms")?.number());
            Failure::Pause(wait_ms.unwrap_or(PAUSE_MS))
        }
        500.. => Failure::Server,
        _ => Failure::Refused,
    }
}

/// The text of a stream, piece by piece, cut nowhere inside a character.
pub(crate) struct Pieces {
    reader: ReadableStreamDefaultReader,
    decoder: TextDecoder,
    options: JsValue,
}

impl Pieces {
    /// Of this answer; `None` if it has no body.
    pub(crate) fn of(answer: &JsValue) -> Option<Self> {
        Some(Self {
            reader: answer.unchecked_ref::<Response>().body()?.get_reader().unchecked_into(),
            decoder: TextDecoder::new().ok()?,
            options: object(&[("stream", &true.into())]),
        })
    }

    /// The next piece, to be read.
    pub(crate) fn next(&self) -> Promise {
        self.reader.read()
    }

    /// Its text; `None` at the end, whatever ended it.
    pub(crate) fn read(&self, piece: &JsValue) -> Option<String> {
        let bytes = piece.field("value")?;
        self.decoder
            .decode_with_buffer_source_and_options(bytes.unchecked_ref(), self.options.unchecked_ref())
            .ok()
    }
}
