//! Agents, their versions, who may embed them and what they look up.

use atthene_protocol::problem::FieldProblem;
use atthene_protocol::widget::WidgetSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An agent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// Its public name.
    pub agent_key: String,
    /// Its name.
    pub name: String,
    /// Whether visitors may talk to it.
    pub is_public: bool,
    /// Whether any page may embed it.
    pub allow_any_origin: bool,
    /// Which pages may embed it.
    pub allowed_origins: Vec<String>,
    /// Whether pages of the developer's own machine may, too.
    pub dev_mode: bool,
    /// Its configuration.
    pub system_config: Value,
    /// How its widget looks.
    pub widget: WidgetSettings,
    /// The version that is deployed.
    pub version_number: u32,
    /// Since when it is there.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
    /// When somebody last talked to it, where the server says so.
    pub last_activity: Option<String>,
}

/// What is sent to make an agent.
#[derive(Clone, Debug, Serialize)]
pub struct NewAgent {
    /// Its configuration, which holds its name.
    pub system_config: Value,
    /// Whether visitors may talk to it.
    pub is_public: bool,
    /// How its widget looks.
    pub widget: WidgetSettings,
}

/// What `POST /agent/validate` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Checked {
    /// Whether the configuration can run.
    pub valid: bool,
    /// What is wrong.
    pub errors: Vec<Finding>,
    /// What is odd.
    pub warnings: Vec<Finding>,
    /// The configuration as JSON.
    pub config: Option<Value>,
    /// The same as YAML.
    pub yaml: Option<String>,
}

/// Something about one field of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Finding {
    /// Its path, `agents[0].name`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The line of the YAML, from 1.
    pub line: Option<u32>,
}

impl From<FieldProblem> for Finding {
    fn from(problem: FieldProblem) -> Self {
        Self {
            field: problem.field,
            message: problem.message,
            line: None,
        }
    }
}

/// A version in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Version {
    /// Its number.
    pub version_number: u32,
    /// The hash of its configuration.
    pub config_hash: String,
    /// Since when it is there.
    pub created_at: String,
    /// Whether it answers visitors.
    pub is_deployed: bool,
    /// Its configuration; only where one version was asked for.
    pub system_config: Value,
}

/// What the gate says to an origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OriginTested {
    /// The origin.
    pub origin: Option<String>,
    /// Whether it is let in.
    pub allowed: bool,
    /// Why not, as a code.
    pub code: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// The entry that would let it in.
    pub missing_entry: Option<String>,
}

/// An origin that came of late.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OriginSeen {
    /// The origin.
    pub origin: String,
    /// Whether it was let in.
    pub accepted: bool,
    /// Why not.
    pub code: Option<String>,
    /// When it last came.
    pub seen_at: String,
}

/// An agent key for a preview.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// The key; only the console's own pages may use it.
    pub agent_key: String,
    /// Until when.
    pub expires_at: String,
}

/// What is pasted into a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Embed {
    /// Where the widget comes from.
    pub public_url: String,
    /// The widget's version; none in a build without the widget.
    pub version: Option<String>,
    /// The lines for every page.
    pub snippet: String,
    /// The same for one version of the widget alone.
    pub pinned_snippet: Option<String>,
    /// What that version is held against.
    pub integrity: Option<String>,
    /// What a page's own policy must allow.
    pub csp: String,
}

/// What an agent may look up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Knowledge {
    /// Its knowledge bases.
    pub bases: Vec<KnowledgeBase>,
}

/// One knowledge base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct KnowledgeBase {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub documents: Vec<Document>,
}

/// One document of a knowledge base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many passages were made of it.
    pub passages: u64,
    /// Its size; unknown of one that was indexed before sizes were kept.
    pub bytes: Option<u64>,
    /// Since when it can be found.
    pub indexed_at: String,
}

/// What became of files that were added.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Added {
    /// What can be found now.
    pub documents: Vec<Document>,
    /// What could not be read.
    pub problems: Vec<FileProblem>,
}

/// A file that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FileProblem {
    /// Its name.
    pub file: String,
    /// Why, and what could be read.
    pub message: String,
}
