//! The part of the seam that adds up what happened. It is gathered from turns and sessions after the fact, so that no turn
//! pays for it, and stays when they are erased: counts tell of nobody.

use async_trait::async_trait;
use atthene_protocol::ids::WorkspaceId;

use super::StoreResult;
use crate::model::time::Timestamp;
use crate::model::usage::{UsageStep, Used};

/// Sums.
#[async_trait]
pub trait UsageStore: Send + Sync {
    /// Gathers what ended since the last time, of all workspaces: at most so many turns and sessions. Whether there was as
    /// much as that, and so may be more.
    async fn gather_usage(&self, limit: u32) -> StoreResult<bool>;
    /// What happened in each while from this moment on, per agent; turns that ended a moment ago are in it, too.
    async fn list_usage(&self, workspace: &WorkspaceId, step: UsageStep, from: Timestamp) -> StoreResult<Vec<Used>>;
    /// Forgets whiles that began before a moment; answers how many rows.
    async fn delete_usage_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64>;
}
