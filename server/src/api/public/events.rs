//! `GET /sessions/{id}/events`: what changed since a number, then everything live, as server-sent events.

use std::net::IpAddr;

use atthene_protocol::event::Audience;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Deserialize;

use crate::domain::conversation::Follower;
use crate::domain::error::Error;
use crate::domain::limits::Permit;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::visitor::Visitor;
use crate::http::sse;
use crate::http::stream::{EventStream, Right, write_event};
use crate::state::AppState;

const LAST_EVENT_ID: &str = "last-event-id";

/// `?after`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    after: Option<u64>,
}

/// Follows the session after `Last-Event-ID` or `?after=`; without either from its beginning.
///
/// # Errors
/// As the core says.
pub async fn follow_events(
    State(state): State<AppState>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    query: Result<Query<After>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Error> {
    let number = || Error::Invalid {
        code: "after",
        message: "`after` and `Last-Event-ID` are event numbers.".to_owned(),
    };
    let from_header = match headers.get(LAST_EVENT_ID) {
        Some(value) => Some(
            value
                .to_str()
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .ok_or_else(number)?,
        ),
        None => None,
    };
    let after = from_header.or(query.map_err(|_| number())?.after).unwrap_or(0);
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
