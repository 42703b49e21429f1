//! What concerns the whole workspace: keys, the audit log, settings, invitations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Model, User};

/// An API key, without its secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The first characters of the secret.
    pub prefix: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, written a little later.
    pub last_used_at: Option<String>,
    /// When it stops working.
    pub expires_at: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The ids of the agents that it may run; none means all.
    pub agents: Option<Vec<String>>,
    /// Where it may come from; none means anywhere.
    pub addresses: Option<Vec<String>>,
}

/// What is wanted of a new key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewKey {
    /// What people call it.
    pub name: String,
    /// When it stops working.
    pub expires_at: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The agents that it may run; none means all.
    pub agents: Option<Vec<String>>,
    /// Where it may come from; none means anywhere.
    pub addresses: Option<Vec<String>>,
}

/// A key that was just made: the only time that its secret is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeyMade {
    /// What people call it.
    pub name: String,
    /// The secret.
    pub key: String,
}

/// Something that was done.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AuditEntry {
    /// Its number, whatever form that has.
    pub id: Value,
    /// When.
    pub at: String,
    /// Who: an id, `cli`, `visitor`.
    pub actor: String,
    /// Their name, where they have one.
    pub actor_name: Option<String>,
    /// What.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// Further ids and codes.
    pub detail: Value,
}

/// A page of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AuditPage {
    /// The latest first.
    pub entries: Vec<AuditEntry>,
    /// Whether there are more after these.
    pub has_more: bool,
}

/// The settings in force, without their secrets.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServerSettings {
    /// The server's version.
    pub version: String,
    /// Where visitors and back ends are served.
    pub public_url: String,
    /// Where the console is served.
    pub console_url: String,
    /// Where the data is.
    pub database: String,
    /// The limits by name.
    pub limits: BTreeMap<String, Value>,
    /// Time limits and attempts of model calls, by name.
    pub upstream: BTreeMap<String, Value>,
    /// How long things are kept.
    pub retention: Retention,
    /// Every model that an agent may name.
    pub models: Vec<Model>,
    /// Whether questions can be put to a moderation endpoint.
    pub has_moderation: bool,
    /// The console.
    pub console: ConsoleReach,
}

/// How long things are kept, in days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Conversations.
    pub sessions_days: u64,
    /// Traces.
    pub traces_days: u64,
}

/// From where the console can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ConsoleReach {
    /// From this machine alone.
    pub is_local: bool,
}

/// What is wanted of a new user.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewUser {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: super::Role,
}

/// A link with which somebody chooses a password; shown once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// Who is invited, where they are new.
    pub user: Option<User>,
    /// The link.
    pub invite_url: String,
    /// When it stops working.
    pub expires_at: String,
}
