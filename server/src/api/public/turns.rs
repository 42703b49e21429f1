//! `POST /sessions/{id}/stop` and `/retry`: end the running turn, run an ended one again.

use atthene_protocol::ids::RunId;
use atthene_protocol::visitor::Accepted;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::author;
use crate::domain::error::Error;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::visitor::Visitor;
use crate::state::AppState;

/// What was stopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnStopped {
    /// The turn; null where none was running.
    pub run_id: Option<RunId>,
}

/// Stops the running turn, from whichever tab; `run_id` is null where none runs.
pub async fn stop_turn(State(state): State<AppState>, visitor: Visitor) -> (StatusCode, Json<TurnStopped>) {
    let run_id = state.conversations.stop(&visitor.session.id);
    (StatusCode::ACCEPTED, Json(TurnStopped { run_id }))
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
    let author = author(&visitor, address);
    let posted = state.conversations.retry(visitor.session, &author).await?;
    Ok((StatusCode::ACCEPTED, Json(posted.accepted)))
}
