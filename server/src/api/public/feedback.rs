//! `POST /sessions/{id}/feedback`: what the visitor thinks of an answer.

use atthene_protocol::visitor::MessageFeedback;
use axum::Json;
use axum::extract::State;

use crate::domain::error::Error;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::json::JsonBody;
use crate::http::extract::visitor::Visitor;
use crate::state::AppState;

/// Keeps it in the place of what they thought before, and tells what is kept now.
///
/// # Errors
/// As the core says.
pub async fn rate_answer(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    JsonBody(feedback): JsonBody<MessageFeedback>,
) -> Result<Json<MessageFeedback>, Error> {
    let author = visitor.author(address);
    let kept = state
        .conversations
        .rate_answer(&visitor.session, &author, feedback)
        .await?;
    Ok(Json(kept))
}
