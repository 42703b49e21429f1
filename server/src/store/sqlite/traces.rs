//! Traces in SQLite. They are written with the end of their turn (`finish`).

use async_trait::async_trait;
use atthene_protocol::ids::{RunId, WorkspaceId};

use super::super::{StoreResult, TraceFilter, TraceStore};
use super::{SqliteStore, rows};
use crate::model::conversation::Status;
use crate::model::trace::Trace;

#[async_trait]
impl TraceStore for SqliteStore {
    async fn find_trace(&self, workspace: &WorkspaceId, run_id: &RunId) -> StoreResult<Option<Trace>> {
        let found = sqlx::query("SELECT document FROM traces WHERE workspace_id = $1 AND run_id = $2")
            .bind(&workspace.0)
            .bind(&run_id.0)
            .fetch_optional(&mut *self.readers.take().await?)
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
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(|row| rows::json(row, "document")).collect()
    }
}
