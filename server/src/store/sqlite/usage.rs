//! Sums in SQLite: rows of `turns` and `sessions` behind the last one that was gathered, added to the rows of their hour
//! and day. Rows are numbered as they are made; migration 0012 keeps the numbers true where the last ones are erased.

use std::collections::BTreeMap;

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{StoreResult, UsageStore};
use super::{SqliteStore, rows};
use crate::model::conversation::Status;
use crate::model::time::Timestamp;
use crate::model::usage::{Counts, UsageStep, Used};

/// So many turns that are not gathered yet are read with every question: more are never there for long.
const FRESH: u32 = 1_000;
const STEPS: [UsageStep; 2] = [UsageStep::Hour, UsageStep::Day];

/// Workspace, agent (empty for none), begin of the hour.
type Place = (String, String, Timestamp);

/// What was read, and how far.
struct Gathered {
    before: i64,
    until: i64,
    read: usize,
    hours: BTreeMap<Place, Counts>,
}

#[async_trait]
impl UsageStore for SqliteStore {
    async fn gather_usage(&self, limit: u32) -> StoreResult<bool> {
        let turns = self.read_turns(limit).await?;
        let sessions = self.read_sessions(limit).await?;
        let is_more = turns.read.max(sessions.read) >= limit as usize;
        if turns.read + sessions.read == 0 {
            return Ok(false);
        }
        let kept = self
            .writer
            .write(move |connection| Box::pin(async move { keep(connection, turns, sessions).await }))
            .await?;
        Ok(kept && is_more)
    }

    async fn list_usage(&self, workspace: &WorkspaceId, step: UsageStep, from: Timestamp) -> StoreResult<Vec<Used>> {
        let from = step.begin(from);
        let found = sqlx::query(
            "SELECT at, agent_id, document FROM usage_sums WHERE workspace_id = $1 AND step = $2 AND at >= $3",
        )
        .bind(&workspace.0)
        .bind(step.as_str())
        .bind(from.0)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let mut listed = Vec::with_capacity(found.len());
        for row in &found {
            listed.push(Used {
                at: Timestamp(row.try_get("at")?),
                agent_id: agent(row.try_get("agent_id")?),
                counts: rows::json(row, "document")?,
            });
        }
        for fresh in [self.read_turns(FRESH).await?, self.read_sessions(FRESH).await?] {
            let of_workspace = fresh.hours.into_iter().filter(|((owner, ..), _)| *owner == workspace.0);
            let fresh = of_workspace.map(|((_, agent_id, hour), counts)| Used {
                at: step.begin(hour),
                agent_id: agent(agent_id),
                counts,
            });
            listed.extend(fresh.filter(|used| used.at >= from));
        }
        let refused = sqlx::query(
            "SELECT subject, at / $3 * $3 AS begin, COUNT(*) AS refused FROM audit_log
             WHERE workspace_id = $1 AND action = 'origin.refused' AND at >= $2 GROUP BY 1, 2",
        )
        .bind(&workspace.0)
        .bind(from.0)
        .bind(step.ms())
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        for row in &refused {
            let counts = Counts {
                refused_origins: rows::number(row, "refused")?,
                ..Counts::default()
            };
            listed.push(Used {
                at: Timestamp(row.try_get("begin")?),
                agent_id: agent(row.try_get("subject")?),
                counts,
            });
        }
        Ok(listed)
    }

    async fn delete_usage_before(&self, moment: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_some(
            "DELETE FROM usage_sums WHERE (workspace_id, step, at, agent_id) IN (
                 SELECT workspace_id, step, at, agent_id FROM usage_sums WHERE at < $1 LIMIT $2
             )",
            moment,
            limit,
        )
        .await
    }
}

impl SqliteStore {
    /// Turns behind those that are gathered, up to the first one that still runs.
    async fn read_turns(&self, limit: u32) -> StoreResult<Gathered> {
        let found = sqlx::query(
            "SELECT usage_gathered.turns AS before, turns.rowid AS place, turns.workspace_id, turns.status,
                 turns.started_at, turns.finished_at, turns.first_token_at, turns.input_tokens, turns.output_tokens,
                 sessions.agent_id, sessions.is_preview, EXISTS (
                     SELECT 1 FROM turns AS earlier
                     WHERE earlier.workspace_id = turns.workspace_id AND earlier.session_id = turns.session_id
                         AND earlier.ordinal = turns.ordinal - 1 AND earlier.question_id = turns.question_id
                 ) AS is_retry
             FROM usage_gathered CROSS JOIN turns ON turns.rowid > usage_gathered.turns
                 CROSS JOIN sessions ON sessions.workspace_id = turns.workspace_id AND sessions.id = turns.session_id
             ORDER BY turns.rowid LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let mut gathered = Gathered::begin(&found)?;
        for row in &found {
            let status = rows::status(row)?;
            if status == Status::Running {
                break;
            }
            let counts = gathered.take(row, "started_at")?;
            if let Some(counts) = counts {
                count_turn(row, status, counts)?;
            }
        }
        Ok(gathered)
    }

    /// Sessions behind those that are gathered.
    async fn read_sessions(&self, limit: u32) -> StoreResult<Gathered> {
        let found = sqlx::query(
            "SELECT usage_gathered.sessions AS before, sessions.rowid AS place, workspace_id, agent_id, visitor_id,
                 is_preview, created_at
             FROM usage_gathered CROSS JOIN sessions ON sessions.rowid > usage_gathered.sessions
             ORDER BY sessions.rowid LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let mut gathered = Gathered::begin(&found)?;
        for row in &found {
            if let Some(counts) = gathered.take(row, "created_at")? {
                counts.sessions += 1;
                // A visitor who comes back goes on with their session, so each visitor begins one.
                counts.visitors += u64::from(row.try_get::<Option<&str>, _>("visitor_id")?.is_some());
            }
        }
        Ok(gathered)
    }
}

impl Gathered {
    fn begin(found: &[SqliteRow]) -> StoreResult<Self> {
        let before = found.first().map_or(Ok(0), |row| row.try_get("before"))?;
        Ok(Self {
            before,
            until: before,
            read: 0,
            hours: BTreeMap::new(),
        })
    }

    /// Where a row counts; nowhere what was a preview.
    fn take(&mut self, row: &SqliteRow, at: &str) -> StoreResult<Option<&mut Counts>> {
        self.until = row.try_get("place")?;
        self.read += 1;
        if row.try_get("is_preview")? {
            return Ok(None);
        }
        let agent_id: Option<String> = row.try_get("agent_id")?;
        let hour = UsageStep::Hour.begin(Timestamp(row.try_get(at)?));
        let place = (row.try_get("workspace_id")?, agent_id.unwrap_or_default(), hour);
        Ok(Some(self.hours.entry(place).or_default()))
    }
}

fn count_turn(row: &SqliteRow, status: Status, counts: &mut Counts) -> StoreResult<()> {
    let number = |column: &str| row.try_get::<Option<i64>, _>(column);
    let started_at: i64 = row.try_get("started_at")?;
    counts.turns += 1;
    // A retry asks the same question again, and its answer takes the place of the one before.
    counts.messages += if row.try_get("is_retry")? { 0 } else { 2 };
    counts.errors += u64::from(matches!(status, Status::Error | Status::Interrupted));
    let tokens = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    counts.input_tokens += tokens(number("input_tokens")?);
    counts.output_tokens += tokens(number("output_tokens")?);
    if let Some(at) = number("first_token_at")? {
        counts.first_token.note(at - started_at);
    }
    if let Some(at) = number("finished_at")? {
        counts.turn.note(at - started_at);
    }
    Ok(())
}

/// Adds it all up, if nobody else did meanwhile; whether.
async fn keep(connection: &mut SqliteConnection, turns: Gathered, sessions: Gathered) -> StoreResult<bool> {
    let moved = sqlx::query(
        "UPDATE usage_gathered SET turns = CASE WHEN $3 THEN $2 ELSE turns END,
             sessions = CASE WHEN $6 THEN $5 ELSE sessions END
         WHERE (NOT $3 OR turns = $1) AND (NOT $6 OR sessions = $4)",
    )
    .bind(turns.before)
    .bind(turns.until)
    .bind(turns.read > 0)
    .bind(sessions.before)
    .bind(sessions.until)
    .bind(sessions.read > 0)
    .execute(&mut *connection)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    let mut sums: BTreeMap<(String, &'static str, Timestamp, String), Counts> = BTreeMap::new();
    for ((workspace, agent_id, hour), counts) in turns.hours.into_iter().chain(sessions.hours) {
        for step in STEPS {
            let place = (workspace.clone(), step.as_str(), step.begin(hour), agent_id.clone());
            sums.entry(place).or_default().add(&counts);
        }
    }
    for ((workspace, step, at, agent_id), mut counts) in sums {
        let found = sqlx::query(
            "SELECT document FROM usage_sums WHERE workspace_id = $1 AND step = $2 AND at = $3 AND agent_id = $4",
        )
        .bind(&workspace)
        .bind(step)
        .bind(at.0)
        .bind(&agent_id)
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(row) = found {
            counts.add(&rows::json(&row, "document")?);
        }
        sqlx::query(
            "INSERT INTO usage_sums (workspace_id, step, at, agent_id, document) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (workspace_id, step, at, agent_id) DO UPDATE SET document = excluded.document",
        )
        .bind(&workspace)
        .bind(step)
        .bind(at.0)
        .bind(&agent_id)
        .bind(rows::to_json(&counts)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(true)
}

fn agent(id: String) -> Option<AgentId> {
    Some(id).filter(|id| !id.is_empty()).map(AgentId)
}
