//! An agent as it is kept: who may embed it, what it is configured to do, how its widget looks.

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
