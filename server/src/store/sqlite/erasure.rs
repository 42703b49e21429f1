//! Erasing in SQLite. `secure_delete` writes zeros over what is deleted, and foreign keys take along what belongs to a
//! session; its tombstone and its kept answers are the triggers' of migration 0007. Then the write-ahead log is emptied.

use async_trait::async_trait;
use atthene_protocol::ids::{SessionId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{ErasureStore, StoreResult};
use super::agents::forget_configurations;
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;

#[async_trait]
impl ErasureStore for SqliteStore {
    async fn delete_sessions(&self, workspace: &WorkspaceId, ids: &[SessionId]) -> StoreResult<u64> {
        let (workspace, ids) = (workspace.clone(), rows::to_json(&ids)?);
        let deleted = self
            .writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query(
                        "DELETE FROM sessions WHERE workspace_id = $1 AND id IN (SELECT value FROM json_each($2))",
                    )
                    .bind(&workspace.0)
                    .bind(ids)
                    .execute(&mut *connection)
                    .await?;
                    forget_configurations(connection, &workspace).await?;
                    Ok(done.rows_affected())
                })
            })
            .await?;
        if deleted > 0 {
            self.writer.truncate().await?;
        }
        Ok(deleted)
    }

    async fn delete_idle_sessions(&self, since: Timestamp, limit: u32) -> StoreResult<Vec<SessionId>> {
        self.writer
            .write(move |connection| Box::pin(async move { delete_idle(connection, since, limit).await }))
            .await
    }

    async fn delete_traces_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_some(
            "DELETE FROM traces WHERE rowid IN (SELECT rowid FROM traces WHERE started_at < $1 LIMIT $2)",
            moment,
            limit,
        )
        .await
    }

    async fn delete_answers_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_some(
            "DELETE FROM idempotent_answers
             WHERE rowid IN (SELECT rowid FROM idempotent_answers WHERE created_at < $1 LIMIT $2)",
            moment,
            limit,
        )
        .await
    }

    async fn delete_tombstones_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_some(
            "DELETE FROM erased_sessions
             WHERE rowid IN (SELECT rowid FROM erased_sessions WHERE erased_at < $1 LIMIT $2)",
            moment,
            limit,
        )
        .await
    }

    async fn settle_erasures(&self) -> StoreResult<()> {
        self.writer.truncate().await
    }
}

impl SqliteStore {
    pub(super) async fn delete_some(&self, statement: &'static str, moment: Timestamp, limit: u32) -> StoreResult<u64> {
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query(statement)
                        .bind(moment.0)
                        .bind(limit)
                        .execute(connection)
                        .await?;
                    Ok(done.rows_affected())
                })
            })
            .await
    }
}

async fn delete_idle(connection: &mut SqliteConnection, since: Timestamp, limit: u32) -> StoreResult<Vec<SessionId>> {
    // Nothing happens in a session before it is made, so the index by age leaves out all that is young.
    let deleted = sqlx::query(
        "DELETE FROM sessions WHERE rowid IN (
             SELECT rowid FROM sessions INDEXED BY sessions_by_age
             WHERE created_at < $1 AND last_activity_at < $1 ORDER BY created_at LIMIT $2
         ) RETURNING workspace_id, id",
    )
    .bind(since.0)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let mut workspaces = Vec::new();
    let mut ids = Vec::with_capacity(deleted.len());
    for row in &deleted {
        let workspace = WorkspaceId(row.try_get("workspace_id")?);
        if !workspaces.contains(&workspace) {
            workspaces.push(workspace);
        }
        ids.push(SessionId(row.try_get("id")?));
    }
    for workspace in &workspaces {
        forget_configurations(connection, workspace).await?;
    }
    Ok(ids)
}
