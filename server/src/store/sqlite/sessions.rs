//! Sessions in SQLite: making, resuming, reading back.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, MessageId, SessionId, WorkspaceId};

use serde_json::Value;
use sqlx::{Connection, Row, SqliteConnection};

use super::super::{ResumeLookup, ResumeSecret, SessionFilter, SessionSnapshot, SessionStore, StoreResult};
use super::agents::keep_configuration;
use super::{SqliteStore, rows};
use crate::model::conversation::{Message, Session, Status};
use crate::model::time::Timestamp;

/// The latest messages below a position, at most so many, oldest first.
const LATEST_MESSAGES: &str = concat!(
    "SELECT ",
    rows::messages_json!(),
    " FROM (SELECT * FROM messages WHERE workspace_id = $1 AND session_id = $2 AND position < $3
         ORDER BY position DESC LIMIT $4)"
);

/// What changed after a number.
const CHANGED_MESSAGES: &str = concat!(
    "SELECT ",
    rows::messages_json!(),
    " FROM messages WHERE workspace_id = $1 AND session_id = $2 AND seq > $3"
);

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create_session(
        &self,
        session: &Session,
        resume: Option<&ResumeSecret>,
        own_config: Option<&Value>,
    ) -> StoreResult<()> {
        let (session, resume, own_config) = (session.clone(), resume.cloned(), own_config.cloned());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    if let Some(config) = own_config {
                        keep_configuration(connection, &session.workspace, &session.config_hash, &config).await?;
                    }
                    create(connection, &session, resume.as_ref()).await
                })
            })
            .await
    }

    async fn list_sessions(
        &self,
        workspace: &WorkspaceId,
        filter: &SessionFilter,
    ) -> StoreResult<Vec<(Session, Option<Status>)>> {
        // `json_each` takes a list of any length in one parameter.
        let agents = filter.agent_ids.as_ref().map(rows::to_json).transpose()?;
        let statuses = filter.latest_turn.as_ref().map(rows::to_json).transpose()?;
        let found = sqlx::query(
            "SELECT * FROM (
                 SELECT sessions.*, (
                     SELECT turns.status FROM turns
                     WHERE turns.workspace_id = sessions.workspace_id AND turns.session_id = sessions.id
                     ORDER BY turns.ordinal DESC LIMIT 1
                 ) AS status
                 FROM sessions WHERE workspace_id = $1 AND is_preview = 0
             )
             WHERE ($2 IS NULL OR key_id = $2)
                 AND ($3 IS NULL OR agent_id IN (SELECT value FROM json_each($3)))
                 AND ($4 IS NULL OR COALESCE(status, 'completed') IN (SELECT value FROM json_each($4)))
                 AND ($5 IS NULL OR last_activity_at > $5 OR status = 'waiting')
                 AND ($6 IS NULL OR last_activity_at <= $6)
             ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8",
        )
        .bind(&workspace.0)
        .bind(filter.key_id.as_ref().map(|id| &id.0))
        .bind(agents)
        .bind(statuses)
        .bind(filter.active_since.map(|at| at.0))
        .bind(filter.active_until.map(|at| at.0))
        .bind(filter.limit)
        .bind(filter.offset)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        let listed = found.iter().map(|row| {
            let has_turn = row.try_get::<Option<&str>, _>("status")?.is_some();
            let status = has_turn.then(|| rows::status(row)).transpose()?;
            Ok((rows::session(row)?, status))
        });
        listed.collect()
    }

    async fn list_origins(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<(String, Timestamp)>> {
        let found = sqlx::query(
            "SELECT origin, MAX(last_activity_at) AS latest FROM sessions
             WHERE workspace_id = $1 AND agent_id = $2 AND origin IS NOT NULL AND last_activity_at >= $3
                 AND is_preview = 0
             GROUP BY origin ORDER BY latest DESC, origin LIMIT $4",
        )
        .bind(&workspace.0)
        .bind(&agent.0)
        .bind(since.0)
        .bind(limit)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found
            .iter()
            .map(|row| Ok((row.try_get("origin")?, Timestamp(row.try_get("latest")?))))
            .collect()
    }

    async fn count_messages(&self, workspace: &WorkspaceId, session: &SessionId) -> StoreResult<u64> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE workspace_id = $1 AND session_id = $2")
                .bind(&workspace.0)
                .bind(&session.0)
                .fetch_one(&mut *self.readers.take().await?)
                .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn page_messages(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        offset: u32,
        limit: u32,
    ) -> StoreResult<Vec<Message>> {
        let found = sqlx::query(
            "SELECT * FROM messages WHERE workspace_id = $1 AND session_id = $2 ORDER BY position LIMIT $3 OFFSET $4",
        )
        .bind(&workspace.0)
        .bind(&session.0)
        .bind(limit)
        .bind(offset)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(rows::message).collect()
    }

    async fn find_session(&self, workspace: &WorkspaceId, id: &SessionId) -> StoreResult<Option<Session>> {
        let found = sqlx::query("SELECT * FROM sessions WHERE workspace_id = $1 AND id = $2")
            .bind(&workspace.0)
            .bind(&id.0)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        found.as_ref().map(rows::session).transpose()
    }

    async fn resume_session(
        &self,
        workspace: &WorkspaceId,
        lookup: &ResumeLookup<'_>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<Option<Session>> {
        let workspace = workspace.clone();
        let (hash, agent_id, origin) = (
            lookup.hash.to_owned(),
            lookup.agent_id.clone(),
            lookup.origin.to_owned(),
        );
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let found = sqlx::query(
                        "SELECT sessions.* FROM resume_secrets
                         JOIN sessions ON sessions.workspace_id = resume_secrets.workspace_id
                             AND sessions.id = resume_secrets.session_id
                         WHERE resume_secrets.workspace_id = $1 AND resume_secrets.hash = $2
                             AND resume_secrets.expires_at > $3 AND sessions.agent_id = $4 AND sessions.origin = $5",
                    )
                    .bind(&workspace.0)
                    .bind(&hash)
                    .bind(now.0)
                    .bind(&agent_id.0)
                    .bind(&origin)
                    .fetch_optional(&mut *connection)
                    .await?;
                    let Some(row) = found else { return Ok(None) };
                    sqlx::query("UPDATE resume_secrets SET expires_at = $3 WHERE workspace_id = $1 AND hash = $2")
                        .bind(&workspace.0)
                        .bind(&hash)
                        .bind(expires_at.0)
                        .execute(connection)
                        .await?;
                    rows::session(&row).map(Some)
                })
            })
            .await
    }

    async fn list_messages(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        before: Option<&MessageId>,
        limit: u32,
    ) -> StoreResult<(Vec<Message>, bool)> {
        // Positions never change, so two reads see the same as one.
        let ceiling = match before {
            None => i64::MAX,
            Some(before) => {
                let position = sqlx::query_scalar(
                    "SELECT position FROM messages WHERE workspace_id = $1 AND session_id = $2 AND id = $3",
                )
                .bind(&workspace.0)
                .bind(&session.0)
                .bind(&before.0)
                .fetch_optional(&mut *self.readers.take().await?)
                .await?;
                let Some(position) = position else {
                    return Ok((Vec::new(), false));
                };
                position
            }
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let found = sqlx::query_scalar(LATEST_MESSAGES)
            .bind(&workspace.0)
            .bind(&session.0)
            .bind(ceiling)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
            .fetch_one(&mut *self.readers.take().await?)
            .await?;
        let mut messages = rows::messages(session, found)?;
        let has_more = messages.len() > limit;
        if has_more {
            messages.remove(0);
        }
        Ok((messages, has_more))
    }

    async fn snapshot(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        after: u64,
    ) -> StoreResult<Option<SessionSnapshot>> {
        let mut reader = self.readers.take().await?;
        let mut moment = reader.begin().await?;
        let found = sqlx::query("SELECT last_seq FROM sessions WHERE workspace_id = $1 AND id = $2")
            .bind(&workspace.0)
            .bind(&session.0)
            .fetch_optional(&mut *moment)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let messages = sqlx::query_scalar(CHANGED_MESSAGES)
            .bind(&workspace.0)
            .bind(&session.0)
            .bind(rows::integer(after))
            .fetch_one(&mut *moment)
            .await?;
        let turn = sqlx::query(
            "SELECT * FROM turns WHERE workspace_id = $1 AND session_id = $2 ORDER BY ordinal DESC LIMIT 1",
        )
        .bind(&workspace.0)
        .bind(&session.0)
        .fetch_optional(&mut *moment)
        .await?;
        moment.commit().await?;
        Ok(Some(SessionSnapshot {
            messages: rows::messages(session, messages)?,
            turn: turn.as_ref().map(rows::turn).transpose()?,
            last_seq: rows::number(&found, "last_seq")?,
        }))
    }
}

pub(super) async fn create(
    connection: &mut SqliteConnection,
    session: &Session,
    resume: Option<&ResumeSecret>,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO sessions (workspace_id, id, agent_id, config_hash, key_id, visitor_id, origin, locale, page_url,
             page_title, page_referrer, dialect, variables, last_seq, reserved_seq, created_at, last_activity_at,
             is_preview)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17)",
    )
    .bind(&session.workspace.0)
    .bind(&session.id.0)
    .bind(session.agent_id.as_ref().map(|id| &id.0))
    .bind(&session.config_hash)
    .bind(session.key_id.as_ref().map(|id| &id.0))
    .bind(session.visitor_id.as_ref().map(|id| &id.0))
    .bind(&session.origin)
    .bind(&session.locale)
    .bind(&session.page_url)
    .bind(&session.page_title)
    .bind(&session.page_referrer)
    .bind(rows::to_json(&session.dialect)?)
    .bind(rows::to_json(&session.variables)?)
    .bind(rows::integer(session.last_seq))
    .bind(session.created_at.0)
    .bind(session.last_activity_at.0)
    .bind(session.is_preview)
    .execute(&mut *connection)
    .await?;
    let Some(resume) = resume else { return Ok(()) };
    sqlx::query("INSERT INTO resume_secrets (workspace_id, hash, session_id, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&session.workspace.0)
        .bind(&resume.hash)
        .bind(&session.id.0)
        .bind(resume.expires_at.0)
        .execute(connection)
        .await?;
    Ok(())
}
