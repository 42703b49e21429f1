//! What goes over the wire on `/api/v1`, with every field that the documents print.

use atthene_protocol::event::{Interrupt, Role};
use atthene_protocol::ids::{AgentId, InterruptId, MessageId, RunId, SessionId};
use atthene_protocol::visitor::Feedback;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A session that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionCreated {
    /// Always true; a failure is an error answer.
    pub success: bool,
    /// The session.
    pub session_id: SessionId,
    /// Its agent; absent where the configuration came with the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<AgentId>,
    /// The agent's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_key: Option<String>,
    /// The hash of the configuration that it keeps.
    pub config_hash: String,
    /// When it was made.
    pub created_at: String,
}

/// A session, in lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The session.
    pub session_id: SessionId,
    /// Its agent.
    pub agent_id: Option<AgentId>,
    /// The agent's key.
    pub agent_key: Option<String>,
    /// The hash of the configuration that it keeps.
    pub config_hash: String,
    /// `active`, `processing`, `idle` or `error`.
    pub status: &'static str,
    /// When it was made.
    pub created_at: String,
    /// When something last happened.
    pub last_activity: String,
}

/// A session by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionDetail {
    /// What lists say, too.
    #[serde(flatten)]
    pub view: SessionView,
    /// The configuration that it keeps.
    #[schema(value_type = Object)]
    pub agent_config: Value,
}

/// The body of `POST /sessions/from-agent/`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct FromAgent {
    /// The agent by its key.
    pub agent_key: Option<String>,
    /// The agent by its id.
    pub agent_id: Option<String>,
}

/// The body of `POST /runtime/{id}/execute/`.
#[derive(Debug, Deserialize)]
pub struct Execute {
    /// Text, or a list of blocks.
    pub content: Value,
    /// The caller's own id, given back.
    #[serde(default)]
    pub correlation_id: Option<String>,
    /// Values for the configuration's variables.
    #[serde(default)]
    pub inputs: Option<Map<String, Value>>,
}

/// The answer to an execution: all shapes that the documents print, at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionResult {
    /// Always `execution_result`.
    pub r#type: &'static str,
    /// Always `agent.session`.
    pub object: &'static str,
    /// Always `backend`.
    pub client_type: &'static str,
    /// Whether the run completed.
    pub success: bool,
    /// The session.
    pub id: SessionId,
    /// The session.
    pub session_id: SessionId,
    /// `completed`, `error` or `timeout`.
    pub status: &'static str,
    /// The assistant's message.
    pub message_id: MessageId,
    /// The answer by itself.
    pub response: Response,
    /// The messages that the run wrote.
    pub messages: Vec<AssistantMessage>,
    /// How long it took, in seconds.
    pub execution_time: f64,
    /// When it began, unix seconds.
    pub created_at: i64,
    /// When it ended, unix seconds.
    pub completed_at: i64,
    /// When it ended.
    pub timestamp: String,
    /// Empty; there for clients that read it.
    #[schema(value_type = Object)]
    pub config: Map<String, Value>,
    /// What went wrong.
    pub error: Option<String>,
    /// What it waits for; absent where it waits for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_for_input: Option<WaitingForInput>,
    /// The run's events.
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<Box<RawValue>>,
    /// The caller's own id.
    pub correlation_id: Option<String>,
    /// More about the run.
    pub metadata: Metadata,
}

/// The answer by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExecutionResponse)]
pub struct Response {
    /// Its text.
    pub content: String,
    /// Always empty so far.
    pub tool_calls: Vec<Value>,
}

/// A message that a run wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantMessage {
    /// Its id.
    pub id: MessageId,
    /// Always `assistant_message`.
    pub r#type: &'static str,
    /// Always `assistant`.
    pub role: Role,
    /// Its text.
    pub content: String,
    /// When it was complete.
    pub timestamp: String,
    /// The same in unix seconds.
    pub created_at: i64,
}

/// More about a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExecutionMetadata)]
pub struct Metadata {
    /// The caller's own id.
    pub correlation_id: Option<String>,
    /// How many events there were.
    pub event_count: usize,
    /// The run.
    pub execution_id: RunId,
    /// What it cost.
    pub usage: Usage,
}

/// What a run cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExecutionUsage)]
pub struct Usage {
    /// Tokens that the model read.
    pub input_tokens: u64,
    /// Tokens that the model wrote.
    pub output_tokens: u64,
}

/// A message in the history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryMessage {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub role: Role,
    /// Its text.
    pub content: String,
    /// When it was written.
    pub timestamp: String,
    /// What a visitor thinks of it; only where they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
}

/// The answer to `GET /runtime/{id}/messages/`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuntimeHistory)]
pub struct History {
    /// Oldest first.
    pub messages: Vec<HistoryMessage>,
    /// How many there are in all.
    pub total: u64,
    /// Whether there are more after these.
    pub has_more: bool,
}

/// The answer to `GET /runtime/{id}/status/`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionStatus {
    /// The session.
    pub session_id: SessionId,
    /// `active`, `processing`, `idle` or `error`.
    pub status: &'static str,
    /// How many messages there are.
    pub message_count: u64,
    /// When something last happened.
    pub last_activity: String,
    /// When it was made.
    pub created_at: String,
    /// `healthy`, or `degraded` after a failed run.
    pub health: &'static str,
    /// What the session waits for; absent where it waits for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_for_input: Option<WaitingForInput>,
}

/// A question to a human on which a session waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingForInput {
    /// What the answer names.
    pub interrupt_id: InterruptId,
    /// The question.
    pub prompt: String,
    /// Answers to choose from; any other text is an answer as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

impl From<Interrupt> for WaitingForInput {
    fn from(interrupt: Interrupt) -> Self {
        Self {
            interrupt_id: interrupt.id,
            prompt: interrupt.message.unwrap_or_default(),
            choices: interrupt.metadata.map(|metadata| metadata.choices).unwrap_or_default(),
        }
    }
}

/// The body of `POST /runtime/{id}/input/`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Input {
    /// The question that it answers; without it, the one on which the session waits.
    #[serde(default)]
    pub interrupt_id: Option<InterruptId>,
    /// The answer.
    pub content: String,
    /// The caller's own id for the run that goes on, given back.
    #[serde(default)]
    pub correlation_id: Option<String>,
}
