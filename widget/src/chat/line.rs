//! The line to the server: which kind of it, when it is opened, when it counts as dead, how long to wait before the next
//! attempt. The way down is from the socket to the stream to plain requests; what is said on them is the same.

use atthene_protocol::event::Role;
use atthene_protocol::socket;

use super::event::{Call, Effect, Failure, MessageSeen};
use super::model::{Delivery, Link, Message, PING_MS, Route};
use super::update::Step;
use crate::transport::backoff;

const RESTART: u32 = socket::RESTART as u32;
const TOO_SLOW: u32 = socket::TOO_SLOW as u32;
const TOKEN: u32 = socket::TOKEN as u32;
const ACCESS_WITHDRAWN: u32 = socket::ACCESS_WITHDRAWN as u32;

/// How often the server is asked while a turn runs, and while none does.
const POLL_MS: [f64; 2] = [1_500.0, 10_000.0];
/// All that were connected to a server come back spread out over so long; whoever is not looked at, over more.
const SPREAD_MS: [f64; 2] = [1_000.0, 30_000.0];

impl Step<'_> {
    /// After every event: whatever the state now asks for.
    pub(super) fn go_on(&mut self) {
        let now_ms = self.chat.now_ms;
        if self.chat.is_paused && now_ms >= self.chat.post_at_ms {
            self.chat.is_paused = false;
        }
        if !self.chat.wants_line() {
            self.chat.down_since_ms = 0.0;
            if self.chat.link >= Link::Connecting {
                self.hang_up();
            }
            return;
        }
        if self.chat.link != Link::Down && now_ms >= self.chat.silent_at_ms() {
            self.stayed_silent();
        }
        if self.chat.link == Link::Live
            && self.chat.route == Route::Stream
            && self.chat.renew_at_ms > 0.0
            && now_ms >= self.chat.renew_at_ms
        {
            // The stream goes on; only what is sent from now on needs the new token. On a socket the server sees to it.
            self.chat.renew_at_ms = 0.0;
            self.call(Call::Renew);
        }
        if self.chat.link == Link::Down && now_ms >= self.chat.retry_at_ms {
            let (link, call) = if self.chat.session_id.is_empty() {
                (Link::Starting, Call::Start)
            } else if self.chat.is_token_stale {
                (Link::Renewing, Call::Renew)
            } else {
                (Link::Connecting, Call::Listen(self.chat.route, self.chat.last_seq))
            };
            self.chat.is_heard = false;
            self.chat.is_pinged = false;
            self.chat.quiet_since_ms = now_ms;
            self.chat.link = link;
            self.call(call);
        }
        self.send_next();
        if self.chat.link == Link::Live || (self.chat.route == Route::Poll && self.chat.attempt == 0) {
            self.chat.down_since_ms = 0.0;
        } else if self.chat.down_since_ms == 0.0 {
            self.chat.down_since_ms = now_ms;
        }
    }

    fn stayed_silent(&mut self) {
        match (self.chat.route, self.chat.is_heard) {
            _ if self.chat.link < Link::Connecting => {
                self.hang_up();
                self.back_off();
            }
            (Route::Socket, true) if !self.chat.is_pinged => {
                self.chat.is_pinged = true;
                self.chat.quiet_since_ms = self.chat.now_ms;
                self.call(Call::Ping);
            }
            (Route::Socket, false) => {
                self.hang_up();
                self.probe();
            }
            (Route::Stream, false) if self.chat.is_running() && !self.chat.is_proven => {
                self.hang_up();
                self.take_route(Route::Poll);
            }
            _ => self.hang_up(),
        }
    }

    /// Something came in on the open line.
    pub(super) fn heard(&mut self) {
        self.chat.is_heard = true;
        self.chat.is_proven = true;
        self.chat.is_pinged = false;
        self.chat.quiet_since_ms = self.chat.now_ms;
    }

    /// Somebody looks at the page again: a socket that slept is often dead without saying so.
    pub(super) fn doubt(&mut self) {
        self.chat.retry_at_ms = 0.0;
        if !self.chat.is_pinged {
            self.chat.quiet_since_ms = self.chat.quiet_since_ms.min(self.chat.now_ms - PING_MS);
        }
    }

    fn take_route(&mut self, route: Route) {
        self.chat.route = route;
        self.chat.is_proven = false;
        self.chat.answered_probes = 0;
        self.wait(0.0);
    }

    fn probe(&mut self) {
        self.chat.link = Link::Probing;
        self.chat.quiet_since_ms = self.chat.now_ms;
        self.call(Call::Probe);
    }

    pub(super) fn probed(&mut self, is_answered: bool) {
        let is_known = !self.chat.session_id.is_empty();
        if !is_answered {
            self.chat.answered_probes = 0;
            if !is_known {
                // Whoever waits at the panel should read now that nobody answers, not after the next attempt.
                self.chat.attempt = self.chat.attempt.max(1);
            }
            return self.back_off();
        }
        self.chat.answered_probes += 1;
        let is_socket = is_known && self.chat.route == Route::Socket;
        // What a proxy says while the server behind it restarts cannot be told from a refusal either.
        let most = match (is_known, is_socket, self.chat.is_proven) {
            (false, ..) | (_, true, false) => 2,
            (_, true, true) => 5,
            _ => 10,
        };
        if self.chat.answered_probes < most {
            if most == 2 {
                // A server that has just come up answers the probe and not the request before it: ask once more.
                self.wait(0.0);
            } else {
                self.back_off();
            }
        } else if is_socket {
            self.take_route(Route::Stream);
        } else {
            self.refuse();
        }
    }

    pub(super) fn ended(&mut self, code: u32, after_ms: f64) {
        self.unsend();
        let is_young = self.chat.link == Link::Connecting;
        match code {
            TOKEN => {
                self.chat.is_token_stale = true;
                if is_young { self.back_off() } else { self.wait(0.0) }
            }
            ACCESS_WITHDRAWN => self.refuse(),
            RESTART | TOO_SLOW => self.come_back(after_ms),
            _ if is_young => self.probe(),
            _ => self.back_off(),
        }
    }

    fn come_back(&mut self, after_ms: f64) {
        self.wait(after_ms + self.moment.random * SPREAD_MS[0]);
    }

    /// What the server says when it is asked again and again.
    pub(super) fn polled(&mut self, messages: Vec<MessageSeen>) {
        let ended_run_id = self.chat.ended_run_id.clone();
        let mut last = None;
        for seen in messages {
            if seen.role == Role::Assistant {
                last = Some((seen.run_id.clone(), seen.status));
            }
            self.told(seen);
        }
        if let Some((run_id, status)) = last
            && (self.chat.is_running() || run_id != ended_run_id)
        {
            self.run_told(run_id, status);
        }
        self.heard();
        self.reached();
        self.wait(POLL_MS[usize::from(!self.chat.is_running())]);
        if ended_run_id != self.chat.ended_run_id {
            // Messages do not tell whether the turn ended with a question.
            self.chat.link = Link::Starting;
            self.call(Call::Start);
        }
    }

    pub(super) fn reached(&mut self) {
        self.chat.attempt = 0;
        self.chat.answered_probes = 0;
    }

    pub(super) fn hang_up(&mut self) {
        self.unsend();
        self.chat.link = Link::Down;
        self.push(Effect::HangUp);
    }

    /// What went out on a socket that is gone may not have arrived; under the same id it can go again.
    fn unsend(&mut self) {
        let sending = self.chat.messages.iter().position(|m| m.delivery == Delivery::Sending);
        if let (Route::Socket, Some(at)) = (self.chat.route, sending) {
            self.message(at).delivery = Delivery::Waiting;
            self.mark(at);
        }
    }

    pub(super) fn wait(&mut self, after_ms: f64) {
        self.chat.link = Link::Down;
        let spread_ms = if self.chat.is_hidden && after_ms > 0.0 {
            self.moment.random * SPREAD_MS[1]
        } else {
            0.0
        };
        self.chat.retry_at_ms = self.chat.now_ms + after_ms + spread_ms;
    }

    pub(super) fn back_off(&mut self) {
        let after_ms = backoff::delay_ms(self.chat.attempt, self.moment.random);
        self.chat.attempt += 1;
        self.wait(after_ms);
    }

    pub(super) fn refuse(&mut self) {
        self.chat.is_refused = true;
        self.hang_up();
        self.push(Effect::Refuse);
    }

    pub(super) fn lose_session(&mut self) {
        self.chat.session_id = String::new();
        self.chat.last_seq = 0;
        self.wait(0.0);
    }

    /// The token is not good any more: the line is opened again with a new one.
    pub(super) fn expire(&mut self) {
        self.chat.is_token_stale = true;
        self.hang_up();
        self.wait(0.0);
    }

    pub(super) fn pause(&mut self, after_ms: f64) {
        self.chat.is_paused = true;
        self.chat.post_at_ms = self.chat.now_ms + after_ms;
    }

    /// One message at a time, in order, when the line is there and no turn runs.
    fn send_next(&mut self) {
        let chat = &mut *self.chat;
        if (chat.link < Link::Connecting && chat.route != Route::Poll)
            || chat.session_id.is_empty()
            || chat.is_token_stale
            || chat.is_running()
            || chat.now_ms < chat.post_at_ms
        {
            return;
        }
        let Some(at) = chat.messages.iter().position(Message::is_pending) else {
            return;
        };
        let message = &mut chat.messages[at];
        if message.delivery == Delivery::Waiting {
            message.delivery = Delivery::Sending;
            // What is sent while the assistant waits is the answer. It stays that after a reload too: sent again as a
            // message of its own it would be said twice.
            if let (Some(question), true) = (&chat.question, message.answers.is_empty()) {
                message.answers.clone_from(&question.id);
                self.effects.push(Effect::Keep(at));
            }
            let call = Call::Post {
                client_id: message.client_id.clone(),
                content: message.content.clone(),
                answers: message.answers.clone(),
            };
            self.mark(at);
            self.call(call);
        }
    }

    pub(super) fn failed(&mut self, call: &Call, failure: Failure) {
        if let Call::Post { client_id, .. } = call {
            return self.post_failed(client_id, failure);
        }
        if matches!(call, Call::Stop | Call::Retry | Call::Rate { .. }) {
            match *call {
                // What was shown at once was not kept, unless the visitor has changed their mind meanwhile.
                Call::Rate { at, rating, before } => {
                    if self.chat.messages.get(at).is_some_and(|m| m.rating == rating) {
                        self.message(at).rating = before;
                        self.mark(at);
                    }
                }
                _ => self.chat.is_stopping = false,
            }
            if failure == Failure::Token {
                self.expire();
            }
            return;
        }
        if matches!(call, Call::Renew) && self.chat.link != Link::Renewing {
            // A renewal beside the open stream: the next 401 asks again.
            return;
        }
        match failure {
            Failure::Network => self.probe(),
            Failure::Pause(after_ms) => {
                self.pause(after_ms);
                self.wait(after_ms);
            }
            Failure::Token if !matches!(call, Call::Renew) => {
                self.chat.is_token_stale = true;
                self.wait(0.0);
            }
            // What cannot be renewed or found is started again: the resume secret decides what comes back.
            Failure::Token | Failure::Gone if !matches!(call, Call::Start) => self.lose_session(),
            Failure::Refused if matches!(call, Call::Renew) => self.lose_session(),
            _ => self.back_off(),
        }
    }
}
