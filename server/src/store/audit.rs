//! The part of the seam that remembers what was done, and by whom.

use async_trait::async_trait;
use atthene_protocol::ids::WorkspaceId;

use super::StoreResult;
use crate::model::audit::AuditEntry;
use crate::model::time::Timestamp;

/// The audit log.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Appends an entry.
    async fn append_audit(&self, entry: &AuditEntry) -> StoreResult<()>;
    /// The latest entries, newest first.
    async fn list_audit(&self, workspace: &WorkspaceId, limit: u32) -> StoreResult<Vec<AuditEntry>>;
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
