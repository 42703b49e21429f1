//! Previews: agent keys for an hour.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::preview::Preview;
use crate::model::time::Timestamp;

/// Agent keys for an hour. Every change counts as one of the agents (`AgentStore::agents_revision`).
#[async_trait]
pub trait PreviewStore: Send + Sync {
    /// All previews of all workspaces, for the gate's table.
    async fn list_all_previews(&self) -> StoreResult<Vec<Preview>>;
    /// Makes a preview, and keeps its configuration as long as it is there. An agent has `most` at a time: the oldest goes.
    /// `false`: there is no such agent.
    async fn create_preview(&self, preview: &Preview, most: u32) -> StoreResult<bool>;
    /// Removes those that stopped working, and configurations that nothing else holds. Answers how many.
    async fn remove_ended_previews(&self, now: Timestamp) -> StoreResult<u64>;
}
