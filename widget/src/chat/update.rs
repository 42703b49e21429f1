//! The rules: state + event -> effects. What the server tells of messages and turns is in `wire`, the line to it in `line`.

use atthene_protocol::event::{Role, Status};

use super::event::{Call, Effect, Event, Failure, Moment, SessionStarted};
use super::model::{Chat, Deed, Delivery, Link, Message, Route};
use crate::transport::backoff;

/// A token is renewed so long before it ends.
const RENEW_EARLY_MS: f64 = 60_000.0;
/// After a 409 without a turn that we know of.
const BUSY_MS: f64 = 1_500.0;
/// Where the server has to be asked, it is asked so soon after something was sent to it.
const LOOK_MS: f64 = 1_000.0;

/// Takes in what happened and says what is to be done.
pub fn update(chat: &mut Chat, event: Event, moment: Moment) -> Vec<Effect> {
    chat.now_ms = moment.now_ms;
    let mut step = Step {
        chat,
        moment,
        effects: Vec::new(),
    };
    step.take(event);
    step.go_on();
    step.effects
}

pub(super) struct Step<'a> {
    pub(super) chat: &'a mut Chat,
    pub(super) moment: Moment,
    pub(super) effects: Vec<Effect>,
}

impl Step<'_> {
    /// The message at a place. One function for it, and for what follows: each copy would bring its own check along.
    #[inline(never)]
    pub(super) fn message(&mut self, at: usize) -> &mut Message {
        &mut self.chat.messages[at]
    }

    #[inline(never)]
    pub(super) fn mark(&mut self, at: usize) {
        self.push(Effect::Mark(at));
    }

    #[inline(never)]
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    #[inline(never)]
    pub(super) fn call(&mut self, call: Call) {
        if self.chat.route == Route::Poll && self.chat.link == Link::Down {
            self.chat.retry_at_ms = self.chat.retry_at_ms.min(self.chat.now_ms + LOOK_MS);
        }
        self.push(Effect::Call(call));
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Opened(is_open) => {
                self.chat.is_open = is_open;
                if is_open {
                    self.chat.retry_at_ms = 0.0;
                }
            }
            Event::Shown(is_shown) => {
                self.chat.is_shown = is_shown;
                self.chat.retry_at_ms = 0.0;
            }
            Event::Hidden(is_hidden) => {
                self.chat.is_hidden = is_hidden;
                if !is_hidden {
                    self.doubt();
                }
            }
            Event::Online(is_online) => {
                self.chat.is_online = is_online;
                self.chat.retry_at_ms = 0.0;
                // A line that went through a change of network, either way, is often dead without saying so.
                if self.chat.link != Link::Down {
                    self.hang_up();
                }
            }
            Event::Woke => {}
            Event::Written {
                client_id,
                content,
                answers,
                at_ms,
            } => {
                let mut message = Message::new(Role::User, Status::Completed, Delivery::Waiting, at_ms);
                message.client_id = client_id;
                message.content = content;
                message.answers = answers;
                self.write(message);
            }
            Event::StopWanted => {
                if self.chat.is_running() && !self.chat.is_stopping {
                    self.chat.is_stopping = true;
                    self.call(Call::Stop);
                }
            }
            Event::RetryWanted => {
                if self.chat.can_retry() && !self.chat.session_id.is_empty() {
                    self.call(Call::Retry);
                }
            }
            Event::Rated(at, rating) => {
                let message = self.message(at);
                let before = message.rating;
                message.rating = (before != Some(rating)).then_some(rating);
                let rating = message.rating;
                self.mark(at);
                self.push(Effect::Call(Call::Rate { at, rating, before }));
            }
            Event::Moved => {
                if self.chat.link != Link::Starting {
                    self.hang_up();
                    self.lose_session();
                }
            }
            Event::Started(session) => self.start(session),
            Event::Renewed(ends_ms) => {
                self.set_token(ends_ms);
                // Beside an open stream the line stays as it is.
                if self.chat.link == Link::Renewing {
                    self.wait(0.0);
                }
            }
            Event::Posted {
                client_id,
                message_id,
                run_id,
            } => self.posted(&client_id, message_id, run_id),
            Event::Listening => {
                self.chat.link = Link::Live;
                self.reached();
                // A wish that was said on the line before may have been lost with it.
                if self.chat.is_stopping {
                    self.call(Call::Stop);
                }
            }
            Event::Heard => self.heard(),
            Event::Polled(messages) => self.polled(messages),
            Event::Ended(code, after_ms) => self.ended(code, after_ms),
            Event::Failed(call, failure) => self.failed(&call, failure),
            Event::Probed(is_answered) => self.probed(is_answered),
            Event::MessageTold(seen) => self.told(seen),
            Event::RunTold(run_id, status) => self.run_told(run_id, status),
            Event::Asked(run_id, question) => self.asked(run_id, question),
            Event::AnswerBegan(id) => self.answer_began(id),
            Event::AnswerGrew(id, delta) => self.answer_grew(&id, delta),
            Event::StepTold(label, is_done) => self.step_told(Deed { label, is_done }),
            Event::RunFailed(message, code) => self.run_failed(message, code),
        }
    }

    fn write(&mut self, message: Message) {
        if self.chat.messages.iter().any(|m| m.client_id == message.client_id) {
            return;
        }
        let at = self.chat.messages.len();
        self.chat.messages.push(message);
        self.push(Effect::Insert(at));
        self.push(Effect::Keep(at));
        // The answer that could be tried again is not the last any more.
        if at > 0 {
            self.mark(at - 1);
        }
    }

    fn start(&mut self, session: SessionStarted) {
        let is_other = self.chat.session_id != session.session_id;
        if is_other {
            // What is not delivered yet goes to the new conversation; all else was said in the old one.
            self.chat.messages.retain(Message::is_pending);
            self.chat.session_id = session.session_id;
            self.chat.run_id = String::new();
        }
        self.chat.last_seq = session.last_seq;
        let before = self.effects.len();
        for mut seen in session.messages {
            let is_history = is_other && seen.status != Status::Running;
            let id = core::mem::take(&mut seen.id);
            self.place(id, seen, is_history);
        }
        if is_other {
            // A whole history is drawn once, not message by message.
            self.effects.truncate(before);
            self.push(Effect::Redraw);
        }
        self.set_token(session.token_ends_ms);
        self.wait(0.0);
        self.reached();
        if is_other {
            self.push(Effect::TellSession);
        }
        self.chat.question = None;
        if let Some(question) = session.question {
            self.asked(session.run_id, question);
        } else if !session.run_id.is_empty() {
            self.run_told(session.run_id, Status::Running);
        }
    }

    fn set_token(&mut self, ends_ms: f64) {
        self.chat.is_token_stale = false;
        self.chat.renew_at_ms = (ends_ms - RENEW_EARLY_MS).max(self.chat.now_ms + RENEW_EARLY_MS);
    }

    /// Where the message with this id stands; the one on its way if the server does not name it. One is on its way at most.
    fn place_of(&self, client_id: &str) -> Option<usize> {
        self.chat.messages.iter().position(|m| {
            if client_id.is_empty() {
                m.delivery == Delivery::Sending && !m.answers.is_empty()
            } else {
                m.client_id == client_id
            }
        })
    }

    fn posted(&mut self, client_id: &str, message_id: String, run_id: String) {
        if let Some(at) = self.place_of(client_id) {
            self.chat.post_at_ms = 0.0;
            self.message(at).id = message_id;
            self.message(at).run_id.clone_from(&run_id);
            self.delivered(at);
        }
        if run_id != self.chat.ended_run_id {
            self.run_told(run_id, Status::Running);
        }
    }

    /// The server has the visitor's message, whoever said so first.
    pub(super) fn delivered(&mut self, at: usize) {
        let message = self.message(at);
        if message.delivery != Delivery::Delivered {
            message.delivery = Delivery::Delivered;
            self.mark(at);
            self.tell(at);
            self.push(Effect::Settle(at, true));
        }
    }

    pub(super) fn post_failed(&mut self, client_id: &str, failure: Failure) {
        let Some(at) = self
            .place_of(client_id)
            .filter(|at| self.chat.message(*at).is_pending())
        else {
            return;
        };
        self.message(at).delivery = Delivery::Waiting;
        let now_ms = self.chat.now_ms;
        match failure {
            Failure::Network => {
                self.push(Effect::HangUp);
                self.back_off();
            }
            Failure::Token => {
                self.expire();
            }
            Failure::Busy | Failure::Gone if !self.message(at).answers.is_empty() => {
                // Somebody else has answered: what was written is said all the same.
                self.message(at).answers = String::new();
                self.chat.question = None;
                self.push(Effect::Keep(at));
                self.chat.post_at_ms = now_ms + BUSY_MS;
            }
            Failure::Busy => self.chat.post_at_ms = now_ms + BUSY_MS,
            Failure::Pause(after_ms) => self.pause(after_ms),
            Failure::Gone => {
                self.push(Effect::HangUp);
                self.lose_session();
            }
            Failure::Server => self.chat.post_at_ms = now_ms + backoff::delay_ms(3, self.moment.random),
            Failure::Refused => {
                self.message(at).delivery = Delivery::Refused;
                self.push(Effect::Settle(at, false));
            }
        }
        self.mark(at);
    }
}
