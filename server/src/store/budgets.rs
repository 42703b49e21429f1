//! What agents spent.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};

use super::StoreResult;

/// Sums of tokens per agent and UTC day. `finish_turn` adds what a turn spent; this is for the rest.
#[async_trait]
pub trait BudgetStore: Send + Sync {
    /// What an agent spent on a day.
    async fn spent_tokens(&self, workspace: &WorkspaceId, agent: &AgentId, day: i64) -> StoreResult<u64>;
    /// Adds to it, and tells the new sum. An agent that is gone has none.
    async fn add_spent_tokens(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        day: i64,
        tokens: u64,
    ) -> StoreResult<u64>;
}
