//! Requests to the visitor routes and the stream of events, by `fetch` itself. What an answer means for the chat is
//! decided in `session`.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
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

/// Sends a request; `body` makes it a POST. The answer is a good one.
pub(crate) async fn request(
    url: &str,
    token: &str,
    body: Option<&JsValue>,
    signal: &AbortSignal,
) -> Result<Response, Failure> {
    let headers = object(&[]);
    let set = |name: &str, value: &str| {
        let _ = js_sys::Reflect::set(&headers, &name.into(), &value.into());
    };
    if !token.is_empty() {
        let mut bearer = String::from("Bearer ");
        bearer.push_str(token);
        set("authorization", &bearer);
    }
    let signal = signal.as_ref();
    let init = match body {
        Some(body) => {
            set("content-type", "application/json");
            object(&[
                ("method", &"POST".into()),
                ("body", &stringify(body).into()),
                ("headers", &headers),
                ("signal", signal),
            ])
        }
        None => object(&[("headers", &headers), ("signal", signal), ("cache", &"no-store".into())]),
    };
    let response: Response = JsFuture::from(fetch(url, &init))
        .await
        .map_err(|_| Failure::Network)?
        .unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    Err(match response.status() {
        401 => Failure::Token,
        404 | 410 => Failure::Gone,
        409 => Failure::Busy,
        429 => {
            let wait_ms = json(&response)
                .await
                .and_then(|v| v.field("error")?.field("retry_after_ms")?.number());
            Failure::Pause(wait_ms.unwrap_or(PAUSE_MS))
        }
        500.. => Failure::Server,
        _ => Failure::Refused,
    })
}

/// The body of an answer.
pub(crate) async fn json(response: &Response) -> Option<JsValue> {
    JsFuture::from(response.json().ok()?).await.ok()
}

/// Whether anything answers at all. A page may not read what.
pub(crate) async fn is_answered(url: &str, signal: &AbortSignal) -> bool {
    let init = object(&[
        ("mode", &"no-cors".into()),
        ("cache", &"no-store".into()),
        ("signal", signal.as_ref()),
    ]);
    JsFuture::from(fetch(url, &init)).await.is_ok()
}

/// The text of a stream, piece by piece, cut nowhere inside a character.
pub(crate) struct Pieces {
    reader: ReadableStreamDefaultReader,
    decoder: TextDecoder,
    options: JsValue,
}

impl Pieces {
    /// Of this answer; `None` if it has no body.
    pub(crate) fn of(response: &Response) -> Option<Self> {
        Some(Self {
            reader: response.body()?.get_reader().unchecked_into(),
            decoder: TextDecoder::new().ok()?,
            options: object(&[("stream", &true.into())]),
        })
    }

    /// The next piece; `None` at the end, whatever ended it.
    pub(crate) async fn next(&self) -> Option<String> {
        let read = JsFuture::from(self.reader.read()).await.ok()?;
        let bytes = read.field("value")?;
        self.decoder
            .decode_with_buffer_source_and_options(bytes.unchecked_ref(), self.options.unchecked_ref())
            .ok()
    }
}
