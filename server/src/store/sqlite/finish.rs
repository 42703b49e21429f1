//! The end of a turn: its last text, how it ended, what it cost, and what is kept of it to look at.

use atthene_protocol::ids::WorkspaceId;

use super::super::{StoreError, StoreResult, TurnEnd};
use super::script::{Script, script};
use super::{SqliteStore, budgets, rows};
use crate::model::conversation::{Block, Status};

/// The turn itself last: as long as it is running, the rest may be written. An agent that is gone spends nothing any more.
const FINISH: Script = script!(
    "UPDATE messages SET content = $8, status = $15, seq = MAX(seq, $9), blocks = COALESCE($16, blocks)
     WHERE workspace_id = $1
         AND id = (SELECT answer_id FROM turns WHERE workspace_id = $1 AND run_id = $2 AND status = 'running');

     UPDATE sessions SET last_seq = MAX(last_seq, $9), reserved_seq = MAX(reserved_seq, $9), last_activity_at = $7
     WHERE workspace_id = $1
         AND id = (SELECT session_id FROM turns WHERE workspace_id = $1 AND run_id = $2 AND status = 'running');

     INSERT INTO traces (workspace_id, run_id, session_id, agent_id, status, document, started_at)
     SELECT turns.workspace_id, turns.run_id, turns.session_id, sessions.agent_id, $3, $13, $14
     FROM turns JOIN sessions ON sessions.workspace_id = turns.workspace_id AND sessions.id = turns.session_id
     WHERE turns.workspace_id = $1 AND turns.run_id = $2 AND turns.status = 'running' AND $13 IS NOT NULL;

     INSERT INTO agent_days (workspace_id, agent_id, day, tokens)
     SELECT agents.workspace_id, agents.id, $10, $11
     FROM turns JOIN sessions ON sessions.workspace_id = turns.workspace_id AND sessions.id = turns.session_id
         JOIN agents ON agents.workspace_id = sessions.workspace_id AND agents.id = sessions.agent_id
     WHERE turns.workspace_id = $1 AND turns.run_id = $2 AND turns.status = 'running'
     ON CONFLICT (workspace_id, agent_id, day) DO UPDATE SET tokens = MIN(tokens + excluded.tokens, $12);

     UPDATE turns SET status = $3, error_code = $4, input_tokens = $5, output_tokens = $6, finished_at = $7,
         interrupt = $17, first_token_at = $18
     WHERE workspace_id = $1 AND run_id = $2 AND status = 'running'
     RETURNING COALESCE((
         SELECT tokens FROM agent_days JOIN sessions ON sessions.workspace_id = $1 AND sessions.id = turns.session_id
         WHERE agent_days.workspace_id = $1 AND agent_days.agent_id = sessions.agent_id AND agent_days.day = $10
     ), 0) AS spent"
);

/// Ends it. `None`: it is no longer running, and is left alone.
pub(super) async fn finish(store: &SqliteStore, workspace: &WorkspaceId, end: &TurnEnd) -> StoreResult<Option<u64>> {
    if end.status == Status::Running {
        return Err(StoreError::Broken(format!("{} cannot end as running", end.run_id)));
    }
    // The message that asks a human is complete; it is the turn that waits.
    let (asked, interrupt, said) = match &end.waits {
        Some(waits) => (
            Some(rows::to_json(&[Block::Asked(waits.asked.clone())])?),
            Some(rows::to_json(&waits.interrupt)?),
            Status::Completed,
        ),
        None => (None, None, end.status),
    };
    let values = FINISH
        .values()
        .bind(&workspace.0)
        .bind(&end.run_id.0)
        .bind(end.status.as_str())
        .bind(&end.error_code)
        .bind(end.input_tokens.map(rows::integer))
        .bind(end.output_tokens.map(rows::integer))
        .bind(end.now.0)
        .bind(&end.content)
        .bind(rows::integer(end.seq))
        .bind(end.now.day())
        .bind(rows::integer(end.spent_tokens.min(budgets::MOST_TOKENS)))
        .bind(rows::integer(budgets::MOST_TOKENS))
        .bind(end.trace.as_ref().map(rows::to_json).transpose()?)
        .bind(end.trace.as_ref().map(|trace| trace.started_at.0))
        .bind(said.as_str())
        .bind(asked)
        .bind(interrupt)
        .bind(end.first_token_at.map(|at| at.0));
    let ended = store.writer.run(&FINISH, values).await?;
    ended.first().map(|row| rows::number(row, "spent")).transpose()
}
