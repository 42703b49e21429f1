//! The part of the seam that forgets: what somebody erases, and what is old enough. What is erased is gone from the disk,
//! and nothing brings it back: a write that comes late finds no session to belong to.

use async_trait::async_trait;
use atthene_protocol::ids::{SessionId, WorkspaceId};

use super::StoreResult;
use crate::model::time::Timestamp;

/// Erasing. Verbs that take a limit erase that many at most, so that other writes come in between.
#[async_trait]
pub trait ErasureStore: Send + Sync {
    /// Erases sessions with all that belongs to them (messages, turns, traces, resume secrets, kept answers), on the disk
    /// too; answers how many there were. Their ids are never taken again.
    async fn delete_sessions(&self, workspace: &WorkspaceId, ids: &[SessionId]) -> StoreResult<u64>;
    /// Erases sessions of all workspaces in which nothing happened since a moment; answers which.
    async fn delete_idle_sessions(&self, since: Timestamp, limit: u32) -> StoreResult<Vec<SessionId>>;
    /// Erases the traces of turns that began before a moment; answers how many.
    async fn delete_traces_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64>;
    /// Erases what requests with an `Idempotency-Key` were answered before a moment; answers how many.
    async fn delete_answers_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64>;
    /// Forgets the ids of sessions that were erased before a moment; answers how many.
    async fn delete_tombstones_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64>;
    /// Lets what the verbs with a limit erased vanish from the disk too.
    async fn settle_erasures(&self) -> StoreResult<()>;
}
