//! From parsed JSON to what the chat understands. By hand, because a deserialiser weighs more than the whole chat; over
//! a trait, so that the tests can hold it against the serde types of `protocol`. A value of the wrong type is an absent one.

use atthene_protocol::event::{MESSAGE_SNAPSHOT, RUN_SNAPSHOT, Role, Status};

use crate::chat::{Event, MessageSeen, SessionStarted};

/// A JSON value, wherever it lives.
pub trait Json: Sized {
    /// The field of an object.
    fn field(&self, name: &str) -> Option<Self>;
    /// The text, if it is one.
    fn text(&self) -> Option<String>;
    /// The number, if it is one.
    fn number(&self) -> Option<f64>;
    /// The Unix time in milliseconds, if it is the text of one.
    fn time(&self) -> Option<f64>;
    /// The items; none if it is not an array.
    fn items(&self) -> Vec<Self>;

    /// The text of a field; empty if there is none.
    fn text_of(&self, name: &str) -> String {
        self.field(name).and_then(|v| v.text()).unwrap_or_default()
    }

    /// The number of a field; 0 if there is none.
    fn number_of(&self, name: &str) -> f64 {
        self.field(name).and_then(|v| v.number()).unwrap_or_default()
    }
}

fn status(word: &str) -> Option<Status> {
    Some(match word {
        "running" => Status::Running,
        "waiting" => Status::Waiting,
        "completed" => Status::Completed,
        "interrupted" => Status::Interrupted,
        "stopped" => Status::Stopped,
        "error" => Status::Error,
        _ => return None,
    })
}

/// A message; its names differ between a body (`snake`) and an event.
fn message(v: &impl Json, [id, client_id, run_id]: [&str; 3]) -> Option<MessageSeen> {
    let seen = MessageSeen {
        id: v.text_of(id),
        client_id: v.text_of(client_id),
        run_id: v.text_of(run_id),
        role: match &*v.text_of("role") {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            _ => return None,
        },
        content: v.text_of("content"),
        status: status(&v.text_of("status"))?,
        at_ms: v.field("timestamp").and_then(|at| at.time()).unwrap_or_default(),
    };
    (!seen.id.is_empty()).then_some(seen)
}

/// The answer to `POST /sessions`; `token_ms` is left to the caller, who has a clock.
pub fn session(v: &impl Json) -> Option<SessionStarted> {
    let session_id = v.text_of("session_id");
    if session_id.is_empty() {
        return None;
    }
    let run = v.field("run").filter(|run| run.text_of("status") == "running");
    Some(SessionStarted {
        session_id,
        messages: v
            .field("messages")?
            .items()
            .iter()
            .filter_map(|m| message(m, ["id", "client_id", "run_id"]))
            .collect(),
        run_id: run.map(|run| run.text_of("run_id")).unwrap_or_default(),
        last_seq: v.number_of("last_seq") as u64,
        token_ms: 0.0,
    })
}

/// One event of the stream; `None` for what this version does not know.
pub fn event(v: &impl Json) -> Option<Event> {
    let message_id = || Some(v.text_of("messageId")).filter(|id| !id.is_empty());
    Some(match &*v.text_of("type") {
        "RUN_STARTED" => Event::RunTold(v.text_of("runId"), Status::Running),
        "TEXT_MESSAGE_START" => Event::AnswerBegan(message_id()?),
        "TEXT_MESSAGE_CONTENT" => Event::AnswerGrew(message_id()?, v.text_of("delta")),
        step @ ("STEP_STARTED" | "STEP_FINISHED") => Event::StepTold(v.text_of("stepName"), step == "STEP_FINISHED"),
        "RUN_FINISHED" => {
            let is_cancelled = v.field("outcome").is_some_and(|o| o.text_of("type") == "cancelled");
            Event::RunTold(
                v.text_of("runId"),
                if is_cancelled {
                    Status::Stopped
                } else {
                    Status::Completed
                },
            )
        }
        "RUN_ERROR" => Event::RunFailed(v.text_of("message"), v.text_of("code")),
        "CUSTOM" => {
            let value = v.field("value")?;
            let name = v.text_of("name");
            if name == MESSAGE_SNAPSHOT {
                Event::MessageTold(message(&value, ["messageId", "clientId", "runId"])?)
            } else if name == RUN_SNAPSHOT {
                Event::RunTold(value.text_of("runId"), status(&value.text_of("status"))?)
            } else {
                return None;
            }
        }
        _ => return None,
    })
}
