//! The requests: where each goes, what it says, and which event its answer is.

use std::rc::Rc;

use js_sys::{JSON, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::Session;
use super::request::Request;
use crate::chat::{Call, Event, Link, Route};
use crate::scan::{find, part};
use crate::storage::RESUME;
use crate::text::{digits, number};
use crate::transport::decode::{self, Json};
use crate::transport::json::object;
use crate::transport::sse::Frame;

impl Session {
    pub(super) fn call(self: &Rc<Self>, call: Call) {
        let mut life = self.life.clone();
        match call {
            Call::Listen(Route::Socket, after) => return self.connect(after),
            // What the line waits for ends with the line.
            Call::Listen(..) | Call::Start | Call::Renew | Call::Probe if self.chat().link != Link::Live => {
                let Ok(stream) = AbortController::new() else { return };
                life = stream.clone();
                *self.stream.borrow_mut() = Some(stream);
            }
            _ if self.call_by_socket(&call) => return,
            _ => {}
        }
        Request::send(self, call, life);
    }

    pub(super) fn hang_up(&self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
        self.line.take();
    }

    /// Where a call goes, and its body if it has one.
    pub(super) fn request(&self, call: &Call) -> (String, Option<JsValue>) {
        let mut url = self.api.clone();
        url.push_str("/public/v1/");
        if matches!(call, Call::Probe) {
            url.push_str("ping");
            return (url, None);
        }
        url.push_str("agents/");
        url.push_str(&String::from(encode_uri_component(&self.agent)));
        url.push_str("/sessions");
        if !matches!(call, Call::Start) {
            url.push('/');
            url.push_str(&self.chat().session_id);
        }
        let resume = || optional(&self.storage.read(RESUME));
        let body = match call {
            Call::Start => object(&[
                ("resume", &resume()),
                ("page", &self.page()),
                ("locale", &(&*self.locale).into()),
            ]),
            Call::Renew => {
                url.push_str("/token");
                object(&[("resume", &resume())])
            }
            Call::Post {
                client_id,
                content,
                answers,
            } => {
                url.push_str(if answers.is_empty() { "/messages" } else { "/input" });
                object(&[
                    ("client_id", &client_id.into()),
                    ("content", &content.into()),
                    ("interrupt_id", &optional(answers)),
                ])
            }
            Call::Listen(Route::Poll, _) => {
                url.push_str("/messages?limit=20");
                return (url, None);
            }
            Call::Listen(_, after) => {
                url.push_str("/events?after=");
                url.push_str(&digits(*after));
                return (url, None);
            }
            Call::Stop | Call::Retry => {
                url.push_str(if matches!(call, Call::Stop) { "/stop" } else { "/retry" });
                object(&[])
            }
            Call::Rate { at, rating, .. } => {
                url.push_str("/feedback");
                let rating = rating.map_or(JsValue::NULL, |rating| rating.as_str().into());
                object(&[
                    ("message_id", &(&*self.chat().message(*at).id).into()),
                    ("rating", &rating),
                ])
            }
            Call::Probe | Call::Ping => return (url, None),
        };
        (url, Some(body))
    }

    /// The page that the visitor looks at, without what may be private in its addresses.
    fn page(&self) -> JsValue {
        let bare = |url: String| JsValue::from_str(part(&url, 0, find(&url, 0, b"?#")));
        // By name: a typed way to each of these would weigh more.
        let of = |name| self.window.field(name).unwrap_or_default();
        let (document, location) = (of("document"), of("location"));
        object(&[
            ("url", &bare(location.text_of("href"))),
            ("title", &document.text_of("title").into()),
            ("referrer", &bare(document.text_of("referrer"))),
        ])
    }

    /// Whatever tells a new token tells it under this name.
    pub(super) fn keep_token(&self, body: &JsValue) {
        if let Some(token) = body.field("token").and_then(|token| token.text()) {
            *self.token.borrow_mut() = token;
        }
    }

    /// What the good answer to a call means.
    pub(super) fn answered(&self, call: &Call, sent: Option<&JsValue>, body: &JsValue) -> Option<Event> {
        if matches!(call, Call::Start) && sent.is_some_and(|sent| sent.text_of("resume") != self.storage.read(RESUME)) {
            // Another tab began a conversation meanwhile: that one it is, for all tabs.
            return None;
        }
        self.keep_token(body);
        match call {
            Call::Start => {
                let session = decode::session(body)?;
                self.storage.write(RESUME, &body.text_of("resume"));
                if let Some(settings) = body.field("widget") {
                    self.host.settings(&settings);
                }
                Some(Event::Started(session))
            }
            Call::Renew => Some(Event::Renewed(body.time_of("expires_at"))),
            Call::Post { client_id, .. } => decode::posted(body, client_id),
            Call::Rate { .. } => {
                self.tell_rating(body);
                None
            }
            Call::Listen(..) => Some(Event::Polled(decode::messages(body)?)),
            _ => None,
        }
    }

    /// What the line told, under its number if it has one.
    pub(super) fn take(self: &Rc<Self>, seq: u64, told: Option<Event>) {
        if seq > 0 {
            self.chat.borrow_mut().last_seq = seq;
        }
        match told {
            Some(Event::AnswerGrew(id, delta)) => self.grow(id, &delta),
            Some(event) => {
                self.flush();
                self.dispatch(event);
            }
            None => {}
        }
    }

    /// One event of the stream. An event that ends it gives its code and when to come back.
    pub(super) fn take_frame(self: &Rc<Self>, frame: &Frame) -> Option<(u32, f64)> {
        let data = JSON::parse(&frame.data).unwrap_or_default();
        if !frame.event.is_empty() && frame.event != "message" {
            return matches!(&*frame.event, "closed" | "reconnect")
                .then(|| (data.number_of("code") as u32, data.number_of("after_ms")));
        }
        self.take(number(&frame.id).unwrap_or_default(), decode::event(&data));
        None
    }
}

/// A text as a field, which is left out if the text is empty.
fn optional(text: &str) -> JsValue {
    if text.is_empty() {
        JsValue::UNDEFINED
    } else {
        text.into()
    }
}
