//! Messages and turns in SQLite. Each verb is one piece of work of the writer, so its checks and changes are atomic.
//!
//! The numbers: `reserved_seq` only rises when numbers are handed out, `last_seq` only when a change is committed.

use async_trait::async_trait;
use atthene_protocol::ids::{RunId, SessionId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{Appended, NewTurn, Retried, StoreError, StoreResult, TurnEnd, TurnStore};
use super::append::append;
use super::finish::finish;
use super::steps::{insert_turn, raise_last_seq, reserve, stop_waiting, take_seqs, write_answer, write_blocks};
use super::{SqliteStore, budgets, rows};
use crate::model::conversation::{Message, Status, Turn};
use crate::model::time::Timestamp;

#[async_trait]
impl TurnStore for SqliteStore {
    async fn append_visitor_message(&self, new: &NewTurn, seq_block: u64) -> StoreResult<Appended> {
        append(self, new, seq_block).await
    }

    async fn retry_turn(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        run_id: &RunId,
        now: Timestamp,
        seq_block: u64,
    ) -> StoreResult<Retried> {
        let (workspace, session, run_id) = (workspace.clone(), session.clone(), run_id.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move { retry(connection, &workspace, &session, run_id, now, seq_block).await })
            })
            .await
    }

    async fn reserve_seqs(&self, workspace: &WorkspaceId, session: &SessionId, count: u64) -> StoreResult<u64> {
        let (workspace, session) = (workspace.clone(), session.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let first = reserve(connection, &workspace, &session, count).await?;
                    first.ok_or_else(|| StoreError::Broken(format!("no session {session} to reserve numbers of")))
                })
            })
            .await
    }

    async fn checkpoint_turn(
        &self,
        workspace: &WorkspaceId,
        run_id: &RunId,
        content: &str,
        seq: u64,
    ) -> StoreResult<bool> {
        let (workspace, run_id, content) = (workspace.clone(), run_id.clone(), content.to_owned());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let running = sqlx::query(
                        "SELECT session_id, answer_id FROM turns
                         WHERE workspace_id = $1 AND run_id = $2 AND status = 'running'",
                    )
                    .bind(&workspace.0)
                    .bind(&run_id.0)
                    .fetch_optional(&mut *connection)
                    .await?;
                    let Some(turn) = running else { return Ok(false) };
                    let (session, answer) = (SessionId(turn.try_get("session_id")?), turn.try_get("answer_id")?);
                    write_answer(connection, &workspace, answer, &content, Status::Running, seq).await?;
                    raise_last_seq(connection, &workspace, &session, seq, None).await?;
                    Ok(true)
                })
            })
            .await
    }

    async fn finish_turn(&self, workspace: &WorkspaceId, end: &TurnEnd) -> StoreResult<Option<u64>> {
        finish(self, workspace, end).await
    }

    async fn stop_waiting_turn(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        now: Timestamp,
    ) -> StoreResult<Option<(RunId, u64)>> {
        let (workspace, session) = (workspace.clone(), session.clone());
        self.writer
            .write(move |connection| Box::pin(async move { stop_waiting(connection, &workspace, &session, now).await }))
            .await
    }

    async fn find_turn(&self, workspace: &WorkspaceId, run_id: &RunId) -> StoreResult<Option<(Turn, Message)>> {
        let found = sqlx::query("SELECT * FROM turns WHERE workspace_id = $1 AND run_id = $2")
            .bind(&workspace.0)
            .bind(&run_id.0)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        let Some(turn) = found.as_ref().map(rows::turn).transpose()? else {
            return Ok(None);
        };
        let answer = sqlx::query("SELECT * FROM messages WHERE workspace_id = $1 AND id = $2")
            .bind(&workspace.0)
            .bind(&turn.answer_id.0)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        let answer = answer.as_ref().map(rows::message).transpose()?;
        Ok(answer.map(|answer| (turn, answer)))
    }

    async fn find_latest_turn(&self, workspace: &WorkspaceId, session: &SessionId) -> StoreResult<Option<Turn>> {
        let found = sqlx::query(
            "SELECT * FROM turns WHERE workspace_id = $1 AND session_id = $2 ORDER BY ordinal DESC LIMIT 1",
        )
        .bind(&workspace.0)
        .bind(&session.0)
        .fetch_optional(&mut *self.readers.take().await?)
        .await?;
        found.as_ref().map(rows::turn).transpose()
    }

    async fn interrupt_running_turns(&self, now: Timestamp) -> StoreResult<u64> {
        self.writer
            .write(move |connection| Box::pin(async move { interrupt_running(connection, now).await }))
            .await
    }
}

async fn retry(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    run_id: RunId,
    now: Timestamp,
    seq_block: u64,
) -> StoreResult<Retried> {
    let latest =
        sqlx::query("SELECT * FROM turns WHERE workspace_id = $1 AND session_id = $2 ORDER BY ordinal DESC LIMIT 1")
            .bind(&workspace.0)
            .bind(&session.0)
            .fetch_optional(&mut *connection)
            .await?;
    let Some(latest) = latest else {
        return Ok(Retried::NothingToRetry);
    };
    let ordinal: i64 = latest.try_get("ordinal")?;
    let latest = rows::turn(&latest)?;
    match latest.status {
        Status::Running => return Ok(Retried::TurnRunning),
        Status::Completed | Status::Waiting => return Ok(Retried::NothingToRetry),
        Status::Interrupted | Status::Stopped | Status::Error => {}
    }
    let Some(first_seq) = take_seqs(connection, workspace, session, seq_block, now).await? else {
        return Ok(Retried::NothingToRetry);
    };
    let turn = Turn {
        run_id,
        session_id: session.clone(),
        question_id: latest.question_id,
        answer_id: latest.answer_id,
        status: Status::Running,
        interrupt: None,
        error_code: None,
        started_at: now,
        finished_at: None,
        correlation_id: latest.correlation_id,
        input_tokens: None,
        output_tokens: None,
    };
    insert_turn(connection, workspace, &turn, ordinal + 1).await?;
    // The question belongs to the new turn as well, but it did not change: it keeps its number and its time. What somebody
    // thought of the answer was of another text.
    sqlx::query(
        "UPDATE messages SET run_id = $4, created_at = CASE id WHEN $3 THEN $5 ELSE created_at END,
             rating = NULL, rating_comment = NULL, rated_at = NULL
         WHERE workspace_id = $1 AND id IN ($2, $3)",
    )
    .bind(&workspace.0)
    .bind(&turn.question_id.0)
    .bind(&turn.answer_id.0)
    .bind(&turn.run_id.0)
    .bind(now.0)
    .execute(&mut *connection)
    .await?;
    write_answer(
        connection,
        workspace,
        turn.answer_id.as_str(),
        "",
        Status::Running,
        first_seq,
    )
    .await?;
    // What it asked is asked no more.
    write_blocks(connection, workspace, turn.answer_id.as_str(), None).await?;
    Ok(Retried::New {
        turn: Box::new(turn),
        first_seq,
    })
}

/// Of all workspaces: it runs once, before anybody is served. Each step finds its rows by the turns that still run.
async fn interrupt_running(connection: &mut SqliteConnection, now: Timestamp) -> StoreResult<u64> {
    budgets::add_interrupted(connection, now).await?;
    sqlx::query(
        "UPDATE sessions SET reserved_seq = reserved_seq + 1, last_seq = reserved_seq + 1
         WHERE (workspace_id, id) IN (SELECT workspace_id, session_id FROM turns WHERE status = 'running')",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE messages SET status = 'interrupted', seq = (
             SELECT last_seq FROM sessions
             WHERE sessions.workspace_id = messages.workspace_id AND sessions.id = messages.session_id
         )
         WHERE (workspace_id, id) IN (SELECT workspace_id, answer_id FROM turns WHERE status = 'running')",
    )
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query("UPDATE turns SET status = 'interrupted', finished_at = $1 WHERE status = 'running'")
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
