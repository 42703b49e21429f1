//! Traces in SQLite.

use async_trait::async_trait;
use atthene_protocol::ids::{RunId, SessionId, WorkspaceId};

use super::super::{StoreResult, TraceStore};
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;
use crate::model::trace::Trace;

#[async_trait]
impl TraceStore for SqliteStore {
    async fn put_trace(&self, workspace: &WorkspaceId, trace: &Trace) -> StoreResult<()> {
        let (workspace, document) = (workspace.clone(), rows::to_json(trace)?);
        let (run_id, session_id, started_at) = (trace.run_id.clone(), trace.session_id.clone(), trace.started_at);
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    // A session that was erased meanwhile takes its traces along.
                    sqlx::query(
                        "INSERT INTO traces (workspace_id, run_id, session_id, document, started_at)
                         SELECT $1, $2, $3, $4, $5 FROM sessions WHERE workspace_id = $1 AND id = $3
                         ON CONFLICT (workspace_id, run_id) DO UPDATE SET document = excluded.document",
                    )
                    .bind(&workspace.0)
                    .bind(&run_id.0)
                    .bind(&session_id.0)
                    .bind(document)
                    .bind(started_at.0)
                    .execute(connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn find_trace(&self, workspace: &WorkspaceId, run_id: &RunId) -> StoreResult<Option<Trace>> {
        let found = sqlx::query("SELECT document FROM traces WHERE workspace_id = $1 AND run_id = $2")
            .bind(&workspace.0)
            .bind(&run_id.0)
            .fetch_optional(&self.readers)
            .await?;
        found.as_ref().map(|row| rows::json(row, "document")).transpose()
    }

    async fn list_traces(
        &self,
        workspace: &WorkspaceId,
        session: Option<&SessionId>,
        limit: u32,
        offset: u32,
    ) -> StoreResult<Vec<Trace>> {
        let found = sqlx::query(
            "SELECT document FROM traces WHERE workspace_id = $1 AND ($2 IS NULL OR session_id = $2)
             ORDER BY started_at DESC, run_id DESC LIMIT $3 OFFSET $4",
        )
        .bind(&workspace.0)
        .bind(session.map(|id| &id.0))
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.readers)
        .await?;
        found.iter().map(|row| rows::json(row, "document")).collect()
    }

    async fn delete_traces_before(&self, moment: Timestamp) -> StoreResult<u64> {
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query("DELETE FROM traces WHERE started_at < $1")
                        .bind(moment.0)
                        .execute(connection)
                        .await?;
                    Ok(done.rows_affected())
                })
            })
            .await
    }
}
