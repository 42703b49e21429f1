//! The rules: state + event -> effects. What the server tells of messages and turns is in `wire`.

use atthene_protocol::event::{Role, Status};

use super::event::{Call, Effect, Event, Failure, Moment, SessionStarted};
use super::model::{Chat, Deed, Delivery, Link, Message, SILENCE_MS};
use crate::transport::backoff;

/// A token is renewed so long before it ends.
const RENEW_EARLY_MS: f64 = 60_000.0;
/// After a 409 without a turn that we know of.
const BUSY_MS: f64 = 1_500.0;
/// So many opaque failures in a row, each with an answered probe, mean that a known session's page is refused now.
const REFUSED_AFTER: u32 = 3;

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
    moment: Moment,
    pub(super) effects: Vec<Effect>,
}

impl Step<'_> {
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn call(&mut self, call: Call) {
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
            Event::Online(is_online) => {
                self.chat.is_online = is_online;
                if is_online {
                    self.chat.retry_at_ms = 0.0;
                    // A stream that slept through the change of network is often dead without saying so.
                    if self.chat.link == Link::Live {
                        self.hang_up();
                    }
                }
            }
            Event::Woke => {}
            Event::Written {
                client_id,
                content,
                at_ms,
            } => self.write(client_id, content, at_ms),
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
            Event::Started(session) => self.start(session),
            Event::Renewed(token_ms) => {
                self.set_token(token_ms);
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
                self.chat.heard_at_ms = self.chat.now_ms;
                self.reached();
            }
            Event::Heard => self.chat.heard_at_ms = self.chat.now_ms,
            Event::Ended(code, after_ms) => self.ended(code, after_ms),
            Event::Failed(call, failure) => self.failed(&call, failure),
            Event::Probed(is_answered) => self.probed(is_answered),
            Event::MessageTold(seen) => self.told(seen),
            Event::RunTold(run_id, status) => self.run_told(run_id, status),
            Event::AnswerBegan(id) => self.answer_began(id),
            Event::AnswerGrew(id, delta) => self.answer_grew(&id, delta),
            Event::StepTold(label, is_done) => self.step_told(Deed { label, is_done }),
            Event::RunFailed(message, code) => self.run_failed(message, code),
        }
    }

    /// After every event: whatever the state now asks for.
    fn go_on(&mut self) {
        let now_ms = self.chat.now_ms;
        if self.chat.is_paused && now_ms >= self.chat.post_at_ms {
            self.chat.is_paused = false;
        }
        if self.chat.link == Link::Live && now_ms >= self.chat.heard_at_ms + SILENCE_MS {
            self.hang_up();
        }
        if !self.chat.wants_line() {
            if self.chat.link >= Link::Connecting {
                self.hang_up();
            }
            return;
        }
        if self.chat.link == Link::Live && self.chat.renew_at_ms > 0.0 && now_ms >= self.chat.renew_at_ms {
            // The stream goes on; only what is sent from now on needs the new token.
            self.chat.renew_at_ms = 0.0;
            self.call(Call::Renew);
        }
        if self.chat.link == Link::Down && now_ms >= self.chat.retry_at_ms {
            let (link, call) = if self.chat.session_id.is_empty() {
                (Link::Starting, Call::Start)
            } else if self.chat.is_token_stale {
                (Link::Renewing, Call::Renew)
            } else {
                (Link::Connecting, Call::Listen(self.chat.last_seq))
            };
            self.chat.link = link;
            self.call(call);
        }
        self.send_next();
    }

    /// One message at a time, in order, when the line is there and no turn runs.
    fn send_next(&mut self) {
        let chat = &mut *self.chat;
        if chat.link < Link::Connecting || chat.is_running() || chat.now_ms < chat.post_at_ms {
            return;
        }
        let Some(at) = chat.messages.iter().position(Message::is_pending) else {
            return;
        };
        let message = &mut chat.messages[at];
        if message.delivery == Delivery::Waiting {
            message.delivery = Delivery::Sending;
            let (client_id, content) = (message.client_id.clone(), message.content.clone());
            self.push(Effect::Mark(at));
            self.call(Call::Post { client_id, content });
        }
    }

    fn write(&mut self, client_id: String, content: String, at_ms: f64) {
        if self.chat.messages.iter().any(|m| m.client_id == client_id) {
            return;
        }
        let at = self.chat.messages.len();
        let mut message = Message::new(Role::User, Status::Completed, Delivery::Waiting, at_ms);
        message.client_id = client_id;
        message.content = content;
        self.chat.messages.push(message);
        self.push(Effect::Insert(at));
        self.push(Effect::Keep(at));
        // The answer that could be tried again is not the last any more.
        if at > 0 {
            self.push(Effect::Mark(at - 1));
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
        self.set_token(session.token_ms);
        self.wait(0.0);
        self.reached();
        if is_other {
            self.push(Effect::TellSession);
        }
        if !session.run_id.is_empty() {
            self.run_told(session.run_id, Status::Running);
        }
    }

    fn set_token(&mut self, token_ms: f64) {
        self.chat.is_token_stale = false;
        self.chat.renew_at_ms = self.chat.now_ms + (token_ms - RENEW_EARLY_MS).max(RENEW_EARLY_MS);
    }

    fn reached(&mut self) {
        if self.chat.attempt > 1 {
            self.push(Effect::Unreachable(false));
        }
        self.chat.attempt = 0;
        self.chat.answered_probes = 0;
    }

    fn hang_up(&mut self) {
        self.chat.link = Link::Down;
        self.push(Effect::HangUp);
    }

    fn wait(&mut self, after_ms: f64) {
        self.chat.link = Link::Down;
        self.chat.retry_at_ms = self.chat.now_ms + after_ms;
    }

    fn back_off(&mut self) {
        let after_ms = backoff::delay_ms(self.chat.attempt, self.moment.random);
        self.chat.attempt += 1;
        if self.chat.attempt == 2 {
            self.push(Effect::Unreachable(true));
        }
        self.wait(after_ms);
    }

    fn refuse(&mut self) {
        self.chat.is_refused = true;
        self.hang_up();
        self.push(Effect::Refuse);
    }

    fn ended(&mut self, code: u32, after_ms: f64) {
        match code {
            4401 => {
                self.chat.is_token_stale = true;
                self.wait(0.0);
            }
            4403 => self.refuse(),
            0 => self.back_off(),
            _ => self.wait(after_ms),
        }
    }

    fn probed(&mut self, is_answered: bool) {
        let limit = if self.chat.session_id.is_empty() {
            2
        } else {
            REFUSED_AFTER
        };
        if !is_answered {
            self.chat.answered_probes = 0;
            // Whoever waits at the panel should read now that nobody answers, not after the next attempt.
            self.chat.attempt = self.chat.attempt.max(1);
            return self.back_off();
        }
        self.chat.answered_probes += 1;
        if self.chat.answered_probes >= limit {
            self.refuse();
        } else {
            // A server that has just come up answers the probe and not the request before it: ask once more.
            self.wait(0.0);
        }
    }

    fn posted(&mut self, client_id: &str, message_id: String, run_id: String) {
        let Some(at) = self.chat.messages.iter().position(|m| m.client_id == client_id) else {
            return;
        };
        self.chat.post_at_ms = 0.0;
        self.chat.messages[at].id = message_id;
        self.chat.messages[at].run_id.clone_from(&run_id);
        self.delivered(at);
        if run_id != self.chat.ended_run_id {
            self.run_told(run_id, Status::Running);
        }
    }

    /// The server has the visitor's message, whoever said so first.
    pub(super) fn delivered(&mut self, at: usize) {
        let message = &mut self.chat.messages[at];
        if message.delivery != Delivery::Delivered {
            message.delivery = Delivery::Delivered;
            self.push(Effect::Mark(at));
            self.tell(at);
            self.push(Effect::Settle(at, true));
        }
    }

    fn failed(&mut self, call: &Call, failure: Failure) {
        if let Call::Post { client_id, .. } = call {
            return self.post_failed(client_id, failure);
        }
        if matches!(call, Call::Stop | Call::Retry) {
            self.chat.is_stopping = false;
            if failure == Failure::Token {
                self.expire();
            }
            return;
        }
        if *call == Call::Renew && self.chat.link != Link::Renewing {
            // A renewal beside the open stream: the next 401 asks again.
            return;
        }
        match failure {
            Failure::Network => {
                self.chat.link = Link::Probing;
                self.call(Call::Probe);
            }
            Failure::Pause(after_ms) => {
                self.pause(after_ms);
                self.wait(after_ms);
            }
            Failure::Token if *call != Call::Renew => {
                self.chat.is_token_stale = true;
                self.wait(0.0);
            }
            // What cannot be renewed or found is started again: the resume secret decides what comes back.
            Failure::Token | Failure::Gone if *call != Call::Start => self.lose_session(),
            Failure::Refused if *call == Call::Renew => self.lose_session(),
            _ => self.back_off(),
        }
    }

    fn lose_session(&mut self) {
        self.chat.session_id = String::new();
        self.chat.last_seq = 0;
        self.wait(0.0);
    }

    /// The token is not good any more: the line is opened again with a new one.
    fn expire(&mut self) {
        self.chat.is_token_stale = true;
        self.hang_up();
        self.wait(0.0);
    }

    fn pause(&mut self, after_ms: f64) {
        self.chat.is_paused = true;
        self.chat.post_at_ms = self.chat.now_ms + after_ms;
    }

    fn post_failed(&mut self, client_id: &str, failure: Failure) {
        let Some(at) = self
            .chat
            .messages
            .iter()
            .position(|m| m.client_id == client_id && m.is_pending())
        else {
            return;
        };
        self.chat.messages[at].delivery = Delivery::Waiting;
        let now_ms = self.chat.now_ms;
        match failure {
            Failure::Network => {
                self.push(Effect::HangUp);
                self.back_off();
            }
            Failure::Token => {
                self.expire();
            }
            Failure::Busy => self.chat.post_at_ms = now_ms + BUSY_MS,
            Failure::Pause(after_ms) => self.pause(after_ms),
            Failure::Gone => {
                self.push(Effect::HangUp);
                self.lose_session();
            }
            Failure::Server => self.chat.post_at_ms = now_ms + backoff::delay_ms(3, self.moment.random),
            Failure::Refused => {
                self.chat.messages[at].delivery = Delivery::Refused;
                self.push(Effect::Settle(at, false));
            }
        }
        self.push(Effect::Mark(at));
    }
}
