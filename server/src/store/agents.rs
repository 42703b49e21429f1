//! The part of the seam that keeps agents: who may embed them, and every version of their configuration.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};

use super::StoreResult;
use crate::model::agent::{Agent, AgentVersion};

/// Agents and who may embed them.
#[async_trait]
pub trait AgentStore: Send + Sync {
    /// A number that changes with every change of any agent, key, user or log-in, by any process.
    async fn agents_revision(&self) -> StoreResult<i64>;
    /// All agents of all workspaces, for the gate's table.
    async fn list_all_agents(&self) -> StoreResult<Vec<Agent>>;
    /// The agents of a workspace, by agent key.
    async fn list_agents(&self, workspace: &WorkspaceId) -> StoreResult<Vec<Agent>>;
    /// One agent.
    async fn find_agent_by_key(&self, workspace: &WorkspaceId, agent_key: &str) -> StoreResult<Option<Agent>>;
    /// One agent by its id.
    async fn find_agent(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Option<Agent>>;
    /// Makes an agent and its first version. `false`: the agent key is or was in use (keys are never reused). A new
    /// default agent takes the place of its workspace's old one, here and in `update_agent`.
    async fn create_agent(&self, agent: &Agent) -> StoreResult<bool>;
    /// Replaces an agent, but for its key, `created_by` and `created_at`; a changed `config_hash` keeps the configuration as a new
    /// version (`version_number` is the caller's, and fails where it has another configuration already). `false`: there
    /// is no such agent of this id and key.
    async fn update_agent(&self, agent: &Agent) -> StoreResult<bool>;
    /// Deletes an agent with its versions, sessions and knowledge, on the disk too; its key stays taken. `false`: there
    /// was none.
    async fn delete_agent(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<bool>;
    /// Every version of an agent, the latest first.
    async fn list_agent_versions(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Vec<AgentVersion>>;
    /// The configuration of a hash, of an agent's version or of a session that brought its own.
    async fn find_configuration(
        &self,
        workspace: &WorkspaceId,
        config_hash: &str,
    ) -> StoreResult<Option<serde_json::Value>>;
    /// One version.
    async fn find_agent_version(
        &self,
        workspace: &WorkspaceId,
        id: &AgentId,
        version: u32,
    ) -> StoreResult<Option<AgentVersion>>;
    /// The highest number of a version; it is not the agent's own where an earlier one is deployed.
    async fn latest_agent_version(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Option<u32>>;
}
