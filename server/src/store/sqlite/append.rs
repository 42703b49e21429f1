//! A message and the turn that answers it, committed together (BAR.md D1). Nearly always nothing is in the way, so it is
//! tried at once, and only what was not done is asked for its reason.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use atthene_protocol::ids::{MessageId, RunId};

use super::super::{Appended, NewTurn, StoreError, StoreResult};
use super::script::{Script, script};
use super::{SqliteStore, rows};

/// Between the attempt and the question for its reason, the reason may go away.
const ATTEMPTS: u32 = 5;

/// The turn first, if it may be; the rest follows from it. A turn that waits for this very answer is done with it.
const APPEND: Script = script!(
    "INSERT INTO turns (workspace_id, run_id, session_id, question_id, answer_id, status, ordinal, started_at,
         correlation_id)
     SELECT $1, $4, $2, $5, $6, 'running',
         (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM turns WHERE workspace_id = $1 AND session_id = $2), $8, $10
     FROM sessions WHERE workspace_id = $1 AND id = $2
         AND NOT EXISTS (SELECT 1 FROM messages WHERE workspace_id = $1 AND session_id = $2 AND client_id = $3)
         AND NOT EXISTS (SELECT 1 FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'running')
         AND (SELECT interrupt ->> 'id' FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'waiting')
             IS $13;

     UPDATE turns SET status = 'completed'
     WHERE workspace_id = $1 AND session_id = $2 AND status = 'waiting'
         AND EXISTS (SELECT 1 FROM turns AS new WHERE new.workspace_id = $1 AND new.run_id = $4);

     INSERT INTO messages (workspace_id, id, session_id, run_id, role, content, status, client_id, seq, position,
         created_at, blocks)
     WITH last AS MATERIALIZED (
         SELECT reserved_seq AS seq, (
             SELECT COALESCE(MAX(position), 0) FROM messages WHERE workspace_id = $1 AND session_id = $2
         ) AS position
         FROM sessions WHERE workspace_id = $1 AND id = $2
             AND EXISTS (SELECT 1 FROM turns WHERE workspace_id = $1 AND run_id = $4)
     )
     SELECT $1, $5, $2, $4, 'user', $7, 'completed', $3, seq + 1, position + 1, $8, $12 FROM last
     UNION ALL SELECT $1, $6, $2, $4, 'assistant', '', 'running', NULL, seq + 1, position + 2, $8, NULL FROM last;

     UPDATE sessions SET reserved_seq = reserved_seq + $9, last_seq = MAX(last_seq, reserved_seq + 1),
         last_activity_at = $8, variables = COALESCE($11, variables)
     WHERE workspace_id = $1 AND id = $2 AND EXISTS (SELECT 1 FROM turns WHERE workspace_id = $1 AND run_id = $4)
     RETURNING reserved_seq - $9 + 1 AS first_seq,
         (SELECT position FROM messages WHERE workspace_id = $1 AND id = $5) = 1 AS is_first"
);

/// Appends it, or says why not.
pub(super) async fn append(store: &SqliteStore, new: &NewTurn, seq_block: u64) -> StoreResult<Appended> {
    let blocks = (!new.blocks.is_empty())
        .then(|| rows::to_json(&new.blocks))
        .transpose()?;
    let variables = new.variables.as_ref().map(rows::to_json).transpose()?;
    for _ in 0..ATTEMPTS {
        let values = APPEND
            .values()
            .bind(&new.workspace.0)
            .bind(&new.session_id.0)
            .bind(&new.client_id)
            .bind(&new.run_id.0)
            .bind(&new.question_id.0)
            .bind(&new.answer_id.0)
            .bind(&new.content)
            .bind(new.now.0)
            .bind(rows::integer(seq_block.max(1)))
            .bind(&new.correlation_id)
            .bind(&variables)
            .bind(&blocks)
            .bind(new.answers.as_ref().map(|id| id.as_str()));
        if let Some(appended) = store.writer.run(&APPEND, values).await?.first() {
            return Ok(Appended::New {
                first_seq: rows::number(appended, "first_seq")?,
                is_first: appended.try_get("is_first")?,
            });
        }
        if let Some(reason) = reason(store, new, blocks.as_deref()).await? {
            return Ok(reason);
        }
    }
    Err(StoreError::Broken(format!(
        "a message to {} is neither kept nor refused",
        new.session_id
    )))
}

/// What is in the way. First of all: a message that is sent again must get its old answer, also while its own turn is
/// running.
async fn reason(store: &SqliteStore, new: &NewTurn, blocks: Option<&str>) -> StoreResult<Option<Appended>> {
    let found = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'running')
                 AS is_running,
             (SELECT interrupt ->> 'id' FROM turns WHERE workspace_id = $1 AND session_id = $2 AND status = 'waiting')
                 AS waits_for,
             earlier.id AS earlier_id, earlier.run_id, earlier.content, earlier.blocks, earlier.seq
         FROM sessions LEFT JOIN messages AS earlier ON earlier.workspace_id = $1 AND earlier.session_id = $2
             AND earlier.client_id = $3
         WHERE sessions.workspace_id = $1 AND sessions.id = $2",
    )
    .bind(&new.workspace.0)
    .bind(&new.session_id.0)
    .bind(&new.client_id)
    .fetch_optional(&mut *store.readers.take().await?)
    .await?;
    let Some(found) = found else {
        return Ok(Some(Appended::NoSession));
    };
    if let Some(earlier) = earlier(&found, new, blocks)? {
        return Ok(Some(earlier));
    }
    if found.try_get("is_running")? {
        return Ok(Some(Appended::TurnRunning));
    }
    let waits_for: Option<&str> = found.try_get("waits_for")?;
    Ok(match (waits_for, &new.answers) {
        (Some(_), None) => Some(Appended::Waiting),
        (waits_for, Some(answers)) if waits_for != Some(answers.as_str()) => Some(Appended::NotWaiting),
        _ => None,
    })
}

/// What the same client id was given before, if it came before.
fn earlier(found: &SqliteRow, new: &NewTurn, blocks: Option<&str>) -> StoreResult<Option<Appended>> {
    let Some(question_id) = found.try_get::<Option<String>, _>("earlier_id")? else {
        return Ok(None);
    };
    let is_same_text = found.try_get::<&str, _>("content")? == new.content;
    if !is_same_text || found.try_get::<Option<&str>, _>("blocks")? != blocks {
        return Ok(Some(Appended::ClientIdReused));
    }
    Ok(Some(Appended::Duplicate {
        question_id: MessageId(question_id),
        run_id: RunId(found.try_get("run_id")?),
        seq: rows::number(found, "seq")?,
    }))
}
