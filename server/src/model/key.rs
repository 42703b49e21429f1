//! A secret API key as it is kept: what it may do, for whom, until when. Of the secret itself only the hash.

use atthene_protocol::ids::{AgentId, KeyId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::Timestamp;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Run agents in sessions of its own. The default.
    #[serde(rename = "chat")]
    Chat,
    /// Read the sessions of others, visitors' too.
    #[serde(rename = "sessions:read")]
    SessionsRead,
    /// Read agents.
    #[serde(rename = "agents:read")]
    AgentsRead,
    /// Make, change and delete agents.
    #[serde(rename = "agents:write")]
    AgentsWrite,
    /// Public access, allowed origins, identity.
    #[serde(rename = "access:write")]
    AccessWrite,
    /// Read what agents received and did.
    #[serde(rename = "traces:read")]
    TracesRead,
    /// Make and revoke keys.
    #[serde(rename = "keys:write")]
    KeysWrite,
    /// All of them.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 8] = [
        Self::Chat,
        Self::SessionsRead,
        Self::AgentsRead,
        Self::AgentsWrite,
        Self::AccessWrite,
        Self::TracesRead,
        Self::KeysWrite,
        Self::Admin,
    ];

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::SessionsRead => "sessions:read",
            Self::AgentsRead => "agents:read",
            Self::AgentsWrite => "agents:write",
            Self::AccessWrite => "access:write",
            Self::TracesRead => "traces:read",
            Self::KeysWrite => "keys:write",
            Self::Admin => "admin",
        }
    }

    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public id.
    pub id: KeyId,
    /// Its owner.
    pub workspace: WorkspaceId,
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// What people call it.
    pub name: String,
    /// The first characters of the secret, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The agents that it may run; none means all.
    pub agents: Option<Vec<AgentId>>,
    /// The addresses and networks (`192.0.2.0/24`) that it may come from; none means all.
    pub addresses: Option<Vec<String>>,
    /// Who made it: the id of a key, or `cli`.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it may do this.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }

    /// Whether it may run this agent.
    pub fn may_run(&self, agent: &AgentId) -> bool {
        self.agents.as_ref().is_none_or(|agents| agents.contains(agent))
    }
}
