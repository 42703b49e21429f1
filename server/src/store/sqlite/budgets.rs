//! What agents spent, in SQLite: one sum per agent and day.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sqlx::SqliteConnection;

use super::super::{BudgetStore, StoreResult};
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;

#[async_trait]
impl BudgetStore for SqliteStore {
    async fn spent_tokens(&self, workspace: &WorkspaceId, agent: &AgentId, day: i64) -> StoreResult<u64> {
        let found = sqlx::query("SELECT tokens FROM agent_days WHERE workspace_id = $1 AND agent_id = $2 AND day = $3")
            .bind(&workspace.0)
            .bind(&agent.0)
            .bind(day)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        found.as_ref().map_or(Ok(0), |row| rows::number(row, "tokens"))
    }

    async fn add_spent_tokens(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        day: i64,
        tokens: u64,
    ) -> StoreResult<u64> {
        let (workspace, agent) = (workspace.clone(), agent.clone());
        self.writer
            .write(move |connection| Box::pin(async move { add(connection, &workspace, &agent.0, day, tokens).await }))
            .await
    }
}

/// Adds to the sum of a day and tells it. An agent that is gone spends nothing any more.
async fn add(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    agent: &str,
    day: i64,
    tokens: u64,
) -> StoreResult<u64> {
    let sum = sqlx::query(
        "INSERT INTO agent_days (workspace_id, agent_id, day, tokens)
         SELECT workspace_id, id, $3, $4 FROM agents WHERE workspace_id = $1 AND id = $2
         ON CONFLICT (workspace_id, agent_id, day) DO UPDATE SET tokens = MIN(tokens + excluded.tokens, $5)
         RETURNING tokens",
    )
    .bind(&workspace.0)
    .bind(agent)
    .bind(day)
    .bind(rows::integer(tokens.min(MOST_TOKENS)))
    .bind(rows::integer(MOST_TOKENS))
    .fetch_optional(connection)
    .await?;
    sum.as_ref().map_or(Ok(0), |row| rows::number(row, "tokens"))
}

/// Where sums end: far beyond any budget, and two of them still fit an integer.
pub(super) const MOST_TOKENS: u64 = 1 << 53;

/// What turns that a crash cut off have cost by the length of their texts: nobody heard the vendor's number.
pub(super) async fn add_interrupted(connection: &mut SqliteConnection, now: Timestamp) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO agent_days (workspace_id, agent_id, day, tokens)
         SELECT sessions.workspace_id, sessions.agent_id, $1, SUM((LENGTH(messages.content) + 3) / 4)
         FROM turns
         JOIN sessions ON sessions.workspace_id = turns.workspace_id AND sessions.id = turns.session_id
         JOIN messages ON messages.workspace_id = turns.workspace_id
             AND messages.id IN (turns.question_id, turns.answer_id)
         WHERE turns.status = 'running' AND sessions.agent_id IS NOT NULL
         GROUP BY sessions.workspace_id, sessions.agent_id
         ON CONFLICT (workspace_id, agent_id, day) DO UPDATE SET tokens = tokens + excluded.tokens",
    )
    .bind(now.day())
    .execute(connection)
    .await?;
    Ok(())
}
