//! Traces in SQLite.

use async_trait::async_trait;
use atthene_protocol::ids::{RunId, WorkspaceId};

use super::super::{StoreResult, TraceFilter, TraceStore};
use super::{SqliteStore, rows};
use crate::model::conversation::Status;
use crate::model::trace::Trace;

#[async_trait]
impl TraceStore for SqliteStore {
    async fn put_trace(&self, workspace: &WorkspaceId, trace: &Trace) -> StoreResult<()> {
        let (workspace, document) = (workspace.clone(), rows::to_json(trace)?);
        let (run_id, session_id, agent_id) = (trace.run_id.clone(), trace.session_id.clone(), trace.agent_id.clone());
        let (status, started_at) = (trace.status, trace.started_at);
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    // A session that was erased meanwhile takes its traces along.
                    sqlx::query(
                        "INSERT INTO traces (workspace_id, run_id, session_id, agent_id, status, document, started_at)
                         SELECT $1, $2, $3, $4, $5, $6, $7 FROM sessions WHERE workspace_id = $1 AND id = $3
                         ON CONFLICT (workspace_id, run_id)
                             DO UPDATE SET document = excluded.document, status = excluded.status",
                    )
                    .bind(&workspace.0)
                    .bind(&run_id.0)
                    .bind(&session_id.0)
                    .bind(agent_id.as_ref().map(|id| &id.0))
                    .bind(status.as_str())
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

    async fn list_traces(&self, workspace: &WorkspaceId, filter: &TraceFilter) -> StoreResult<Vec<Trace>> {
        // `json_each` takes a list of any length in one parameter.
        let agents = filter.agent_ids.as_ref().map(rows::to_json).transpose()?;
        let found = sqlx::query(
            "SELECT document FROM traces WHERE workspace_id = $1
                 AND ($2 IS NULL OR session_id = $2)
                 AND ($3 IS NULL OR agent_id IN (SELECT value FROM json_each($3)))
                 AND ($4 IS NULL OR status = $4)
             ORDER BY started_at DESC, run_id DESC LIMIT $5 OFFSET $6",
        )
        .bind(&workspace.0)
        .bind(filter.session_id.as_ref().map(|id| &id.0))
        .bind(agents)
        .bind(filter.status.map(Status::as_str))
        .bind(filter.limit)
        .bind(filter.offset)
        .fetch_all(&self.readers)
        .await?;
        found.iter().map(|row| rows::json(row, "document")).collect()
    }
}
