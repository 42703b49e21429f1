//! Previews in SQLite.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{PreviewStore, StoreResult};
use super::agents::{bump_revision, forget_configurations, keep_configuration};
use super::{SqliteStore, rows};
use crate::model::preview::Preview;
use crate::model::time::Timestamp;

#[async_trait]
impl PreviewStore for SqliteStore {
    async fn list_all_previews(&self) -> StoreResult<Vec<Preview>> {
        let found = sqlx::query(
            "SELECT previews.*, configurations.system_config FROM previews
             JOIN configurations ON configurations.workspace_id = previews.workspace_id
                 AND configurations.config_hash = previews.config_hash
             ORDER BY previews.agent_key",
        )
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(preview).collect()
    }

    async fn create_preview(&self, preview: &Preview, most: u32) -> StoreResult<bool> {
        let preview = preview.clone();
        self.writer
            .write(move |connection| Box::pin(async move { create(connection, &preview, most).await }))
            .await
    }

    async fn remove_ended_previews(&self, now: Timestamp) -> StoreResult<u64> {
        self.writer
            .write(move |connection| Box::pin(async move { remove_ended(connection, now).await }))
            .await
    }
}

async fn create(connection: &mut SqliteConnection, preview: &Preview, most: u32) -> StoreResult<bool> {
    let agent = sqlx::query("SELECT 1 FROM agents WHERE workspace_id = $1 AND id = $2")
        .bind(&preview.workspace.0)
        .bind(&preview.agent_id.0)
        .fetch_optional(&mut *connection)
        .await?;
    if agent.is_none() {
        return Ok(false);
    }
    keep_configuration(
        connection,
        &preview.workspace,
        &preview.config_hash,
        &preview.system_config,
    )
    .await?;
    sqlx::query(
        "INSERT INTO previews (workspace_id, agent_key, agent_id, origin, config_hash, widget, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&preview.workspace.0)
    .bind(&preview.agent_key)
    .bind(&preview.agent_id.0)
    .bind(&preview.origin)
    .bind(&preview.config_hash)
    .bind(rows::to_json(&preview.widget)?)
    .bind(preview.created_at.0)
    .bind(preview.expires_at.0)
    .execute(&mut *connection)
    .await?;
    let dropped = sqlx::query(
        "DELETE FROM previews WHERE rowid IN (
             SELECT rowid FROM previews WHERE workspace_id = $1 AND agent_id = $2
             ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET $3
         )",
    )
    .bind(&preview.workspace.0)
    .bind(&preview.agent_id.0)
    .bind(most)
    .execute(&mut *connection)
    .await?;
    if dropped.rows_affected() > 0 {
        forget_configurations(connection, &preview.workspace).await?;
    }
    bump_revision(connection).await?;
    Ok(true)
}

async fn remove_ended(connection: &mut SqliteConnection, now: Timestamp) -> StoreResult<u64> {
    let removed = sqlx::query("DELETE FROM previews WHERE expires_at <= $1 RETURNING workspace_id")
        .bind(now.0)
        .fetch_all(&mut *connection)
        .await?;
    let mut workspaces = Vec::new();
    for row in &removed {
        let workspace = WorkspaceId(row.try_get("workspace_id")?);
        if !workspaces.contains(&workspace) {
            workspaces.push(workspace);
        }
    }
    for workspace in &workspaces {
        forget_configurations(connection, workspace).await?;
    }
    if !removed.is_empty() {
        bump_revision(connection).await?;
    }
    Ok(removed.len() as u64)
}

fn preview(row: &SqliteRow) -> StoreResult<Preview> {
    Ok(Preview {
        agent_key: row.try_get("agent_key")?,
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        agent_id: AgentId(row.try_get("agent_id")?),
        origin: row.try_get("origin")?,
        config_hash: row.try_get("config_hash")?,
        system_config: rows::json(row, "system_config")?,
        widget: rows::json(row, "widget")?,
        created_at: Timestamp(row.try_get("created_at")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
    })
}
