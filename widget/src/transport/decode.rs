//! From parsed JSON to what the chat understands. By hand, because a deserialiser weighs more than the whole chat; over
//! a trait, so that the tests can hold it against the serde types of `protocol`. A value of the wrong type is an absent one.

use atthene_protocol::event::{MESSAGE_SNAPSHOT, RUN_SNAPSHOT, Role, Status};
use atthene_protocol::visitor::Rating;

use crate::chat::{Call, Event, Failure, MessageSeen, Question, SessionStarted};

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

    /// The time of a field; 0 if there is none.
    fn time_of(&self, name: &str) -> f64 {
        self.field(name).and_then(|v| v.time()).unwrap_or_default()
    }

    /// The number of a field; 0 if there is none.
    fn number_of(&self, name: &str) -> f64 {
        self.field(name).and_then(|v| v.number()).unwrap_or_default()
    }
}

/// The code of a server that restarts.
const RESTART: u32 = atthene_protocol::socket::RESTART as u32;

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
        at_ms: v.time_of("timestamp"),
        rating: v
            .field("feedback")
            .and_then(|feedback| Rating::from_word(&feedback.text_of("rating"))),
    };
    (!seen.id.is_empty()).then_some(seen)
}

/// The messages of a body, oldest first; `None` if it has none.
pub fn messages(v: &impl Json) -> Option<Vec<MessageSeen>> {
    let items = v.field("messages")?.items();
    Some(
        items
            .iter()
            .filter_map(|m| message(m, ["id", "client_id", "run_id"]))
            .collect(),
    )
}

/// The question on which a turn waits, out of what holds it as its interrupt.
fn question(interrupt: &impl Json) -> Option<Question> {
    let choices = interrupt.field("metadata").and_then(|more| more.field("choices"));
    let question = Question {
        id: interrupt.text_of("id"),
        message: interrupt.text_of("message"),
        choices: choices
            .map(|v| v.items().iter().filter_map(Json::text).collect())
            .unwrap_or_default(),
    };
    (!question.id.is_empty()).then_some(question)
}

/// The answer to `POST /sessions`.
pub fn session(v: &impl Json) -> Option<SessionStarted> {
    let session_id = v.text_of("session_id");
    if session_id.is_empty() {
        return None;
    }
    let run = v.field("run");
    let question = run.as_ref().and_then(|run| question(&run.field("interrupt")?));
    let run = run.filter(|run| question.is_some() || run.text_of("status") == "running");
    Some(SessionStarted {
        session_id,
        messages: messages(v)?,
        run_id: run.map(|run| run.text_of("run_id")).unwrap_or_default(),
        question,
        last_seq: v.number_of("last_seq") as u64,
        token_ends_ms: v.time_of("expires_at"),
    })
}

/// The server has the message with this id of the visitor's.
pub fn posted(v: &impl Json, client_id: &str) -> Option<Event> {
    Some(Event::Posted {
        client_id: String::from(client_id),
        message_id: v.field("message_id")?.text()?,
        run_id: v.text_of("run_id"),
    })
}

/// Why a frame was not taken.
fn failure(error: &impl Json) -> Failure {
    match &*error.text_of("type") {
        "authentication_error" => Failure::Token,
        "conflict_error" => Failure::Busy,
        "not_found_error" => Failure::Gone,
        "rate_limit_error" => Failure::Pause(error.number_of("retry_after_ms")),
        "internal_error" => Failure::Server,
        _ => Failure::Refused,
    }
}

/// One frame of the socket; `None` for what this version does not know, and for signs of life.
pub fn frame(v: &impl Json) -> Option<Event> {
    let client_id = v.text_of("client_id");
    Some(match &*v.text_of("type") {
        "event" => event(&v.field("event")?)?,
        "session.ready" => Event::Listening,
        "ack" => posted(v, &client_id)?,
        "token" => Event::Renewed(v.time_of("expires_at")),
        "reconnect" => Event::Ended(RESTART, v.number_of("after_ms")),
        "error" => {
            let call = Call::Post {
                client_id,
                content: String::new(),
                answers: String::new(),
            };
            Event::Failed(call, failure(&v.field("error")?))
        }
        _ => return None,
    })
}

/// One event of a turn; `None` for what this version does not know.
pub fn event(v: &impl Json) -> Option<Event> {
    let message_id = || Some(v.text_of("messageId")).filter(|id| !id.is_empty());
    Some(match &*v.text_of("type") {
        "RUN_STARTED" => Event::RunTold(v.text_of("runId"), Status::Running),
        "TEXT_MESSAGE_START" => Event::AnswerBegan(message_id()?),
        "TEXT_MESSAGE_CONTENT" => Event::AnswerGrew(message_id()?, v.text_of("delta")),
        step @ ("STEP_STARTED" | "STEP_FINISHED") => Event::StepTold(v.text_of("stepName"), step == "STEP_FINISHED"),
        "RUN_FINISHED" => {
            let (run_id, outcome) = (v.text_of("runId"), v.field("outcome"));
            let asked = outcome
                .as_ref()
                .and_then(|outcome| question(outcome.field("interrupts")?.items().first()?));
            if let Some(question) = asked {
                return Some(Event::Asked(run_id, question));
            }
            let is_cancelled = outcome.is_some_and(|outcome| outcome.text_of("type") == "cancelled");
            Event::RunTold(
                run_id,
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
                let run_id = value.text_of("runId");
                match value.field("interrupt").and_then(|interrupt| question(&interrupt)) {
                    Some(question) => Event::Asked(run_id, question),
                    None => Event::RunTold(run_id, status(&value.text_of("status"))?),
                }
            } else {
                return None;
            }
        }
        _ => return None,
    })
}
