//! `GET /runtime/{id}/events`: a session as it goes on, for those who may read it: the visitors' stream, and what is for
//! back ends alone.

use std::sync::Arc;

use atthene_protocol::event::Audience;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::domain::error::Error;
use crate::http::extract::after::After;
use crate::http::extract::api_key::Caller;
use crate::http::sse;
use crate::http::stream::{EventStream, Right, write_event};
use crate::state::AppState;

/// Follows the session after `Last-Event-ID` or `?after=`; without either from its beginning.
///
/// # Errors
/// As the core says.
pub async fn follow_events(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    After(after): After,
) -> Result<Response, Error> {
    let session = state.conversations.readable_session(&caller, &id).await?;
    let follower = state.conversations.follow(session, Audience::Api, after).await?;
    let stream = EventStream {
        state,
        right: Right::Key(Arc::clone(&caller.key)),
        follower,
        permit: None,
        one_turn: false,
        write: Box::new(write_event),
        write_end: sse::last,
        tail: None,
    };
    Ok(stream.into_response())
}
