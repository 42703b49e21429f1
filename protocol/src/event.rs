//! What a turn emits: the events of the AG-UI protocol, version 1.0, under their wire names.
//!
//! A number and an audience are given to each by the server (see `NumberedEvent`); neither is part of AG-UI's own event.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, RunId, SessionId};

/// The name of the CUSTOM event that replaces a whole message.
pub const MESSAGE_SNAPSHOT: &str = "message.snapshot";
/// The name of the CUSTOM event that tells the state of the run.
pub const RUN_SNAPSHOT: &str = "run.snapshot";

/// The public label of the search in an agent's knowledge; the widget shows it in the visitor's language.
pub const SEARCHING: &str = "Searching the documentation";

/// One event of a turn, as AG-UI 1.0 writes it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Event {
    /// A turn began.
    RunStarted {
        /// The session.
        thread_id: SessionId,
        /// The turn.
        run_id: RunId,
        /// `AG_UI_VERSION`.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        protocol_version: Option<String>,
    },
    /// The assistant's message began; its text is empty until content follows.
    TextMessageStart {
        /// The message.
        message_id: MessageId,
        /// Always `assistant` here.
        role: Role,
    },
    /// A piece of the text; never empty.
    TextMessageContent {
        /// The message.
        message_id: MessageId,
        /// What to append.
        delta: String,
    },
    /// The assistant's message is complete.
    TextMessageEnd {
        /// The message.
        message_id: MessageId,
    },
    /// A step that the visitor may know of began; the name is its public label.
    StepStarted {
        /// The public label.
        step_name: String,
    },
    /// The step ended.
    StepFinished {
        /// The public label.
        step_name: String,
    },
    /// Our own events; `value` holds the payload that `name` promises.
    #[cfg(feature = "serde")]
    Custom {
        /// `message.snapshot` or `run.snapshot`.
        name: String,
        /// The payload.
        value: serde_json::Value,
    },
    /// The turn ended as its outcome says.
    RunFinished {
        /// The session.
        thread_id: SessionId,
        /// The turn.
        run_id: RunId,
        /// How it ended.
        outcome: Outcome,
    },
    /// The turn failed; the message is fit for a visitor.
    RunError {
        /// What to show.
        message: String,
        /// A stable code.
        code: String,
    },
}

/// How a turn ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// The whole answer is there.
    Success,
    /// Somebody stopped it; what came until then is kept.
    Cancelled,
    /// It waits for a human.
    Interrupt {
        /// What is asked.
        interrupts: Vec<Interrupt>,
    },
}

/// A question to a human on which a turn waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Interrupt {
    /// What an answer names.
    pub id: String,
    /// Why the turn waits, a stable word.
    pub reason: String,
    /// The question.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub message: Option<String>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Role {
    /// The visitor or the API client.
    User,
    /// The agent.
    Assistant,
}

/// Whom an event may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
pub enum Audience {
    /// Everyone, visitors included.
    Visitor,
    /// Back ends with a key only.
    Api,
}

/// The state of a message or of the turn that writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Status {
    /// The turn is running, the text grows.
    Running,
    /// The whole text is there.
    Completed,
    /// A restart cut the turn off; what came is kept and the turn can be retried.
    Interrupted,
    /// Somebody stopped the turn.
    Stopped,
    /// The turn failed and can be retried.
    Error,
}

impl Status {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Error => "error",
        }
    }
}
