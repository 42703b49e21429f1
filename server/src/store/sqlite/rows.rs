//! Rows to data and back: what SQLite's few types hold, read as what it should be. No SQL here but lists of columns.

use atthene_protocol::ids::{AgentId, KeyId, MessageId, RunId, SessionId, UserId, VisitorId, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::super::{StoreError, StoreResult};
use crate::model::agent::{Agent, AgentVersion};
use crate::model::audit::{AuditEntry, AuditLine};
use crate::model::conversation::{Block, Feedback, Message, Rating, Role, Session, Status, Turn};
use crate::model::key::ApiKey;
use crate::model::time::Timestamp;
use crate::model::user::{Login, Role as UserRole, User, UserState, UserToken};

pub(super) fn agent(row: &SqliteRow) -> StoreResult<Agent> {
    Ok(Agent {
        id: AgentId(row.try_get("id")?),
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        agent_key: row.try_get("agent_key")?,
        name: row.try_get("name")?,
        is_public: row.try_get("is_public")?,
        is_default: row.try_get("is_default")?,
        dev_mode: row.try_get("dev_mode")?,
        allow_any_origin: row.try_get("allow_any_origin")?,
        allowed_origins: json(row, "allowed_origins")?,
        system_config: json(row, "system_config")?,
        config_hash: row.try_get("config_hash")?,
        version_number: version(row, "version_number")?,
        widget: json(row, "widget")?,
        token_budget_per_day: optional_number(row, "token_budget_per_day")?,
        created_by: row.try_get("created_by")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}

pub(super) fn agent_version(row: &SqliteRow) -> StoreResult<AgentVersion> {
    Ok(AgentVersion {
        version_number: version(row, "version_number")?,
        config_hash: row.try_get("config_hash")?,
        system_config: json(row, "system_config")?,
        created_at: Timestamp(row.try_get("created_at")?),
    })
}

pub(super) fn key(row: &SqliteRow) -> StoreResult<ApiKey> {
    Ok(ApiKey {
        id: KeyId(row.try_get("id")?),
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        hash: row.try_get("hash")?,
        name: row.try_get("name")?,
        prefix: row.try_get("prefix")?,
        scopes: json(row, "scopes")?,
        agents: optional_json(row, "agents")?,
        addresses: optional_json(row, "addresses")?,
        created_by: row.try_get("created_by")?,
        created_at: Timestamp(row.try_get("created_at")?),
        last_used_at: time(row, "last_used_at")?,
        expires_at: time(row, "expires_at")?,
    })
}

pub(super) fn user(row: &SqliteRow) -> StoreResult<User> {
    let (role, state): (&str, &str) = (row.try_get("role")?, row.try_get("state")?);
    Ok(User {
        id: UserId(row.try_get("id")?),
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: UserRole::from_word(role).ok_or_else(|| StoreError::Unreadable(format!("the role {role}")))?,
        state: UserState::from_word(state).ok_or_else(|| StoreError::Unreadable(format!("the state {state}")))?,
        created_at: Timestamp(row.try_get("created_at")?),
        created_by: row.try_get("created_by")?,
        last_login_at: time(row, "last_login_at")?,
    })
}

pub(super) fn user_token(row: &SqliteRow) -> StoreResult<UserToken> {
    Ok(UserToken {
        hash: row.try_get("hash")?,
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        user_id: row.try_get::<Option<String>, _>("user_id")?.map(UserId),
        created_at: Timestamp(row.try_get("created_at")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
    })
}

pub(super) fn login(row: &SqliteRow) -> StoreResult<Login> {
    Ok(Login {
        hash: row.try_get("hash")?,
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        user_id: UserId(row.try_get("user_id")?),
        created_at: Timestamp(row.try_get("created_at")?),
        last_seen_at: Timestamp(row.try_get("last_seen_at")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
    })
}

pub(super) fn session(row: &SqliteRow) -> StoreResult<Session> {
    Ok(Session {
        id: SessionId(row.try_get("id")?),
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        agent_id: row.try_get::<Option<String>, _>("agent_id")?.map(AgentId),
        config_hash: row.try_get("config_hash")?,
        key_id: row.try_get::<Option<String>, _>("key_id")?.map(KeyId),
        visitor_id: row.try_get::<Option<String>, _>("visitor_id")?.map(VisitorId),
        origin: row.try_get("origin")?,
        locale: row.try_get("locale")?,
        page_url: row.try_get("page_url")?,
        page_title: row.try_get("page_title")?,
        page_referrer: row.try_get("page_referrer")?,
        dialect: json(row, "dialect")?,
        variables: json(row, "variables")?,
        is_preview: row.try_get("is_preview")?,
        last_seq: number(row, "last_seq")?,
        created_at: Timestamp(row.try_get("created_at")?),
        last_activity_at: Timestamp(row.try_get("last_activity_at")?),
    })
}

pub(super) fn message(row: &SqliteRow) -> StoreResult<Message> {
    Ok(Message {
        id: MessageId(row.try_get("id")?),
        session_id: SessionId(row.try_get("session_id")?),
        run_id: RunId(row.try_get("run_id")?),
        role: role(row)?,
        content: row.try_get("content")?,
        blocks: optional_json(row, "blocks")?.unwrap_or_default(),
        status: status(row)?,
        client_id: row.try_get("client_id")?,
        seq: number(row, "seq")?,
        created_at: Timestamp(row.try_get("created_at")?),
        feedback: feedback(row)?,
    })
}

/// What somebody thinks of a message.
pub(super) fn feedback(row: &SqliteRow) -> StoreResult<Option<Feedback>> {
    let Some(word) = row.try_get::<Option<&str>, _>("rating")? else {
        return Ok(None);
    };
    Ok(Some(Feedback {
        rating: Rating::from_word(word).ok_or_else(|| StoreError::Unreadable(format!("the rating {word}")))?,
        comment: row.try_get("rating_comment")?,
    }))
}

/// Messages as one value, oldest first: a hundred rows of ten columns cost ten times as much on their way out of SQLite.
macro_rules! messages_json {
    () => {
        "json_group_array(json_array(id, run_id, role, content, json(blocks), status, client_id, seq, created_at,
                 rating, rating_comment)
             ORDER BY position)"
    };
}
pub(super) use messages_json;

/// As `messages_json` writes a message.
type MessageColumns = (
    MessageId,
    RunId,
    Role,
    String,
    Option<Vec<Block>>,
    Status,
    Option<String>,
    u64,
    i64,
    Option<Rating>,
    Option<String>,
);

/// Reads what `messages_json` wrote.
pub(super) fn messages(session: &SessionId, json: String) -> StoreResult<Vec<Message>> {
    let columns: Vec<MessageColumns> =
        serde_json::from_str(&json).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let message = |(id, run_id, role, content, blocks, status, client_id, seq, created_at, rating, comment)| Message {
        id,
        session_id: session.clone(),
        run_id,
        role,
        content,
        blocks: Option::unwrap_or_default(blocks),
        status,
        client_id,
        seq,
        created_at: Timestamp(created_at),
        feedback: Option::map(rating, |rating| Feedback { rating, comment }),
    };
    Ok(columns.into_iter().map(message).collect())
}

pub(super) fn role(row: &SqliteRow) -> StoreResult<Role> {
    Ok(match row.try_get("role")? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        other => return Err(StoreError::Unreadable(format!("the role {other}"))),
    })
}

pub(super) fn turn(row: &SqliteRow) -> StoreResult<Turn> {
    Ok(Turn {
        run_id: RunId(row.try_get("run_id")?),
        session_id: SessionId(row.try_get("session_id")?),
        question_id: MessageId(row.try_get("question_id")?),
        answer_id: MessageId(row.try_get("answer_id")?),
        status: status(row)?,
        interrupt: optional_json(row, "interrupt")?,
        error_code: row.try_get("error_code")?,
        started_at: Timestamp(row.try_get("started_at")?),
        finished_at: time(row, "finished_at")?,
        correlation_id: row.try_get("correlation_id")?,
        input_tokens: optional_number(row, "input_tokens")?,
        output_tokens: optional_number(row, "output_tokens")?,
    })
}

pub(super) fn audit_entry(row: &SqliteRow) -> StoreResult<AuditEntry> {
    Ok(AuditEntry {
        workspace: WorkspaceId(row.try_get("workspace_id")?),
        at: Timestamp(row.try_get("at")?),
        actor: row.try_get("actor")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        detail: json(row, "detail")?,
    })
}

pub(super) fn audit_line(row: &SqliteRow) -> StoreResult<AuditLine> {
    Ok(AuditLine {
        id: number(row, "id")?,
        entry: audit_entry(row)?,
        actor_name: row.try_get("actor_name")?,
    })
}

/// A column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> StoreResult<T> {
    serde_json::from_str(row.try_get(column)?).map_err(|error| StoreError::Unreadable(format!("{column}: {error}")))
}

/// The same where there may be none.
pub(super) fn optional_json<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> StoreResult<Option<T>> {
    match row.try_get::<Option<&str>, _>(column)? {
        Some(_) => json(row, column).map(Some),
        None => Ok(None),
    }
}

fn time(row: &SqliteRow, column: &str) -> StoreResult<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

/// A number that is never negative, where there is one.
pub(super) fn optional_number(row: &SqliteRow, column: &str) -> StoreResult<Option<u64>> {
    match row.try_get::<Option<i64>, _>(column)? {
        Some(_) => number(row, column).map(Some),
        None => Ok(None),
    }
}

/// What goes into a column that holds JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// A number that is never negative.
pub(super) fn number(row: &SqliteRow, column: &str) -> StoreResult<u64> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| StoreError::Unreadable(format!("{column} is {value}")))
}

/// SQLite's integers end at 2^63; a number beyond that is held at the end.
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn version(row: &SqliteRow, column: &str) -> StoreResult<u32> {
    let value: i64 = row.try_get(column)?;
    u32::try_from(value).map_err(|_| StoreError::Unreadable(format!("{column} is {value}")))
}

pub(super) fn status(row: &SqliteRow) -> StoreResult<Status> {
    Ok(match row.try_get("status")? {
        "running" => Status::Running,
        "waiting" => Status::Waiting,
        "completed" => Status::Completed,
        "interrupted" => Status::Interrupted,
        "stopped" => Status::Stopped,
        "error" => Status::Error,
        other => return Err(StoreError::Unreadable(format!("the status {other}"))),
    })
}
