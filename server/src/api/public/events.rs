//! `GET /sessions/{id}/events`: what changed since a number, then everything live, as server-sent events.

use std::net::IpAddr;

use atthene_protocol::event::Audience;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::domain::conversation::Follower;
use crate::domain::error::Error;
use crate::domain::limits::Permit;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::after::After;
use crate::http::extract::visitor::Visitor;
use crate::http::sse;
use crate::http::stream::{EventStream, Right, write_event};
use crate::state::AppState;

/// Follows the session after `Last-Event-ID` or `?after=`; without either from its beginning.
///
/// # Errors
/// As the core says.
pub async fn follow_events(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    After(after): After,
) -> Result<Response, Error> {
    let permit = hold_stream(&state, &visitor, address)?;
    let follower = state
        .conversations
        .follow(visitor.session.clone(), Audience::Visitor, after)
        .await?;
    Ok(event_stream(state, visitor, follower, permit, false))
}

/// A place for one more open stream of this visitor.
///
/// # Errors
/// `RateLimited`.
pub fn hold_stream(state: &AppState, visitor: &Visitor, address: IpAddr) -> Result<Permit, Error> {
    state.limits.open_stream(visitor.claims.visitor.as_str(), address)
}

/// The answer that streams what the follower is told; with `one_turn` it ends with the turn.
pub fn event_stream(state: AppState, visitor: Visitor, follower: Follower, permit: Permit, one_turn: bool) -> Response {
    EventStream {
        state,
        right: Right::Visitor {
            token_end_s: visitor.claims.exp,
            admission: visitor.admission,
        },
        follower,
        permit: Some(permit),
        one_turn,
        write: Box::new(write_event),
        write_end: sse::last,
        tail: None,
    }
    .into_response()
}
