//! What a turn emits: the events of the AG-UI protocol, version 1.0, under their wire names.
//!
//! A number and an audience are given to each by the server (see `NumberedEvent`); neither is part of AG-UI's own event.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use crate::ids::{InterruptId, MessageId, RunId, SessionId};

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
    /// The agent calls a tool. For back ends only, like the three that follow.
    ToolCallStart {
        /// The call.
        tool_call_id: String,
        /// The tool.
        tool_call_name: String,
        /// The message that the call belongs to.
        parent_message_id: MessageId,
    },
    /// What the tool is given.
    ToolCallArgs {
        /// The call.
        tool_call_id: String,
        /// A piece of the JSON.
        delta: String,
    },
    /// The call is complete.
    ToolCallEnd {
        /// The call.
        tool_call_id: String,
    },
    /// What the tool answered.
    ToolCallResult {
        /// The message that holds the result.
        message_id: MessageId,
        /// The call.
        tool_call_id: String,
        /// The result.
        content: String,
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

/// Why a turn waits that asked a human something.
pub const INPUT_REQUIRED: &str = "input_required";

/// A question to a human on which a turn waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Interrupt {
    /// What an answer names.
    pub id: InterruptId,
    /// Why the turn waits, a stable word: `INPUT_REQUIRED`.
    pub reason: String,
    /// The question.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub message: Option<String>,
    /// What an answer is, as JSON Schema: any text.
    #[cfg(feature = "serde")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>))]
    pub response_schema: Option<serde_json::Value>,
    /// More about the question.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub metadata: Option<InterruptMetadata>,
}

/// More about a question to a human.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InterruptMetadata {
    /// Answers to choose from; any other text is an answer as well.
    pub choices: Vec<String>,
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
    /// Only of a turn: it asked a human something and goes on with the answer.
    Waiting,
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
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Error => "error",
        }
    }
}
