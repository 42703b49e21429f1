//! `POST /sessions/{id}/stop`, `/retry` and `/input`: end a turn, run one again, answer one that waits.

use atthene_protocol::ids::RunId;
use atthene_protocol::visitor::{Accepted, SendInput};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::json::JsonBody;
use crate::http::extract::visitor::Visitor;
use crate::state::AppState;

/// What was stopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnStopped {
    /// The turn; null where none was running.
    pub run_id: Option<RunId>,
}

/// Stops the turn that runs or waits, from whichever tab; `run_id` is null where there is none.
///
/// # Errors
/// As the core says.
pub async fn stop_turn(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<(StatusCode, Json<TurnStopped>), Error> {
    let run_id = state.conversations.stop(&visitor.session).await?;
    Ok((StatusCode::ACCEPTED, Json(TurnStopped { run_id })))
}

/// Answers the question on which a turn waits.
///
/// # Errors
/// As the core says.
pub async fn answer_interrupt(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    JsonBody(body): JsonBody<SendInput>,
) -> Result<(StatusCode, Json<Accepted>), Error> {
    let answer = visitor.answer(&state, address, body);
    let posted = state.conversations.answer(visitor.session, answer).await?;
    Ok((StatusCode::ACCEPTED, Json(posted.accepted)))
}

/// Runs a stopped, interrupted or failed turn again.
///
/// # Errors
/// As the core says.
pub async fn retry_turn(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
) -> Result<(StatusCode, Json<Accepted>), Error> {
    let author = visitor.author(address);
    let posted = state.conversations.retry(visitor.session, &author).await?;
    Ok((StatusCode::ACCEPTED, Json(posted.accepted)))
}
