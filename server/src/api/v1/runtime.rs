//! `/api/v1/runtime/{id}/...` beside `execute`: messages, status, stop, retry, input.

use std::sync::Arc;

use atthene_protocol::ids::RunId;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::execute::result;
use super::types::{ExecutionResult, History, HistoryMessage, Input, SessionStatus};
use crate::domain::conversation::{Answer, SessionState};
use crate::domain::error::Error;
use crate::domain::limits::Author;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::extract::query::Params;
use crate::http::problem::Failure;
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
        feedback: message.feedback,
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
    let (status, message_count, waits_for) = state.conversations.state_of(&session).await?;
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
        waiting_for_input: waits_for.map(Into::into),
    }))
}

/// `POST /runtime/{id}/stop/`: stops the turn that runs or waits; `run_id` is null where there is none.
///
/// # Errors
/// As the core says.
pub async fn stop(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<RunStopped>), Error> {
    let session = state.conversations.session_of_key(&caller, &id).await?;
    let run_id = state.conversations.stop(&session).await?;
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

/// `POST /runtime/{id}/input/`: answers what the session waits for, once, and waits for the end of the run that goes on.
///
/// # Errors
/// As the core says.
pub async fn input(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    body: Document,
) -> Result<Json<ExecutionResult>, Failure> {
    let body: Input = body.into()?;
    let session = state.conversations.session_of_key(&caller, &id).await?;
    let answer = Answer {
        author: Author::Key(caller.key.id.clone()),
        most_chars: state.settings.limits.message_chars,
        interrupt_id: body.interrupt_id,
        content: body.content,
        correlation_id: body.correlation_id,
    };
    let core = Arc::clone(&state.conversations);
    let posted = core.answer(session.clone(), answer).await?;
    let finished = core.wait(&session.workspace, posted).await?;
    Ok(Json(result(&session, &finished)))
}
