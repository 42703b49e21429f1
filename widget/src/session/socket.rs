//! The socket: how it is opened, which frames go out on it, and that nothing of it is left when it is hung up.

use std::rc::Rc;

use js_sys::{JSON, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::WebSocket;

use super::Session;
use crate::chat::{Call, Event, Link};
use crate::hook::Listener;
use crate::scan::tail;
use crate::transport::decode::{self, Json};
use crate::transport::json::{object, stringify};

/// An open socket; dropped, it is closed and says nothing any more.
pub(super) struct Line {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Line {
    fn say(&self, frame: &JsValue) {
        // What a closing socket does not take goes again on the next one.
        let _ = self.socket.send_with_str(&stringify(frame));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}

impl Session {
    /// Opens a socket; the events after this number come on it.
    pub(super) fn connect(self: &Rc<Self>, after: u64) {
        // `http` becomes `ws`, and `https` becomes `wss`.
        let mut url = String::from("ws");
        url.push_str(tail(&self.api, 4));
        url.push_str("/ws/amas?agent_key=");
        url.push_str(&String::from(encode_uri_component(&self.agent)));
        // A page's policy may forbid it, which looks like a socket that closes.
        let Ok(socket) = WebSocket::new(&url) else {
            return self.dispatch(Event::Ended(0, 0.0));
        };
        let on = |name| {
            let session = Rc::downgrade(self);
            let take = move |event: JsValue| {
                if let Some(session) = session.upgrade() {
                    session.socket_event(&event, after);
                }
            };
            Listener::new(&socket, name, Box::new(take))
        };
        let listeners = [on("open"), on("message"), on("close")];
        *self.line.borrow_mut() = Some(Line {
            socket,
            _listeners: listeners,
        });
    }

    fn socket_event(self: &Rc<Self>, event: &JsValue, after: u64) {
        match &*event.text_of("type") {
            "open" => {
                if let Some(line) = &*self.line.borrow() {
                    line.say(&object(&[
                        ("type", &"session.start".into()),
                        ("token", &(&**self.token.borrow()).into()),
                        ("after", &(after as f64).into()),
                    ]));
                }
            }
            "close" => {
                self.hang_up();
                self.flush();
                self.dispatch(Event::Ended(event.number_of("code") as u32, 0.0));
            }
            _ => {
                self.dispatch(Event::Heard);
                let frame = JSON::parse(&event.text_of("data")).unwrap_or_default();
                self.keep_token(&frame);
                let told = decode::frame(&frame);
                if let Some(Event::Ended(..)) = told {
                    self.hang_up();
                }
                // An acknowledgement has a number too, and tells nothing of what came before it.
                let seq = if frame.field("event").is_some() {
                    frame.number_of("seq")
                } else {
                    0.0
                };
                self.take(seq as u64, told);
            }
        }
    }

    /// Sends a call as a frame, if there is a socket that takes it.
    pub(super) fn call_by_socket(&self, call: &Call) -> bool {
        let line = self.line.borrow();
        let (Some(line), Link::Live) = (&*line, self.chat().link) else {
            return false;
        };
        let word = match call {
            Call::Post { answers, .. } if answers.is_empty() => "message.send",
            Call::Post { .. } => "input.answer",
            Call::Stop => "run.stop",
            Call::Retry => "run.retry",
            Call::Ping => "ping",
            _ => return false,
        };
        let (_, body) = self.request(call);
        let frame = body.unwrap_or_else(|| object(&[]));
        let _ = js_sys::Reflect::set(&frame, &"type".into(), &word.into());
        line.say(&frame);
        true
    }
}
