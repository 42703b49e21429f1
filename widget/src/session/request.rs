//! A request on its way: it goes on with each promise that is kept, the answer, its body or the pieces of its stream. By
//! hand, because futures and what runs them weigh more than all requests together.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::Session;
use crate::chat::{Call, Event, Failure, Route};
use crate::hook::Step;
use crate::transport::decode::Json;
use crate::transport::http::{self, Pieces};
use crate::transport::sse::Parser;

pub(super) struct Request {
    session: Rc<Session>,
    call: Call,
    sent: Option<JsValue>,
    life: AbortController,
    stage: RefCell<Stage>,
    step: RefCell<Option<Step>>,
}

/// What is waited for.
enum Stage {
    Answer,
    Body(u16),
    Piece(Pieces, Parser),
}

impl Request {
    /// Sends it; `life` ends it.
    pub(super) fn send(session: &Rc<Session>, call: Call, life: AbortController) {
        let (url, sent) = session.request(&call);
        let is_open = matches!(call, Call::Start | Call::Probe);
        let token = if is_open {
            String::new()
        } else {
            session.token.borrow().clone()
        };
        let promise = http::ask(&url, matches!(call, Call::Probe), &token, sent.as_ref(), &life.signal());
        let request = Rc::new(Self {
            session: session.clone(),
            call,
            sent,
            life,
            stage: RefCell::new(Stage::Answer),
            step: RefCell::default(),
        });
        let next = request.clone();
        *request.step.borrow_mut() = Some(Step::new(Box::new(move |value| next.go_on(&value))));
        request.wait(&promise);
    }

    fn wait(&self, promise: &Promise) {
        if let Some(step) = &*self.step.borrow() {
            step.with(promise);
        }
    }

    /// A promise was kept, or broken: then the value is none of those that are waited for.
    fn go_on(self: &Rc<Self>, value: &JsValue) {
        // Hung up, or over: whatever came is nobody's any more.
        let next = if self.life.signal().aborted() {
            None
        } else {
            self.take(value)
        };
        match next {
            Some(promise) => self.wait(&promise),
            None => {
                self.step.take();
            }
        }
    }

    /// Gives what is to be waited for next.
    fn take(self: &Rc<Self>, value: &JsValue) -> Option<Promise> {
        let stage = self.stage.replace(Stage::Answer);
        let event = match stage {
            Stage::Answer => match http::status(value) {
                _ if matches!(self.call, Call::Probe) => Event::Probed(value.field("headers").is_some()),
                None => self.failed(Failure::Network),
                Some(status) => {
                    let pieces = if status == 200 && matches!(self.call, Call::Listen(Route::Stream, _)) {
                        Pieces::of(value)
                    } else {
                        None
                    };
                    let promise;
                    let stage = match pieces {
                        Some(pieces) => {
                            self.session.dispatch(Event::Listening);
                            promise = Some(pieces.next());
                            Stage::Piece(pieces, Parser::default())
                        }
                        None => {
                            promise = http::body(value);
                            Stage::Body(status)
                        }
                    };
                    *self.stage.borrow_mut() = stage;
                    return promise;
                }
            },
            Stage::Body(200..=299) => match self.session.answered(&self.call, self.sent.as_ref(), value) {
                Some(event) => event,
                // A good answer that cannot be read is as good as none, where one is needed.
                None if !matches!(self.call, Call::Stop | Call::Retry | Call::Rate { .. }) => {
                    self.failed(Failure::Server)
                }
                None => return None,
            },
            Stage::Body(status) => self.failed(http::failure(status, value)),
            Stage::Piece(pieces, mut parser) => {
                let (code, after_ms) = match pieces.read(value) {
                    None => (0, 0.0),
                    Some(piece) => {
                        self.session.dispatch(Event::Heard);
                        let mut frames = Vec::new();
                        parser.push(&piece, &mut frames);
                        let mut end = None;
                        for frame in frames {
                            if self.life.signal().aborted() {
                                return None;
                            }
                            end = end.or(self.session.take_frame(&frame));
                        }
                        let Some(end) = end else {
                            let promise = pieces.next();
                            *self.stage.borrow_mut() = Stage::Piece(pieces, parser);
                            return Some(promise);
                        };
                        self.life.abort();
                        end
                    }
                };
                self.session.flush();
                Event::Ended(code, after_ms)
            }
        };
        self.session.dispatch(event);
        None
    }

    fn failed(&self, failure: Failure) -> Event {
        Event::Failed(self.call.clone(), failure)
    }
}
