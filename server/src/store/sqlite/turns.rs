//! Messages and turns in SQLite. Each verb is one piece of work of the writer, so its checks and changes are atomic.
//!
//! The numbers: `reserved_seq` only rises when numbers are handed out, `last_seq` only when a change is committed.

use async_trait::async_trait;
use atthene_protocol::ids::{MessageId, RunId, SessionId, WorkspaceId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{Appended, NewTurn, Retried, StoreError, StoreResult, TurnEnd, TurnStore};
use super::steps::{
    answer_waiting, insert_turn, raise_last_seq, reserve, stop_waiting, take_seqs, write_answer, write_blocks,
};
use super::{SqliteStore, budgets, rows};
use crate::model::conversation::{Block, Message, Role, Status, Turn};
use crate::model::time::Timestamp;

#[async_trait]
impl TurnStore for SqliteStore {
    async fn append_visitor_message(&self, new: &NewTurn, seq_block: u64) -> StoreResult<Appended> {
        let new = new.clone();
        self.writer
            .write(move |connection| Box::pin(async move { append(connection, &new, seq_block).await }))
            .await
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
        let (workspace, end) = (workspace.clone(), end.clone());
        self.writer
            .write(move |connection| Box::pin(async move { finish(connection, &workspace, &end).await }))
            .await
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
            .fetch_optional(&self.readers)
            .await?;
        let Some(turn) = found.as_ref().map(rows::turn).transpose()? else {
            return Ok(None);
        };
        let answer = sqlx::query("SELECT * FROM messages WHERE workspace_id = $1 AND id = $2")
            .bind(&workspace.0)
            .bind(&turn.answer_id.0)
            .fetch_optional(&self.readers)
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
        .fetch_optional(&self.readers)
        .await?;
        found.as_ref().map(rows::turn).transpose()
    }

    async fn interrupt_running_turns(&self, now: Timestamp) -> StoreResult<u64> {
        self.writer
            .write(move |connection| Box::pin(async move { interrupt_running(connection, now).await }))
            .await
    }
}

async fn append(connection: &mut SqliteConnection, new: &NewTurn, seq_block: u64) -> StoreResult<Appended> {
    let (workspace, session) = (&new.workspace.0, &new.session_id.0);
    let before = sqlx::query(
        "SELECT
             (SELECT COALESCE(MAX(position), 0) FROM messages WHERE workspace_id = $1 AND session_id = $2) AS position,
             (SELECT COALESCE(MAX(ordinal), 0) FROM turns WHERE workspace_id = $1 AND session_id = $2) AS ordinal,
             EXISTS (SELECT 1 FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'running')
                 AS is_running,
             (SELECT interrupt ->> 'id' FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'waiting')
                 AS waits_for,
             earlier.id AS earlier_id, earlier.run_id, earlier.content, earlier.blocks, earlier.seq
         FROM sessions LEFT JOIN messages AS earlier ON earlier.workspace_id = $1 AND earlier.session_id = $2
             AND earlier.client_id = $3
         WHERE sessions.workspace_id = $1 AND sessions.id = $2",
    )
    .bind(workspace)
    .bind(session)
    .bind(&new.client_id)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(before) = before else {
        return Ok(Appended::NoSession);
    };
    // First of all: a message that is sent again must get its old answer, also while its own turn is running.
    if let Some(earlier) = earlier(&before, new)? {
        return Ok(earlier);
    }
    if before.try_get("is_running")? {
        return Ok(Appended::TurnRunning);
    }
    let waits_for: Option<&str> = before.try_get("waits_for")?;
    match (waits_for, &new.answers) {
        (None, None) => {}
        (Some(_), None) => return Ok(Appended::Waiting),
        (Some(waits_for), Some(answers)) if waits_for == answers.as_str() => {
            answer_waiting(connection, &new.workspace, &new.session_id).await?;
        }
        (_, Some(_)) => return Ok(Appended::NotWaiting),
    }
    let position: i64 = before.try_get("position")?;
    let ordinal: i64 = before.try_get("ordinal")?;
    let Some(first_seq) = take_seqs(connection, &new.workspace, &new.session_id, seq_block, new.now).await? else {
        return Ok(Appended::NoSession);
    };
    sqlx::query(
        "INSERT INTO messages (workspace_id, id, session_id, run_id, role, content, status, client_id, seq, position,
             created_at, blocks)
         VALUES ($1, $2, $4, $5, $6, $8, $9, $11, $12, $13, $15, $16),
             ($1, $3, $4, $5, $7, '', $10, NULL, $12, $14, $15, NULL)",
    )
    .bind(workspace)
    .bind(&new.question_id.0)
    .bind(&new.answer_id.0)
    .bind(session)
    .bind(&new.run_id.0)
    .bind(role_word(Role::User))
    .bind(role_word(Role::Assistant))
    .bind(&new.content)
    .bind(Status::Completed.as_str())
    .bind(Status::Running.as_str())
    .bind(&new.client_id)
    .bind(rows::integer(first_seq))
    .bind(position + 1)
    .bind(position + 2)
    .bind(new.now.0)
    .bind(blocks_of(new)?)
    .execute(&mut *connection)
    .await?;
    if let Some(variables) = &new.variables {
        sqlx::query("UPDATE sessions SET variables = $3 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(session)
            .bind(rows::to_json(variables)?)
            .execute(&mut *connection)
            .await?;
    }
    let turn = Turn {
        run_id: new.run_id.clone(),
        session_id: new.session_id.clone(),
        question_id: new.question_id.clone(),
        answer_id: new.answer_id.clone(),
        status: Status::Running,
        interrupt: None,
        error_code: None,
        started_at: new.now,
        finished_at: None,
        correlation_id: new.correlation_id.clone(),
        input_tokens: None,
        output_tokens: None,
    };
    insert_turn(connection, &new.workspace, &turn, ordinal + 1).await?;
    Ok(Appended::New { first_seq })
}

/// What the same client id was given before, if it came before.
fn earlier(earlier: &SqliteRow, new: &NewTurn) -> StoreResult<Option<Appended>> {
    let Some(question_id) = earlier.try_get::<Option<String>, _>("earlier_id")? else {
        return Ok(None);
    };
    let is_same_text = earlier.try_get::<&str, _>("content")? == new.content;
    if !is_same_text || earlier.try_get::<Option<String>, _>("blocks")? != blocks_of(new)? {
        return Ok(Some(Appended::ClientIdReused));
    }
    Ok(Some(Appended::Duplicate {
        question_id: MessageId(question_id),
        run_id: RunId(earlier.try_get("run_id")?),
        seq: rows::number(earlier, "seq")?,
    }))
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
    // The question belongs to the new turn as well, but it did not change: it keeps its number and its time.
    sqlx::query(
        "UPDATE messages SET run_id = $4, created_at = CASE id WHEN $3 THEN $5 ELSE created_at END
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

async fn finish(connection: &mut SqliteConnection, workspace: &WorkspaceId, end: &TurnEnd) -> StoreResult<Option<u64>> {
    if end.status == Status::Running {
        return Err(StoreError::Broken(format!("{} cannot end as running", end.run_id)));
    }
    let ended = sqlx::query(
        "UPDATE turns SET status = $3, error_code = $4, input_tokens = $5, output_tokens = $6, finished_at = $7,
             interrupt = $8
         WHERE workspace_id = $1 AND run_id = $2 AND status = 'running' RETURNING session_id, answer_id,
             (SELECT agent_id FROM sessions WHERE sessions.workspace_id = turns.workspace_id
                 AND sessions.id = turns.session_id) AS agent_id",
    )
    .bind(&workspace.0)
    .bind(&end.run_id.0)
    .bind(end.status.as_str())
    .bind(&end.error_code)
    .bind(end.input_tokens.map(rows::integer))
    .bind(end.output_tokens.map(rows::integer))
    .bind(end.now.0)
    .bind(
        end.waits
            .as_ref()
            .map(|waits| rows::to_json(&waits.interrupt))
            .transpose()?,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(turn) = ended else { return Ok(None) };
    let (session, answer) = (SessionId(turn.try_get("session_id")?), turn.try_get("answer_id")?);
    match &end.waits {
        None => write_answer(connection, workspace, answer, &end.content, end.status, end.seq).await?,
        Some(waits) => {
            write_answer(connection, workspace, answer, &end.content, Status::Completed, end.seq).await?;
            let blocks = [Block::Asked(waits.asked.clone())];
            write_blocks(connection, workspace, answer, Some(rows::to_json(&blocks)?)).await?;
        }
    }
    raise_last_seq(connection, workspace, &session, end.seq, Some(end.now)).await?;
    let sum = match turn.try_get::<Option<&str>, _>("agent_id")? {
        Some(agent) => budgets::add(connection, workspace, agent, end.now.day(), end.spent_tokens).await?,
        None => 0,
    };
    Ok(Some(sum))
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

fn blocks_of(new: &NewTurn) -> StoreResult<Option<String>> {
    (!new.blocks.is_empty()).then(|| rows::to_json(&new.blocks)).transpose()
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
