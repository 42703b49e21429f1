//! An entry of the audit log: append only, ids only.

use atthene_protocol::ids::WorkspaceId;

use super::time::Timestamp;

/// Something that a site admin will want to know of later.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// When.
    pub at: Timestamp,
    /// Who: `cli`, `setup`, `visitor`, a key's or user's id.
    pub actor: String,
    /// What, a stable word such as `agent.updated`, `origin.refused`.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// Further ids and codes; never a text of a message, never a secret.
    pub detail: serde_json::Value,
}

/// An entry as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    /// Its number, which only rises.
    pub id: u64,
    /// The entry.
    pub entry: AuditEntry,
    /// What the actor is called, where it is a user or a key that is still known.
    pub actor_name: Option<String>,
}
