//! What the server tells of messages and turns: where it goes on the screen. Snapshots replace, deltas append; the same
//! thing told twice changes nothing.

use atthene_protocol::event::{Role, Status};

use super::event::{Effect, MessageSeen};
use super::model::{Deed, Delivery, Message, Question};
use super::update::Step;

impl Step<'_> {
    pub(super) fn told(&mut self, mut seen: MessageSeen) {
        let id = core::mem::take(&mut seen.id);
        self.place(id, seen, false);
    }

    /// Finds the message on the screen or makes room for it. History is not told to the page again.
    pub(super) fn place(&mut self, id: String, seen: MessageSeen, is_history: bool) {
        let found = self.chat.messages.iter().position(|m| {
            m.id == id
                || (m.id.is_empty()
                    && m.role == seen.role
                    && if seen.role == Role::User {
                        // An answer to a question bears no id of the visitor's.
                        (!seen.client_id.is_empty() && m.client_id == seen.client_id)
                            || (!m.answers.is_empty() && m.content == seen.content)
                    } else {
                        m.run_id == seen.run_id
                    })
        });
        let at = found.unwrap_or_else(|| self.insert(seen.role, seen.at_ms));
        let message = self.message(at);
        message.id = id;
        message.run_id = seen.run_id;
        message.is_told |= is_history;
        if message.role == Role::User {
            self.delivered_or_new(at, found.is_none(), seen.content);
            return;
        }
        message.status = seen.status;
        message.rating = seen.rating;
        if seen.at_ms > 0.0 {
            message.at_ms = seen.at_ms;
        }
        if seen.status != Status::Error {
            message.problem = String::new();
        }
        if message.content != seen.content {
            message.content = seen.content;
            self.push(Effect::Replace(at));
        }
        self.mark(at);
        self.tell_if_complete(at);
    }

    fn delivered_or_new(&mut self, at: usize, is_new: bool, content: String) {
        if is_new {
            let message = self.message(at);
            message.content = content;
            message.delivery = Delivery::Delivered;
            self.push(Effect::Replace(at));
            self.mark(at);
            self.tell(at);
        } else {
            self.delivered(at);
        }
    }

    /// Room for a message of the server: after all that it knows, before what only we know.
    fn insert(&mut self, role: Role, at_ms: f64) -> usize {
        let messages = &mut self.chat.messages;
        let at = messages.iter().position(Message::is_pending).unwrap_or(messages.len());
        let at_ms = if at_ms > 0.0 { at_ms } else { self.chat.now_ms };
        let message = Message::new(role, Status::Running, Delivery::Delivered, at_ms);
        messages.insert(at, message);
        self.push(Effect::Insert(at));
        if at > 0 {
            self.mark(at - 1);
        }
        at
    }

    pub(super) fn run_told(&mut self, run_id: String, status: Status) {
        self.chat.question = None;
        if status == Status::Running {
            if self.chat.run_id != run_id {
                self.chat.run_id = run_id;
                // From now on there is something to hear.
                if !self.chat.is_heard {
                    self.chat.quiet_since_ms = self.chat.now_ms;
                }
                self.chat.is_stopping = false;
                self.chat.deed = Deed::default();
                self.push(Effect::TellRunStart);
                self.mark_last();
            }
        } else if self.chat.run_id == run_id || self.chat.run_id.is_empty() {
            self.end_run(run_id, status, String::new());
        }
    }

    pub(super) fn run_failed(&mut self, message: String, code: String) {
        self.push(Effect::TellError(message.clone(), code));
        self.end_run(self.chat.run_id.clone(), Status::Error, message);
    }

    /// The turn ended with a question; its text is the assistant's message.
    pub(super) fn asked(&mut self, run_id: String, question: Question) {
        let is_known = self.chat.question.as_ref().is_some_and(|known| known.id == question.id);
        if !is_known {
            self.run_told(run_id, Status::Waiting);
            self.chat.question = Some(question);
            self.push(Effect::TellQuestion);
        }
    }

    fn end_run(&mut self, run_id: String, status: Status, problem: String) {
        let was_running = self.chat.is_running();
        self.chat.run_id = String::new();
        self.chat.is_stopping = false;
        // What waited for the turn to end may go now; a pause that the server asked for stays.
        if !self.chat.is_paused {
            self.chat.post_at_ms = 0.0;
        }
        let found = self
            .chat
            .messages
            .iter()
            .rposition(|m| m.role == Role::Assistant && (m.run_id == run_id || m.status == Status::Running));
        // A turn can end before its answer began: how it ended still needs a place, with the button beside it.
        let at = match found {
            None if status == Status::Error
                || (was_running && !matches!(status, Status::Completed | Status::Waiting)) =>
            {
                Some(self.insert(Role::Assistant, 0.0))
            }
            found => found,
        };
        if let Some(at) = at {
            let message = self.message(at);
            if message.run_id.is_empty() {
                message.run_id.clone_from(&run_id);
            }
            if message.status == Status::Running || !problem.is_empty() {
                // The question itself is complete.
                message.status = if status == Status::Waiting {
                    Status::Completed
                } else {
                    status
                };
                message.problem = problem;
            }
            self.mark(at);
            self.tell_if_complete(at);
        }
        self.chat.ended_run_id = run_id;
        if was_running {
            self.push(Effect::TellRunEnd(status));
        }
    }

    pub(super) fn answer_began(&mut self, id: String) {
        if self.chat.messages.iter().any(|m| m.id == id) {
            return;
        }
        let at = self.insert(Role::Assistant, 0.0);
        let (run_id, deed) = (self.chat.run_id.clone(), core::mem::take(&mut self.chat.deed));
        let message = self.message(at);
        message.id = id;
        message.run_id = run_id;
        message.deed = deed;
        self.mark(at);
    }

    /// A step belongs to the answer, and to the line that stands for it until it begins.
    pub(super) fn step_told(&mut self, deed: Deed) {
        let found = self
            .chat
            .messages
            .iter()
            .rposition(|m| m.role == Role::Assistant && m.status == Status::Running);
        let Some(at) = found else {
            self.chat.deed = deed;
            return;
        };
        self.message(at).deed = deed;
        self.mark(at);
    }

    pub(super) fn answer_grew(&mut self, id: &str, delta: String) {
        if let Some(at) = self.chat.messages.iter().rposition(|m| m.id == id) {
            self.message(at).content.push_str(&delta);
            self.push(Effect::Append(at, delta));
        }
    }

    fn tell_if_complete(&mut self, at: usize) {
        if self.message(at).status == Status::Completed {
            self.tell(at);
        }
    }

    pub(super) fn tell(&mut self, at: usize) {
        let message = self.message(at);
        if !message.is_told {
            message.is_told = true;
            self.push(Effect::Tell(at));
        }
    }

    fn mark_last(&mut self) {
        if let Some(at) = self.chat.messages.len().checked_sub(1) {
            self.mark(at);
        }
    }
}
