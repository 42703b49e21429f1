//! Traces in SQLite. They are written with the end of their turn (`finish`).

use async_trait::async_trait;
use atthene_protocol::ids::{RunId, WorkspaceId};

use super::super::{StoreResult, TraceFilter, TraceStore};
use super::{SqliteStore, rows};
use crate::model::conversation::Status;
use crate::model::trace::Trace;

/// The list behind a filter that has an index of its own: without it being named, one that fits half is taken.
macro_rules! list {
    ($index:literal, $filter:literal) => {
        concat!(
            "SELECT document FROM traces INDEXED BY ",
            $index,
            " WHERE workspace_id = $1 AND ",
            $filter,
            " AND ($2 IS NULL OR session_id = $2)
                 AND ($3 IS NULL OR agent_id IN (SELECT value FROM json_each($3)))
                 AND ($4 IS NULL OR status = $4)
                 AND ($2 IS NOT NULL OR $9 OR NOT EXISTS (
                     SELECT 1 FROM sessions
                     WHERE sessions.workspace_id = $1 AND sessions.id = traces.session_id AND is_preview
                 ))
                 AND ($5 IS NULL OR (started_at, run_id) < (
                     SELECT last.started_at, last.run_id FROM traces AS last
                     WHERE last.workspace_id = $1 AND last.run_id = $5
                 ))
                 AND started_at <= COALESCE((
                     SELECT last.started_at FROM traces AS last WHERE last.workspace_id = $1 AND last.run_id = $5
                 ), $6)
             ORDER BY started_at DESC, run_id DESC LIMIT $7 OFFSET $8"
        )
    };
}

const BY_SESSION: &str = list!("traces_by_session", "session_id = $2");
/// Turns that did not end well are few: an index of theirs alone costs the others nothing.
const NOT_COMPLETED: &str = list!("traces_not_completed", "status <> 'completed' AND status = $4");
const BY_AGENT: &str = list!("traces_by_agent", "agent_id = $3 ->> 0");
const BY_TIME: &str = list!("traces_by_time", "TRUE");

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
        let list = match (filter.status, filter.agent_ids.as_deref()) {
            _ if filter.session_id.is_some() => BY_SESSION,
            (Some(status), _) if status != Status::Completed => NOT_COMPLETED,
            (_, Some([_])) => BY_AGENT,
            _ => BY_TIME,
        };
        let found = sqlx::query(list)
            .bind(&workspace.0)
            .bind(filter.session_id.as_ref().map(|id| &id.0))
            .bind(agents)
            .bind(filter.status.map(Status::as_str))
            .bind(filter.before.as_ref().map(|id| &id.0))
            .bind(i64::MAX)
            .bind(filter.limit)
            .bind(filter.offset)
            .bind(filter.with_previews)
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(|row| rows::json(row, "document")).collect()
    }
}
