//! `GET /sessions/{id}/events`: what changed since a number, then everything live, as server-sent events.
//!
//! A stream never outlives its right: it ends when the gate would no longer let the page in, and a minute after the
//! token's end (the widget comes back with a new one and misses nothing). It keeps nothing for a reader who is slow.

use std::net::IpAddr;
use std::time::Duration;

use atthene_protocol::event::Audience;
use atthene_protocol::socket::{ACCESS_WITHDRAWN, RESTART, TOKEN, TOO_SLOW};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::domain::conversation::Follower;
use crate::domain::error::Error;
use crate::domain::gate::still_admits;
use crate::domain::limits::Permit;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::visitor::Visitor;
use crate::http::sse;
use crate::state::AppState;

/// A silent stream says something at least so often (BAR.md W4).
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How long a stream may go on after its token's end.
const TOKEN_GRACE: Duration = Duration::from_secs(60);
/// When a client of a restarting server may come back.
const RECONNECT_AFTER_MS: u64 = 500;
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
    // Whatever changed since the gate let this request in counts as a change: it is asked again at once.
    let mut gate_changes = state.table.subscribe();
    gate_changes.mark_changed();
    let now = state.clock.now();
    let left_s = u64::try_from(visitor.claims.exp - now.0.div_euclid(1_000)).unwrap_or(0);
    let reader = Reader {
        slow_after: Duration::from_millis(state.settings.limits.slow_reader_timeout_ms),
        handed_at: None,
        token_end: Instant::now() + Duration::from_secs(left_s) + TOKEN_GRACE,
        state,
        visitor,
        follower,
        gate_changes,
        one_turn,
        ended: false,
        _permit: permit,
    };
    let body = Body::from_stream(stream::unfold(reader, |mut reader| async move {
        let bytes = reader.next().await?;
        reader.handed_at = Some(Instant::now());
        Some((Ok::<Bytes, std::convert::Infallible>(bytes), reader))
    }));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    (headers, body).into_response()
}

struct Reader {
    state: AppState,
    visitor: Visitor,
    follower: Follower,
    gate_changes: watch::Receiver<u64>,
    token_end: Instant,
    slow_after: Duration,
    handed_at: Option<Instant>,
    one_turn: bool,
    ended: bool,
    _permit: Permit,
}

impl Reader {
    /// The next bytes; none after the last event.
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        // Whoever writes to the network asks for more as soon as it has room again: being asked late means that the
        // reader takes too little. What it missed meanwhile is not kept for it; it comes back for a snapshot.
        if self.handed_at.is_some_and(|at| at.elapsed() >= self.slow_after) {
            return self.end("closed", TOO_SLOW);
        }
        let comment_at = Instant::now() + COMMENT_EVERY;
        loop {
            tokio::select! {
                biased;
                () = self.state.draining.cancelled() => return self.end("reconnect", RESTART),
                () = sleep_until(self.token_end) => return self.end("closed", TOKEN),
                changed = self.gate_changes.changed() => {
                    if changed.is_err() || !still_admits(&self.state.table, &self.visitor.admission) {
                        return self.end("closed", ACCESS_WITHDRAWN);
                    }
                }
                frame = self.follower.next() => {
                    let Ok(frame) = frame else { return self.end("reconnect", RESTART) };
                    self.ended = self.one_turn && frame.json.tells_end();
                    return Some(sse::event(frame.seq, &frame.json.json));
                }
                () = sleep_until(comment_at) => return Some(Bytes::from_static(sse::COMMENT)),
            }
        }
    }

    fn end(&mut self, name: &str, code: u16) -> Option<Bytes> {
        self.ended = true;
        Some(sse::last(name, code, RECONNECT_AFTER_MS))
    }
}
