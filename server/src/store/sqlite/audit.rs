//! The audit log in SQLite.

use async_trait::async_trait;
use atthene_protocol::ids::WorkspaceId;

use super::super::{AuditFilter, AuditStore, StoreResult};
use super::{SqliteStore, rows};
use crate::model::audit::{AuditEntry, AuditLine};
use crate::model::time::Timestamp;

#[async_trait]
impl AuditStore for SqliteStore {
    async fn append_audit(&self, entry: &AuditEntry) -> StoreResult<()> {
        let entry = entry.clone();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO audit_log (workspace_id, at, actor, action, subject, detail)
                         VALUES ($1, $2, $3, $4, $5, $6)",
                    )
                    .bind(&entry.workspace.0)
                    .bind(entry.at.0)
                    .bind(&entry.actor)
                    .bind(&entry.action)
                    .bind(&entry.subject)
                    .bind(rows::to_json(&entry.detail)?)
                    .execute(connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn list_audit(&self, workspace: &WorkspaceId, limit: u32) -> StoreResult<Vec<AuditEntry>> {
        let found = sqlx::query("SELECT * FROM audit_log WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2")
            .bind(&workspace.0)
            .bind(limit)
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::audit_entry).collect()
    }

    async fn page_audit(&self, workspace: &WorkspaceId, filter: &AuditFilter) -> StoreResult<Vec<AuditLine>> {
        let found = sqlx::query(
            "SELECT audit_log.*, COALESCE(users.name, keys.name) AS actor_name FROM audit_log
             LEFT JOIN users ON users.workspace_id = audit_log.workspace_id AND users.id = audit_log.actor
             LEFT JOIN keys ON keys.workspace_id = audit_log.workspace_id AND keys.id = audit_log.actor
             WHERE audit_log.workspace_id = $1
                 AND audit_log.id < $2
                 AND ($3 IS NULL OR action = $3 OR substr(action, 1, length($3) + 1) = $3 || '.')
                 AND ($4 IS NULL OR actor = $4)
                 AND ($5 IS NULL OR subject = $5)
             ORDER BY audit_log.id DESC LIMIT $6",
        )
        .bind(&workspace.0)
        .bind(filter.before.map_or(i64::MAX, rows::integer))
        .bind(&filter.action)
        .bind(&filter.actor)
        .bind(&filter.subject)
        .bind(filter.limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(rows::audit_line).collect()
    }

    async fn list_audit_of(
        &self,
        workspace: &WorkspaceId,
        subject: &str,
        action: &str,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<AuditEntry>> {
        let found = sqlx::query(
            "SELECT * FROM audit_log WHERE workspace_id = $1 AND subject = $2 AND action = $3 AND at >= $4
             ORDER BY id DESC LIMIT $5",
        )
        .bind(&workspace.0)
        .bind(subject)
        .bind(action)
        .bind(since.0)
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(rows::audit_entry).collect()
    }
}
