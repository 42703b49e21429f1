//! The steps that the verbs of `turns` share. Each runs inside the verb's transaction and is nothing by itself.

use atthene_protocol::ids::{RunId, SessionId, WorkspaceId};
use sqlx::SqliteConnection;

use super::super::StoreResult;
use super::rows;
use crate::model::conversation::{Status, Turn};
use crate::model::time::Timestamp;

/// Hands out `count` numbers and answers the first. `None`: there is no such session.
pub(super) async fn reserve(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    count: u64,
) -> StoreResult<Option<u64>> {
    let count = count.max(1);
    let found = sqlx::query(
        "UPDATE sessions SET reserved_seq = reserved_seq + $3 WHERE workspace_id = $1 AND id = $2
         RETURNING reserved_seq",
    )
    .bind(&workspace.0)
    .bind(&session.0)
    .bind(rows::integer(count))
    .fetch_optional(connection)
    .await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some(rows::number(&found, "reserved_seq")? - count + 1))
}

/// Hands out `count` numbers for a change that is committed under the first of them. `None`: there is no such session.
pub(super) async fn take_seqs(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    count: u64,
    now: Timestamp,
) -> StoreResult<Option<u64>> {
    let count = count.max(1);
    // What stands on the right is how the row was before.
    let found = sqlx::query(
        "UPDATE sessions SET reserved_seq = reserved_seq + $3, last_seq = MAX(last_seq, reserved_seq + 1),
             last_activity_at = $4
         WHERE workspace_id = $1 AND id = $2 RETURNING reserved_seq",
    )
    .bind(&workspace.0)
    .bind(&session.0)
    .bind(rows::integer(count))
    .bind(now.0)
    .fetch_optional(connection)
    .await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some(rows::number(&found, "reserved_seq")? - count + 1))
}

/// Notes a committed change. A late one with a lower number does not take the clock back.
pub(super) async fn raise_last_seq(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    seq: u64,
    now: Option<Timestamp>,
) -> StoreResult<()> {
    sqlx::query(
        "UPDATE sessions SET last_seq = MAX(last_seq, $3), reserved_seq = MAX(reserved_seq, $3),
             last_activity_at = COALESCE($4, last_activity_at)
         WHERE workspace_id = $1 AND id = $2",
    )
    .bind(&workspace.0)
    .bind(&session.0)
    .bind(rows::integer(seq))
    .bind(now.map(|now| now.0))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn write_answer(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    answer_id: &str,
    content: &str,
    status: Status,
    seq: u64,
) -> StoreResult<()> {
    sqlx::query(
        "UPDATE messages SET content = $3, status = $4, seq = MAX(seq, $5) WHERE workspace_id = $1 AND id = $2",
    )
    .bind(&workspace.0)
    .bind(answer_id)
    .bind(content)
    .bind(status.as_str())
    .bind(rows::integer(seq))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn write_blocks(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    message_id: &str,
    blocks: Option<String>,
) -> StoreResult<()> {
    sqlx::query("UPDATE messages SET blocks = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(&workspace.0)
        .bind(message_id)
        .bind(blocks)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_turn(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    turn: &Turn,
    ordinal: i64,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO turns (workspace_id, run_id, session_id, question_id, answer_id, status, ordinal, started_at,
             correlation_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&workspace.0)
    .bind(&turn.run_id.0)
    .bind(&turn.session_id.0)
    .bind(&turn.question_id.0)
    .bind(&turn.answer_id.0)
    .bind(turn.status.as_str())
    .bind(ordinal)
    .bind(turn.started_at.0)
    .bind(&turn.correlation_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn stop_waiting(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    now: Timestamp,
) -> StoreResult<Option<(RunId, u64)>> {
    let stopped: Option<String> = sqlx::query_scalar(
        "UPDATE turns SET status = 'stopped' WHERE workspace_id = $1 AND session_id = $2 AND status = 'waiting'
         RETURNING run_id",
    )
    .bind(&workspace.0)
    .bind(&session.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(run_id) = stopped else { return Ok(None) };
    let seq = take_seqs(connection, workspace, session, 1, now).await?;
    Ok(seq.map(|seq| (RunId(run_id), seq)))
}
