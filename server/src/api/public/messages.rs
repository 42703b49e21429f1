//! `GET` and `POST /sessions/{id}/messages`: read back and write.

use atthene_protocol::event::Audience;
use atthene_protocol::visitor::{History, SendMessage};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::events::{event_stream, hold_stream};
use crate::domain::conversation::message_view;
use crate::domain::error::Error;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::json::JsonBody;
use crate::http::extract::query::Params;
use crate::http::extract::visitor::Visitor;
use crate::state::AppState;

/// `?limit&before`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    /// At most so many, 1 to 200.
    limit: Option<u32>,
    /// Those before this message.
    before: Option<String>,
}

/// The latest messages, or those before one, oldest first.
///
/// # Errors
/// As the core says.
pub async fn list_messages(
    State(state): State<AppState>,
    visitor: Visitor,
    Params(page): Params<Page>,
) -> Result<Json<History>, Error> {
    let limit = page.limit.unwrap_or(50);
    let before = page.before.as_deref();
    let (messages, has_more) = state
        .conversations
        .list_messages(&visitor.session, before, limit)
        .await?;
    Ok(Json(History {
        messages: messages.iter().map(message_view).collect(),
        has_more,
    }))
}

/// Commits a message, then answers 202; or, where the caller accepts `text/event-stream`, streams what follows.
///
/// # Errors
/// As the core says.
pub async fn send_message(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    JsonBody(message): JsonBody<SendMessage>,
) -> Result<Response, Error> {
    let wants_stream = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.contains("text/event-stream"));
    let message = visitor.message(&state, address, message);
    if !wants_stream {
        let posted = state.conversations.post(visitor.session, message).await?;
        return Ok((StatusCode::ACCEPTED, Json(posted.accepted)).into_response());
    }
    let permit = hold_stream(&state, &visitor, address)?;
    let known_seq = visitor.session.last_seq;
    // Listens before the turn can begin: a short answer may be over before its number is known here.
    let mut follower = state
        .conversations
        .follow(visitor.session.clone(), Audience::Visitor, known_seq)
        .await?;
    follower.skip_snapshot();
    let posted = state.conversations.post(visitor.session.clone(), message).await?;
    let seq = posted.accepted.seq;
    if seq <= known_seq {
        // Sent before: its turn may be over, so the stream begins with what is kept of it.
        let session = visitor.session.clone();
        follower = state
            .conversations
            .follow(session, Audience::Visitor, seq.saturating_sub(1))
            .await?;
    }
    Ok(event_stream(state, visitor, follower, permit, true))
}
