//! The requests: where each goes, what it says, and which event its answer is.

use std::rc::Rc;

use js_sys::{Date, JSON, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Response};

use super::Session;
use crate::chat::{Call, Event, Failure};
use crate::scan::{find, part};
use crate::storage::RESUME;
use crate::text::{digits, number};
use crate::transport::decode::{self, Json};
use crate::transport::http::{self, Pieces};
use crate::transport::json::object;
use crate::transport::sse::{Frame, Parser};

impl Session {
    pub(super) fn call(self: &Rc<Self>, call: Call) {
        let mut life = self.life.clone();
        if let Call::Listen(_) = call {
            let Ok(stream) = AbortController::new() else { return };
            life = stream.clone();
            *self.stream.borrow_mut() = Some(stream);
        }
        wasm_bindgen_futures::spawn_local(perform(self.clone(), call, life));
    }

    pub(super) fn hang_up(&self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }

    /// Where a call goes, and its body if it has one.
    fn request(&self, call: &Call) -> (String, Option<JsValue>) {
        let mut url = self.api.clone();
        url.push_str("/public/v1/");
        if *call == Call::Probe {
            url.push_str("ping");
            return (url, None);
        }
        url.push_str("agents/");
        url.push_str(&String::from(encode_uri_component(&self.agent)));
        url.push_str("/sessions");
        if *call != Call::Start {
            url.push('/');
            url.push_str(&self.chat.borrow().session_id);
        }
        let resume = || match self.storage.read(RESUME) {
            secret if secret.is_empty() => JsValue::UNDEFINED,
            secret => secret.into(),
        };
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
            Call::Post { client_id, content } => {
                url.push_str("/messages");
                object(&[("client_id", &client_id.into()), ("content", &content.into())])
            }
            Call::Listen(after) => {
                url.push_str("/events?after=");
                url.push_str(&digits(*after));
                return (url, None);
            }
            Call::Stop | Call::Retry => {
                url.push_str(if *call == Call::Stop { "/stop" } else { "/retry" });
                object(&[])
            }
            Call::Probe => return (url, None),
        };
        (url, Some(body))
    }

    /// The page that the visitor looks at, without what may be private in its addresses.
    fn page(&self) -> JsValue {
        let bare = |url: String| JsValue::from_str(part(&url, 0, find(&url, 0, b"?#")));
        let Some(document) = self.window.document() else {
            return JsValue::UNDEFINED;
        };
        let url = self.window.location().href().unwrap_or_default();
        object(&[
            ("url", &bare(url)),
            ("title", &document.title().into()),
            ("referrer", &bare(document.referrer())),
        ])
    }

    /// What the good answer to a call means.
    fn answered(&self, call: &Call, body: &JsValue) -> Option<Event> {
        let token_ms = || {
            *self.token.borrow_mut() = body.text_of("token");
            body.field("expires_at").and_then(|at| at.time()).unwrap_or_default() - Date::now()
        };
        match call {
            Call::Start => {
                let mut session = decode::session(body)?;
                session.token_ms = token_ms();
                self.storage.write(RESUME, &body.text_of("resume"));
                if let Some(settings) = body.field("widget") {
                    self.host.settings(&settings);
                }
                Some(Event::Started(session))
            }
            Call::Renew => Some(Event::Renewed(token_ms())),
            Call::Post { client_id, .. } => Some(Event::Posted {
                client_id: client_id.clone(),
                message_id: body.text_of("message_id"),
                run_id: body.text_of("run_id"),
            }),
            _ => None,
        }
    }

    /// One event of the stream. An event that ends it gives its code and when to come back.
    fn take(self: &Rc<Self>, frame: &Frame) -> Option<(u32, f64)> {
        let data = JSON::parse(&frame.data).unwrap_or_default();
        if !frame.event.is_empty() && frame.event != "message" {
            return matches!(&*frame.event, "closed" | "reconnect")
                .then(|| (data.number_of("code") as u32, data.number_of("after_ms")));
        }
        if let Some(seq) = number(&frame.id) {
            self.chat.borrow_mut().last_seq = seq;
        }
        match decode::event(&data) {
            Some(Event::AnswerGrew(id, delta)) => self.grow(id, &delta),
            Some(event) => {
                self.flush();
                self.dispatch(event);
            }
            None => {}
        }
        None
    }
}

async fn perform(session: Rc<Session>, call: Call, life: AbortController) {
    let (url, body) = session.request(&call);
    let signal = life.signal();
    if call == Call::Probe {
        let is_answered = http::is_answered(&url, &signal).await;
        return session.dispatch(Event::Probed(is_answered));
    }
    let token = if call == Call::Start {
        String::new()
    } else {
        session.token.borrow().clone()
    };
    let answer = http::request(&url, &token, body.as_ref(), &signal).await;
    // Hung up, or over: whatever came is nobody's any more.
    if signal.aborted() {
        return;
    }
    let event = match answer {
        Err(failure) => Event::Failed(call, failure),
        Ok(response) if matches!(call, Call::Listen(_)) => {
            let (code, after_ms) = listen(&session, &response, &life).await;
            session.flush();
            if signal.aborted() {
                return;
            }
            Event::Ended(code, after_ms)
        }
        Ok(response) => {
            let body = http::json(&response).await.unwrap_or_default();
            match session.answered(&call, &body) {
                Some(event) => event,
                // A good answer that cannot be read is as good as none, where one is needed.
                None if call == Call::Start => Event::Failed(call, Failure::Server),
                None => return,
            }
        }
    };
    session.dispatch(event);
}

/// Reads until the end, which it tells: the server's code and when to come back, or 0.
async fn listen(session: &Rc<Session>, response: &Response, life: &AbortController) -> (u32, f64) {
    let Some(pieces) = Pieces::of(response) else {
        return (0, 0.0);
    };
    session.dispatch(Event::Listening);
    let (mut parser, mut frames) = (Parser::default(), Vec::new());
    while let Some(piece) = pieces.next().await {
        session.dispatch(Event::Heard);
        parser.push(&piece, &mut frames);
        for frame in frames.drain(..) {
            if life.signal().aborted() {
                return (0, 0.0);
            }
            if let Some(end) = session.take(&frame) {
                life.abort();
                return end;
            }
        }
        // Nobody paints a page that is not looked at, and its badge and its listeners should know all the same.
        if session.window.document().is_some_and(|document| document.hidden()) {
            session.flush();
        }
    }
    (0, 0.0)
}
