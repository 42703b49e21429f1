//! What happened: figures, traces; and the settings that pages choose from.

use serde::Deserialize;

/// Figures of a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Messages of visitors and back ends.
    pub messages: u64,
    /// Conversations.
    pub sessions: u64,
    /// Different visitors.
    pub visitors: u64,
    /// Turns that ran.
    pub turns: u64,
    /// Turns that failed.
    pub errors: u64,
    /// Tokens that models read.
    pub input_tokens: u64,
    /// Tokens that models wrote.
    pub output_tokens: u64,
    /// Requests of pages that are not allowed.
    pub refused_origins: u64,
    /// Half of all turns had their first token by then.
    pub first_token_p50_ms: Option<u64>,
    /// Nearly all of them.
    pub first_token_p95_ms: Option<u64>,
    /// Half of all turns were done by then.
    pub turn_p50_ms: Option<u64>,
    /// Nearly all of them.
    pub turn_p95_ms: Option<u64>,
}

/// Figures at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Point {
    /// When the hour or the day began.
    pub at: String,
    /// The figures.
    #[serde(flatten)]
    pub totals: Totals,
}

/// Figures of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AgentTotals {
    /// Its id.
    pub agent_id: String,
    /// Its key.
    pub agent_key: String,
    /// Its name.
    pub name: String,
    /// The figures.
    pub totals: Totals,
}

/// The answer to `GET /usage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// When the span begins.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// `hour` or `day`.
    pub step: String,
    /// The whole span.
    pub totals: Totals,
    /// The span before it.
    pub previous: Totals,
    /// Step by step.
    pub series: Vec<Point>,
    /// Agent by agent.
    pub agents: Vec<AgentTotals>,
}

/// The trace of one turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Trace {
    /// The turn.
    pub run_id: String,
    /// Its conversation.
    pub session_id: String,
    /// Its agent.
    pub agent_id: Option<String>,
    /// `completed`, `interrupted`, `stopped` or `error`.
    pub status: String,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// How long it took.
    pub duration_ms: u64,
    /// When the first token was there, from the beginning.
    pub first_token_ms: Option<u64>,
    /// The configuration that ran.
    pub config_hash: String,
    /// The caller's own id.
    pub correlation_id: Option<String>,
    /// What the model was given.
    pub received: Option<Received>,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What was answered.
    pub answer: String,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that it wrote.
    pub output_tokens: Option<u64>,
    /// Why it failed.
    pub error_code: Option<String>,
}

/// What a model was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Received {
    /// Its name.
    pub model: String,
    /// The prompt.
    pub system_prompt: String,
    /// The conversation.
    pub messages: Vec<ReceivedMessage>,
    /// The passages that were found.
    pub sources: Vec<String>,
}

/// One message that a model was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ReceivedMessage {
    /// Who wrote it.
    pub role: String,
    /// What.
    pub content: String,
}

/// One step of a turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// `model`, `search`, ..
    pub kind: String,
    /// Which.
    pub name: String,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// When it began, from the beginning of the turn.
    pub start_ms: u64,
    /// How long it took.
    pub duration_ms: u64,
    /// What a tool was called with, as JSON.
    pub arguments: Option<String>,
    /// What a tool brought.
    pub result: Option<String>,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that it wrote.
    pub output_tokens: Option<u64>,
    /// What went wrong.
    pub error: Option<String>,
}

/// The part of the settings from which pages choose.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Every model that an agent may name.
    pub models: Vec<Model>,
}

/// A model that an agent may name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Who answers.
    pub provider: String,
    /// Whether it can be used now.
    pub is_ready: bool,
    /// Why not.
    pub problem: Option<String>,
}

/// What a model said to a test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ModelTested {
    /// Whether it answered.
    pub ok: bool,
    /// How long it took.
    pub latency_ms: u64,
    /// What it said.
    pub reply: Option<String>,
    /// Why not.
    pub error: Option<String>,
}
