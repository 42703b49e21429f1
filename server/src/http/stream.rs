//! An answer that streams a session's events as server-sent events, for every dialect.
//!
//! A stream never outlives its right: it ends when the gate would no longer let the page in, a minute after a token's end
//! (its holder comes back with a new one and misses nothing), and when a key is revoked.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::socket::{ACCESS_WITHDRAWN, RESTART, TOKEN, TOO_SLOW};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::domain::conversation::{Follower, Frame};
use crate::domain::error::Error;
use crate::domain::gate::{Admission, still_admits};
use crate::domain::keys::still_valid;
use crate::domain::limits::Permit;
use crate::http::sse;
use crate::metrics::Open;
use crate::model::key::ApiKey;
use crate::state::AppState;

/// A silent stream says something at least so often (BAR.md W4).
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How long a stream may go on after its token's end.
const TOKEN_GRACE: Duration = Duration::from_secs(60);
/// When a client of a restarting server may come back.
pub const RECONNECT_AFTER_MS: u64 = 500;
/// Without an end of its own a stream is looked at again after a day.
const NO_END: Duration = Duration::from_secs(24 * 60 * 60);

/// By what right somebody reads.
pub enum Right {
    /// As a visitor in a page.
    Visitor {
        /// The gate's word.
        admission: Admission,
        /// When the token ends, in unix seconds.
        token_end_s: i64,
    },
    /// As a back end.
    Key(Arc<ApiKey>),
}

/// Watches whether somebody may go on reading.
pub struct Watch {
    state: AppState,
    right: Right,
    changes: watch::Receiver<u64>,
    end: Instant,
}

impl Watch {
    /// From now on.
    pub fn new(state: AppState, right: Right) -> Self {
        // Whatever changed since this request was let in counts as a change: its right is asked again at once.
        let mut changes = state.table.subscribe();
        changes.mark_changed();
        Self {
            end: right.end(&state),
            state,
            right,
            changes,
        }
    }

    /// The token was renewed: it ends at this time, in unix seconds.
    pub fn renew(&mut self, end_s: i64) {
        if let Right::Visitor { token_end_s, .. } = &mut self.right {
            *token_end_s = end_s;
        }
        self.end = self.right.end(&self.state);
    }

    /// Waits until the right is gone, and tells by a code of the socket why. Safe to be dropped while it waits.
    pub async fn lost(&mut self) -> u16 {
        loop {
            tokio::select! {
                () = sleep_until(self.end) => return TOKEN,
                changed = self.changes.changed() => {
                    if changed.is_err() || !self.right.holds(&self.state) {
                        return ACCESS_WITHDRAWN;
                    }
                }
            }
        }
    }
}

impl Right {
    fn end(&self, state: &AppState) -> Instant {
        let now_ms = state.clock.now().0;
        let left = |end_ms: i64| Duration::from_millis(u64::try_from(end_ms - now_ms).unwrap_or(0));
        Instant::now()
            + match self {
                Self::Visitor { token_end_s, .. } => left(token_end_s * 1_000) + TOKEN_GRACE,
                Self::Key(key) => key.expires_at.map_or(NO_END, |end| left(end.0)),
            }
    }

    fn holds(&self, state: &AppState) -> bool {
        match self {
            Self::Visitor { admission, .. } => still_admits(&state.table, admission),
            Self::Key(key) => still_valid(&state.table, key, state.clock.now()),
        }
    }
}

/// Writes one piece as its dialect does; `None` where the dialect says nothing of it.
pub type WriteFrame = Box<dyn FnMut(&Frame) -> Option<Bytes> + Send>;
/// Writes why the stream ends before its reader wants it to: `closed` or `reconnect`, and a code of the socket.
pub type WriteEnd = fn(name: &str, code: u16, after_ms: u64) -> Bytes;

/// What is streamed, to whom.
pub struct EventStream {
    /// What every request can reach.
    pub state: AppState,
    /// By what right.
    pub right: Right,
    /// The events.
    pub follower: Follower,
    /// A place among the open streams.
    pub permit: Option<Permit>,
    /// Ends with the turn.
    pub one_turn: bool,
    /// How a piece is written.
    pub write: WriteFrame,
    /// How an early end is written.
    pub write_end: WriteEnd,
    /// What comes after the last piece of the turn.
    pub tail: Option<BoxFuture<'static, Bytes>>,
}

/// A piece as it is: the event's number and its JSON.
pub fn write_event(frame: &Frame) -> Option<Bytes> {
    Some(sse::event(frame.seq, &frame.json.json))
}

impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        let limits = &self.state.settings.limits;
        // A visitor's place among the open streams is counted where it is taken.
        let counted = self.permit.is_none().then(|| self.state.metrics.open_stream());
        let reader = Reader {
            slow_after: Duration::from_millis(limits.slow_reader_timeout_ms),
            // A back end waits for one answer, which may end while the server drains.
            draining: match self.right {
                Right::Key(_) if self.one_turn => CancellationToken::new(),
                _ => self.state.draining.clone(),
            },
            watch: Watch::new(self.state, self.right),
            follower: self.follower,
            one_turn: self.one_turn,
            write: self.write,
            write_end: self.write_end,
            tail: self.tail,
            handed_at: None,
            is_over: false,
            _counted: counted,
            _permit: self.permit,
        };
        let body = Body::from_stream(stream::unfold(reader, |mut reader| async move {
            let bytes = reader.next().await?;
            reader.handed_at = Some(Instant::now());
            Some((Ok::<Bytes, Infallible>(bytes), reader))
        }));
        (SSE_HEADERS, body).into_response()
    }
}

/// The headers of every stream (BAR.md W4): nobody in between keeps or gathers it.
pub const SSE_HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    ),
];

/// How a stream ends whose events cannot go on: a session that was erased is no session of any token's, and
/// what else fails may work again on another connection.
fn end_of(error: &Error) -> (&'static str, u16) {
    match error {
        Error::NotFound(_) => ("closed", TOKEN),
        _ => ("reconnect", RESTART),
    }
}

struct Reader {
    watch: Watch,
    draining: CancellationToken,
    follower: Follower,
    one_turn: bool,
    write: WriteFrame,
    write_end: WriteEnd,
    tail: Option<BoxFuture<'static, Bytes>>,
    slow_after: Duration,
    handed_at: Option<Instant>,
    is_over: bool,
    _counted: Option<Open>,
    _permit: Option<Permit>,
}

impl Reader {
    /// The next bytes; none after the last ones.
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return self.last().await;
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
                () = self.draining.cancelled() => return self.end("reconnect", RESTART),
                code = self.watch.lost() => return self.end("closed", code),
                frame = self.follower.next() => {
                    let frame = match frame {
                        Ok(frame) => frame,
                        Err(error) => {
                            let (name, code) = end_of(&error);
                            return self.end(name, code);
                        }
                    };
                    self.is_over = self.one_turn && frame.json.tells_end();
                    match (self.write)(&frame) {
                        Some(bytes) => return Some(bytes),
                        None if self.is_over => return self.last().await,
                        None => {}
                    }
                }
                () = sleep_until(comment_at) => return Some(Bytes::from_static(sse::COMMENT)),
            }
        }
    }

    async fn last(&mut self) -> Option<Bytes> {
        match self.tail.take() {
            Some(tail) => Some(tail.await),
            None => None,
        }
    }

    fn end(&mut self, name: &str, code: u16) -> Option<Bytes> {
        self.is_over = true;
        self.tail = None;
        Some((self.write_end)(name, code, RECONNECT_AFTER_MS))
    }
}
