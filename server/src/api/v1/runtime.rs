//! `/api/v1/runtime/{id}/...` beside `execute`: messages, status, stop, retry, input.

use std::sync::Arc;

use atthene_protocol::ids::RunId;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::execute::result;
use super::types::{ExecutionResult, History, HistoryMessage, SessionStatus};
use crate::domain::conversation::SessionState;
use crate::domain::error::Error;
use crate::domain::limits::Author;
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::state::AppState;

/// A page has at most so many messages.
const MAX_PAGE: u32 = 200;
const DEFAULT_PAGE: u32 = 50;

/// `?limit&offset`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    limit: Option<u32>,
    offset: Option<u32>,
}

/// What was stopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunStopped {
    /// The run; null where none was running.
    pub run_id: Option<RunId>,
}

/// `GET /runtime/{id}/messages/`: oldest first.
///
/// # Errors
/// As the core says.
pub async fn messages(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    Params(page): Params<Page>,
) -> Result<Json<History>, Error> {
    let session = state.conversations.readable_session(&caller, &id).await?;
    let limit = page.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
    let offset = page.offset.unwrap_or(0);
    let (messages, total) = state.conversations.page_messages(&session, offset, limit).await?;
    let shown = u64::from(offset) + messages.len() as u64;
    let messages = messages.into_iter().map(|message| HistoryMessage {
        id: message.id,
        role: message.role,
        content: message.content,
        timestamp: message.created_at.to_iso(),
    });
    Ok(Json(History {
        messages: messages.collect(),
        total,
        has_more: shown < total,
    }))
}

/// `GET /runtime/{id}/status/`.
///
/// # Errors
/// As the core says.
pub async fn status(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<SessionStatus>, Error> {
    let session = state.conversations.readable_session(&caller, &id).await?;
    let (status, message_count) = state.conversations.state_of(&session).await?;
    Ok(Json(SessionStatus {
        session_id: session.id,
        status: status.as_str(),
        message_count,
        last_activity: session.last_activity_at.to_iso(),
        created_at: session.created_at.to_iso(),
        health: if status == SessionState::Error {
            "degraded"
        } else {
            "healthy"
        },
    }))
}

/// `POST /runtime/{id}/stop/`: stops the running turn; `run_id` is null where none runs.
///
/// # Errors
/// As the core says.
pub async fn stop(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<RunStopped>), Error> {
    let session = state.conversations.session_of_key(&caller, &id).await?;
    let run_id = state.conversations.stop(&session.id);
    Ok((StatusCode::ACCEPTED, Json(RunStopped { run_id })))
}

/// `POST /runtime/{id}/retry/`: runs the latest turn again and waits for its end.
///
/// # Errors
/// As the core says.
pub async fn retry(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<ExecutionResult>, Error> {
    let session = state.conversations.session_of_key(&caller, &id).await?;
    let author = Author::Key(caller.key.id.clone());
    let core = Arc::clone(&state.conversations);
    let posted = core.retry(session.clone(), &author).await?;
    let finished = core.wait(&session.workspace, posted).await?;
    Ok(Json(result(&session, &finished)))
}

/// `POST /runtime/{id}/input/`: no agent can wait for a human yet.
///
/// # Errors
/// `Conflict`, or as the core says.
pub async fn input(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    state.conversations.session_of_key(&caller, &id).await?;
    Err(Error::NOT_WAITING)
}
