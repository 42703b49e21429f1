//! Agents in SQLite. Every change bumps the one revision in the same transaction.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{AgentStore, StoreError, StoreResult};
use super::{SqliteStore, rows};
use crate::model::agent::{Agent, AgentVersion};

#[async_trait]
impl AgentStore for SqliteStore {
    async fn agents_revision(&self) -> StoreResult<i64> {
        Ok(sqlx::query_scalar("SELECT revision FROM agents_revision")
            .fetch_one(&mut *self.readers.take().await?)
            .await?)
    }

    async fn list_all_agents(&self) -> StoreResult<Vec<Agent>> {
        let found = sqlx::query("SELECT * FROM agents ORDER BY agent_key")
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::agent).collect()
    }

    async fn list_agents(&self, workspace: &WorkspaceId) -> StoreResult<Vec<Agent>> {
        let found = sqlx::query("SELECT * FROM agents WHERE workspace_id = $1 ORDER BY agent_key")
            .bind(&workspace.0)
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::agent).collect()
    }

    async fn find_agent_by_key(&self, workspace: &WorkspaceId, agent_key: &str) -> StoreResult<Option<Agent>> {
        let found = sqlx::query("SELECT * FROM agents WHERE workspace_id = $1 AND agent_key = $2")
            .bind(&workspace.0)
            .bind(agent_key)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        found.as_ref().map(rows::agent).transpose()
    }

    async fn find_agent(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Option<Agent>> {
        let found = sqlx::query("SELECT * FROM agents WHERE workspace_id = $1 AND id = $2")
            .bind(&workspace.0)
            .bind(&id.0)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        found.as_ref().map(rows::agent).transpose()
    }

    async fn create_agent(&self, agent: &Agent) -> StoreResult<bool> {
        let agent = agent.clone();
        self.writer
            .write(move |connection| Box::pin(async move { create(connection, &agent).await }))
            .await
    }

    async fn update_agent(&self, agent: &Agent) -> StoreResult<bool> {
        let agent = agent.clone();
        self.writer
            .write(move |connection| Box::pin(async move { update(connection, &agent).await }))
            .await
    }

    async fn delete_agent(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<bool> {
        let (workspace, id) = (workspace.clone(), id.clone());
        let is_deleted = self
            .writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query("DELETE FROM agents WHERE workspace_id = $1 AND id = $2")
                        .bind(&workspace.0)
                        .bind(&id.0)
                        .execute(&mut *connection)
                        .await?;
                    let is_deleted = done.rows_affected() > 0;
                    if is_deleted {
                        forget_configurations(connection, &workspace).await?;
                        bump_revision(connection).await?;
                    }
                    Ok(is_deleted)
                })
            })
            .await?;
        if is_deleted {
            self.writer.truncate().await?;
        }
        Ok(is_deleted)
    }

    async fn list_agent_versions(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Vec<AgentVersion>> {
        let found = sqlx::query(
            "SELECT * FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2 ORDER BY version_number DESC",
        )
        .bind(&workspace.0)
        .bind(&id.0)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(rows::agent_version).collect()
    }

    async fn find_configuration(
        &self,
        workspace: &WorkspaceId,
        config_hash: &str,
    ) -> StoreResult<Option<serde_json::Value>> {
        let found =
            sqlx::query("SELECT system_config FROM configurations WHERE workspace_id = $1 AND config_hash = $2")
                .bind(&workspace.0)
                .bind(config_hash)
                .fetch_optional(&mut *self.readers.take().await?)
                .await?;
        found.as_ref().map(|row| rows::json(row, "system_config")).transpose()
    }

    async fn find_agent_version(
        &self,
        workspace: &WorkspaceId,
        id: &AgentId,
        version: u32,
    ) -> StoreResult<Option<AgentVersion>> {
        let found = sqlx::query(
            "SELECT * FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2 AND version_number = $3",
        )
        .bind(&workspace.0)
        .bind(&id.0)
        .bind(version)
        .fetch_optional(&mut *self.readers.take().await?)
        .await?;
        found.as_ref().map(rows::agent_version).transpose()
    }

    async fn latest_agent_version(&self, workspace: &WorkspaceId, id: &AgentId) -> StoreResult<Option<u32>> {
        Ok(sqlx::query_scalar(
            "SELECT MAX(version_number) FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2",
        )
        .bind(&workspace.0)
        .bind(&id.0)
        .fetch_one(&mut *self.readers.take().await?)
        .await?)
    }
}

async fn create(connection: &mut SqliteConnection, agent: &Agent) -> StoreResult<bool> {
    let taken = sqlx::query(
        "INSERT INTO agent_keys (agent_key, workspace_id, agent_id, taken_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (agent_key) DO NOTHING",
    )
    .bind(&agent.agent_key)
    .bind(&agent.workspace.0)
    .bind(&agent.id.0)
    .bind(agent.created_at.0)
    .execute(&mut *connection)
    .await?;
    if taken.rows_affected() == 0 {
        return Ok(false);
    }
    make_room_for_default(connection, agent).await?;
    sqlx::query(
        "INSERT INTO agents (workspace_id, id, agent_key, name, is_public, is_default, dev_mode, allow_any_origin,
             allowed_origins, system_config, config_hash, version_number, widget, created_at, updated_at, created_by,
             token_budget_per_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(&agent.workspace.0)
    .bind(&agent.id.0)
    .bind(&agent.agent_key)
    .bind(&agent.name)
    .bind(agent.is_public)
    .bind(agent.is_default)
    .bind(agent.dev_mode)
    .bind(agent.allow_any_origin)
    .bind(rows::to_json(&agent.allowed_origins)?)
    .bind(rows::to_json(&agent.system_config)?)
    .bind(&agent.config_hash)
    .bind(agent.version_number)
    .bind(rows::to_json(&agent.widget)?)
    .bind(agent.created_at.0)
    .bind(agent.updated_at.0)
    .bind(&agent.created_by)
    .bind(agent.token_budget_per_day.map(rows::integer))
    .execute(&mut *connection)
    .await?;
    keep_version(connection, agent).await?;
    bump_revision(connection).await?;
    Ok(true)
}

async fn update(connection: &mut SqliteConnection, agent: &Agent) -> StoreResult<bool> {
    let found = sqlx::query("SELECT agent_key FROM agents WHERE workspace_id = $1 AND id = $2 AND agent_key = $3")
        .bind(&agent.workspace.0)
        .bind(&agent.id.0)
        .bind(&agent.agent_key)
        .fetch_optional(&mut *connection)
        .await?;
    if found.is_none() {
        return Ok(false);
    }
    make_room_for_default(connection, agent).await?;
    sqlx::query(
        "UPDATE agents SET name = $3, is_public = $4, is_default = $5, dev_mode = $6, allow_any_origin = $7,
             allowed_origins = $8, system_config = $9, config_hash = $10, version_number = $11, widget = $12,
             updated_at = $13, token_budget_per_day = $14
         WHERE workspace_id = $1 AND id = $2",
    )
    .bind(&agent.workspace.0)
    .bind(&agent.id.0)
    .bind(&agent.name)
    .bind(agent.is_public)
    .bind(agent.is_default)
    .bind(agent.dev_mode)
    .bind(agent.allow_any_origin)
    .bind(rows::to_json(&agent.allowed_origins)?)
    .bind(rows::to_json(&agent.system_config)?)
    .bind(&agent.config_hash)
    .bind(agent.version_number)
    .bind(rows::to_json(&agent.widget)?)
    .bind(agent.updated_at.0)
    .bind(agent.token_budget_per_day.map(rows::integer))
    .execute(&mut *connection)
    .await?;
    keep_version(connection, agent).await?;
    bump_revision(connection).await?;
    Ok(true)
}

/// A workspace has one default agent at most: the latest that was made it.
async fn make_room_for_default(connection: &mut SqliteConnection, agent: &Agent) -> StoreResult<()> {
    if agent.is_default {
        sqlx::query("UPDATE agents SET is_default = 0 WHERE workspace_id = $1 AND id <> $2 AND is_default = 1")
            .bind(&agent.workspace.0)
            .bind(&agent.id.0)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Keeps a configuration under its hash; the same one again changes nothing.
pub(super) async fn keep_configuration(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    config_hash: &str,
    system_config: &serde_json::Value,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO configurations (workspace_id, config_hash, system_config) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(&workspace.0)
    .bind(config_hash)
    .bind(rows::to_json(system_config)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Erases the configurations that no version, session or preview points at any more.
pub(super) async fn forget_configurations(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
) -> StoreResult<()> {
    sqlx::query(
        "DELETE FROM configurations WHERE workspace_id = $1
             AND NOT EXISTS (SELECT 1 FROM agent_versions WHERE agent_versions.workspace_id = configurations.workspace_id
                 AND agent_versions.config_hash = configurations.config_hash)
             AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.workspace_id = configurations.workspace_id
                 AND sessions.config_hash = configurations.config_hash)
             AND NOT EXISTS (SELECT 1 FROM previews WHERE previews.workspace_id = configurations.workspace_id
                 AND previews.config_hash = configurations.config_hash)",
    )
    .bind(&workspace.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// A version that is there never changes.
async fn keep_version(connection: &mut SqliteConnection, agent: &Agent) -> StoreResult<()> {
    keep_configuration(connection, &agent.workspace, &agent.config_hash, &agent.system_config).await?;
    sqlx::query(
        "INSERT INTO agent_versions (workspace_id, agent_id, version_number, config_hash, system_config, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, agent_id, version_number) DO NOTHING",
    )
    .bind(&agent.workspace.0)
    .bind(&agent.id.0)
    .bind(agent.version_number)
    .bind(&agent.config_hash)
    .bind(rows::to_json(&agent.system_config)?)
    .bind(agent.updated_at.0)
    .execute(&mut *connection)
    .await?;
    let kept = sqlx::query(
        "SELECT config_hash FROM agent_versions WHERE workspace_id = $1 AND agent_id = $2 AND version_number = $3",
    )
    .bind(&agent.workspace.0)
    .bind(&agent.id.0)
    .bind(agent.version_number)
    .fetch_one(connection)
    .await?;
    if kept.try_get::<&str, _>("config_hash")? == agent.config_hash {
        return Ok(());
    }
    let (key, version) = (&agent.agent_key, agent.version_number);
    Err(StoreError::Broken(format!(
        "{key} has another version {version} already"
    )))
}

pub(super) async fn bump_revision(connection: &mut SqliteConnection) -> StoreResult<()> {
    sqlx::query("UPDATE agents_revision SET revision = revision + 1")
        .execute(connection)
        .await?;
    Ok(())
}
