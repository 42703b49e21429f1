//! The part of the seam that remembers what was done, and by whom.

use async_trait::async_trait;
use atthene_protocol::ids::WorkspaceId;

use super::StoreResult;
use crate::model::audit::{AuditEntry, AuditLine};
use crate::model::time::Timestamp;

/// Which entries are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Older than the entry of this number.
    pub before: Option<u64>,
    /// Of this action, or of all whose word begins with it and a dot: `agent` for `agent.updated`.
    pub action: Option<String>,
    /// By this actor.
    pub actor: Option<String>,
    /// About this subject.
    pub subject: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// The audit log.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Appends an entry.
    async fn append_audit(&self, entry: &AuditEntry) -> StoreResult<()>;
    /// The latest entries, newest first.
    async fn list_audit(&self, workspace: &WorkspaceId, limit: u32) -> StoreResult<Vec<AuditEntry>>;
    /// Entries that fit, newest first, with their numbers and what their actors are called.
    async fn page_audit(&self, workspace: &WorkspaceId, filter: &AuditFilter) -> StoreResult<Vec<AuditLine>>;
    /// What was done to one subject under one word since a moment, newest first.
    async fn list_audit_of(
        &self,
        workspace: &WorkspaceId,
        subject: &str,
        action: &str,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<AuditEntry>>;
}
