//! What an agent received and did in one turn, for those who look after it. Never for visitors.

use atthene_protocol::ids::{AgentId, RunId, SessionId};
use serde::{Deserialize, Serialize};

use super::conversation::Status;
use super::time::Timestamp;

/// The trace of one turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The turn.
    pub run_id: RunId,
    /// The conversation.
    pub session_id: SessionId,
    /// The agent; none where the configuration came with the session.
    pub agent_id: Option<AgentId>,
    /// The configuration that ran.
    pub config_hash: String,
    /// How the turn ended.
    pub status: Status,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What the model was given.
    pub received: Option<Received>,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// When the first piece of the answer was there.
    #[serde(default)]
    pub first_token_at: Option<Timestamp>,
    /// What the agent answered.
    pub answer: String,
    /// The stable code of a failure.
    pub error_code: Option<String>,
    /// The caller's own id.
    pub correlation_id: Option<String>,
}

/// What a model was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The model's name.
    pub model: String,
    /// The instructions, filled in.
    pub system: String,
    /// The conversation: role and text.
    pub messages: Vec<(String, String)>,
    /// Where the passages came from that a search found.
    pub sources: Vec<String>,
}

/// One step of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `check` (of the question, before anything is done), `search`, `model` or `tool`.
    pub kind: String,
    /// What it was called.
    pub name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Tokens that a model read.
    pub input_tokens: Option<u64>,
    /// Tokens that a model wrote.
    pub output_tokens: Option<u64>,
    /// What went wrong, for those who look after the agent.
    pub error: Option<String>,
    /// What a tool was called with, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// What a tool brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}
