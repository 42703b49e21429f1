//! One turn's events as AG-UI 1.0 wants a run: under the client's names for thread and run, from RUN_STARTED to one
//! terminal event, with everything closed that was opened. Pure.

use atthene_protocol::AG_UI_VERSION;
use atthene_protocol::event::{Event, MESSAGE_SNAPSHOT, Outcome, RUN_SNAPSHOT, Role};
use atthene_protocol::ids::{MessageId, RunId, SessionId};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::domain::conversation::{Finished, Frame};
use crate::http::sse;
use crate::model::conversation::Status;

/// What a run is called, by the client and by us.
#[derive(Clone, Debug)]
pub struct Names {
    /// The client's conversation.
    pub thread_id: String,
    /// The client's run.
    pub run_id: String,
    /// Our session.
    pub session: SessionId,
    /// Our turn.
    pub turn: RunId,
    /// When the client asked, in milliseconds of the Unix epoch.
    pub asked_ms: i64,
}

/// The beginning of a run, with our own names for it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunStarted<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    thread_id: &'a str,
    run_id: &'a str,
    protocol_version: &'static str,
    timestamp: i64,
    metadata: OwnNames<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnNames<'a> {
    session_id: &'a SessionId,
    run_id: &'a RunId,
}

/// Translates one turn.
#[derive(Debug)]
pub struct Translator {
    names: Names,
    known: String,
    has_begun: bool,
    is_over: bool,
    open_message: Option<MessageId>,
    told_bytes: usize,
    steps: Vec<String>,
    calls: Vec<String>,
    out: String,
}

impl Translator {
    /// Nothing told yet.
    pub fn new(names: Names) -> Self {
        Self {
            names,
            known: String::new(),
            has_begun: false,
            is_over: false,
            open_message: None,
            told_bytes: 0,
            steps: Vec::new(),
            calls: Vec::new(),
            out: String::new(),
        }
    }

    /// The same for a client that holds the answer's beginning already; it is not told again.
    #[must_use]
    pub fn knowing(self, known: &str) -> Self {
        Self {
            known: known.to_owned(),
            ..self
        }
    }

    /// What one piece comes to; nothing where this run's client has no use for it.
    pub fn frame(&mut self, frame: &Frame) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        let seq = frame.seq;
        match &frame.json.event {
            Event::RunStarted { run_id, .. } if *run_id == self.names.turn => self.begin(seq),
            Event::Custom { name, value } if name == MESSAGE_SNAPSHOT => self.snapshot(value),
            Event::Custom { name, value } if name == RUN_SNAPSHOT => {
                if value["runId"] == self.names.turn.as_str() {
                    self.begin(None);
                }
            }
            // Before its beginning there is only what others began.
            _ if !self.has_begun => {}
            Event::RunStarted { .. } => {}
            Event::TextMessageStart { message_id, .. } => self.open(seq, message_id),
            Event::TextMessageContent { message_id, delta } => {
                self.open(None, message_id);
                self.told_bytes += delta.len();
                self.write_raw(seq, &frame.json.json);
            }
            Event::TextMessageEnd { .. } => self.close(seq),
            Event::StepStarted { step_name } => {
                if !self.steps.contains(step_name) {
                    self.steps.push(step_name.clone());
                    self.write_raw(seq, &frame.json.json);
                }
            }
            Event::StepFinished { step_name } => {
                if let Some(at) = self.steps.iter().position(|open| open == step_name) {
                    self.steps.remove(at);
                    self.write_raw(seq, &frame.json.json);
                }
            }
            Event::ToolCallStart {
                tool_call_id,
                parent_message_id,
                ..
            } => {
                // A call belongs to a message, which has to be there.
                if self.told_bytes == 0 {
                    self.open(None, parent_message_id);
                }
                self.calls.push(tool_call_id.clone());
                self.write_raw(seq, &frame.json.json);
            }
            // Of a call of an earlier run nobody wants to hear in this one.
            Event::ToolCallResult { tool_call_id, .. } if !self.calls.contains(tool_call_id) => {}
            Event::RunFinished { run_id, outcome, .. } => {
                if *run_id == self.names.turn {
                    self.end(seq, outcome);
                }
            }
            Event::RunError { message, code } => self.fail(seq, code, message),
            _ => self.write_raw(seq, &frame.json.json),
        }
        self.take()
    }

    /// All that is still to be told of a turn that is over.
    pub fn finish(&mut self, finished: &Finished) -> Bytes {
        if !self.is_over {
            self.begin(None);
            self.tell_up_to(&finished.answer_id, &finished.content);
            match &finished.failure {
                Some((code, sentence)) => self.fail(None, code, sentence),
                None => self.end(None, &outcome(finished)),
            }
        }
        self.take().unwrap_or_default()
    }

    /// A run that says nothing and was cancelled.
    pub fn cancelled(mut self) -> Bytes {
        self.begin(None);
        self.end(None, &Outcome::Cancelled);
        self.take().unwrap_or_default()
    }

    fn begin(&mut self, seq: Option<u64>) {
        if self.has_begun {
            return;
        }
        self.has_begun = true;
        let names = &self.names;
        let event = RunStarted {
            kind: "RUN_STARTED",
            thread_id: &names.thread_id,
            run_id: &names.run_id,
            protocol_version: AG_UI_VERSION,
            timestamp: names.asked_ms,
            metadata: OwnNames {
                session_id: &names.session,
                run_id: &names.turn,
            },
        };
        self.write_raw(seq, &json_of(&event));
    }

    /// A message as a whole: of this turn's answer, what was not told yet.
    fn snapshot(&mut self, value: &Value) {
        let is_own = value["runId"] == self.names.turn.as_str() && value["role"] == "assistant";
        if let (true, Some(id), Some(text)) = (is_own, value["messageId"].as_str(), value["content"].as_str()) {
            self.begin(None);
            self.tell_up_to(&MessageId(id.to_owned()), text);
        }
    }

    /// The text may have grown while nobody listened, and its beginning may be known to the client.
    fn tell_up_to(&mut self, id: &MessageId, text: &str) {
        let known = std::mem::take(&mut self.known);
        if self.told_bytes == 0 && text.starts_with(&known) {
            self.told_bytes = known.len();
        }
        let Some(more) = text.get(self.told_bytes..).filter(|more| !more.is_empty()) else {
            return;
        };
        self.open(None, id);
        self.told_bytes = text.len();
        let event = Event::TextMessageContent {
            message_id: id.clone(),
            delta: more.to_owned(),
        };
        self.write(None, &event);
    }

    fn open(&mut self, seq: Option<u64>, id: &MessageId) {
        if self.open_message.is_none() {
            self.open_message = Some(id.clone());
            let event = Event::TextMessageStart {
                message_id: id.clone(),
                role: Role::Assistant,
            };
            self.write(seq, &event);
        }
    }

    fn close(&mut self, seq: Option<u64>) {
        if let Some(message_id) = self.open_message.take() {
            self.write(seq, &Event::TextMessageEnd { message_id });
        }
    }

    fn end(&mut self, seq: Option<u64>, outcome: &Outcome) {
        self.close(None);
        for step_name in std::mem::take(&mut self.steps) {
            self.write(None, &Event::StepFinished { step_name });
        }
        let event = Event::RunFinished {
            thread_id: SessionId(self.names.thread_id.clone()),
            run_id: RunId(self.names.run_id.clone()),
            outcome: outcome.clone(),
        };
        self.is_over = true;
        self.write(seq, &event);
    }

    fn fail(&mut self, seq: Option<u64>, code: &str, message: &str) {
        self.is_over = true;
        self.write(seq, &failure(code, message));
    }

    fn write(&mut self, seq: Option<u64>, event: &Event) {
        self.write_raw(seq, &json_of(event));
    }

    fn write_raw(&mut self, seq: Option<u64>, json: &str) {
        sse::push_event(&mut self.out, seq, json);
    }

    fn take(&mut self) -> Option<Bytes> {
        let out = std::mem::take(&mut self.out);
        (!out.is_empty()).then(|| Bytes::from(out))
    }
}

/// Why the stream ends while the turn goes on.
pub fn cut(_name: &str, code: u16, _after_ms: u64) -> Bytes {
    use atthene_protocol::socket::{ACCESS_WITHDRAWN, TOKEN, TOO_SLOW};
    let (code, message) = match code {
        TOKEN => (
            "token_expired",
            "The access token has expired. Renew it, then send the run again.",
        ),
        ACCESS_WITHDRAWN => ("access_withdrawn", "You may not read this any more."),
        TOO_SLOW => (
            "too_slow",
            "The stream was read too slowly. Send the run again for what is missing.",
        ),
        _ => (
            "reconnect",
            "The server is about to restart. Send the run again for what is missing.",
        ),
    };
    sse::event(None, &json_of(&failure(code, message)))
}

fn failure(code: &str, message: &str) -> Event {
    Event::RunError {
        message: message.to_owned(),
        code: code.to_owned(),
    }
}

fn json_of(event: &impl Serialize) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

fn outcome(finished: &Finished) -> Outcome {
    match (finished.status, &finished.interrupt) {
        (Status::Waiting, Some(interrupt)) => Outcome::Interrupt {
            interrupts: vec![interrupt.clone()],
        },
        (Status::Stopped, _) => Outcome::Cancelled,
        _ => Outcome::Success,
    }
}

#[cfg(test)]
mod tests;
