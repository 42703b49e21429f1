//! An agent as it is kept: who may embed it, what it is configured to do, how its widget looks.

use std::collections::BTreeMap;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_protocol::widget::WidgetSettings;
use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// A configured assistant.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// Its id; tokens and sessions bind this.
    pub id: AgentId,
    /// Its owner.
    pub workspace: WorkspaceId,
    /// Its public name, unique over the installation and never reused.
    pub agent_key: String,
    /// Its name for people.
    pub name: String,
    /// Whether pages may embed it at all.
    pub is_public: bool,
    /// The agent that answers where none is named.
    pub is_default: bool,
    /// Adds the loopback origins of `domain::origins`.
    pub dev_mode: bool,
    /// Lets any origin in; set on purpose, audited, never by `*`.
    pub allow_any_origin: bool,
    /// Canonical entries, in the order given.
    pub allowed_origins: Vec<String>,
    /// The normalised configuration, as JSON.
    pub system_config: serde_json::Value,
    /// SHA-256 of the canonical JSON of `system_config`, hex.
    pub config_hash: String,
    /// Rises with every change of `system_config`.
    pub version_number: u32,
    /// What its widget looks like and says.
    pub widget: WidgetSettings,
    /// The most tokens that its turns may cost on one day (UTC); none without a limit.
    pub token_budget_per_day: Option<u64>,
    /// Who made it: the id of a key, or `cli`; none where nobody remembers.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A configuration that an agent had or has.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentVersion {
    /// Its number, from 1.
    pub version_number: u32,
    /// The hash of the configuration.
    pub config_hash: String,
    /// The configuration.
    pub system_config: serde_json::Value,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What the runner needs of a configuration; read from `Agent::system_config`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunnableConfig {
    /// The instructions to the model.
    pub system_prompt: String,
    /// Where the answer comes from.
    pub llm_config: LlmConfig,
    /// Names of the knowledge that the agent searches.
    pub knowledge_bases: Vec<KnowledgeBaseRef>,
    /// What stands around the conversation.
    #[serde(skip_serializing_if = "PromptConfig::is_default")]
    pub prompt_config: PromptConfig,
    /// What can be given with an execution, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Variable>,
    /// What may be neither asked nor answered.
    #[serde(skip_serializing_if = "ContentPolicy::is_default")]
    pub content_policy: ContentPolicy,
    /// What the model may call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// How often the model may be asked in one turn; `None` for as often as is sensible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_iterations: Option<u32>,
}

/// A tool that an agent can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Asks a human and waits for the answer.
    AskHuman,
}

/// What a model is told beside its instructions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromptConfig {
    /// Whether the question is a message of its own; if not, the instructions ask.
    #[serde(skip_serializing_if = "is_true")]
    pub include_user_input: bool,
    /// The most messages before the question; `None` for as many as are sensible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_history: Option<u32>,
    /// What good answers look like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub few_shot_examples: Vec<Example>,
}

/// A question and its good answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What was asked.
    pub user: String,
    /// What was answered.
    pub assistant: String,
}

/// A declared variable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Variable {
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: VariableKind,
    /// Its value while nothing was given; text of the configuration, so it may hold templates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Whether an execution needs a value.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether every execution must give it anew.
    #[serde(skip_serializing_if = "is_false")]
    pub require_every_execution: bool,
    /// Whether a visitor may give it.
    #[serde(skip_serializing_if = "is_false")]
    pub visitor: bool,
    /// What a new value does to the one before.
    #[serde(skip_serializing_if = "VariableMode::is_replace")]
    pub mode: VariableMode,
    /// What stands between joined texts; `None` for a line break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The types of JSON that a variable can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableKind {
    /// Text.
    #[default]
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A group of `key: value` pairs.
    Object,
    /// A list.
    Array,
}

impl VariableKind {
    /// Whether a value is of this type.
    pub fn fits(self, value: &serde_json::Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
        }
    }

    /// Its name in a configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// What a new value of a variable does to the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableMode {
    /// It takes its place.
    #[default]
    Replace,
    /// It is joined to its end.
    Concat,
}

/// What may be neither asked nor answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContentPolicy {
    /// Words and phrases that stop a turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_phrases: Vec<String>,
    /// Whether the server's moderation endpoint is asked about every question.
    #[serde(skip_serializing_if = "is_false")]
    pub moderation: bool,
}

impl ContentPolicy {
    /// Whether it asks for nothing.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl PromptConfig {
    /// Whether it says what holds anyway.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for PromptConfig {
    fn default() -> Self {
        Self {
            include_user_input: true,
            include_history: None,
            few_shot_examples: Vec::new(),
        }
    }
}

impl VariableMode {
    fn is_replace(&self) -> bool {
        *self == Self::Replace
    }
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Which model answers, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LlmConfig {
    /// A name that the server's settings know, or `provider/name`.
    pub model: String,
    /// 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens of one answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
}

/// A knowledge base by name, as `atthene knowledge add` fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnowledgeBaseRef {
    /// Its name.
    pub name: String,
}
