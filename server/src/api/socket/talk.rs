//! One open socket, from its first frame to its end: a single task that sends events, follows commands, asks for signs of
//! life and looks after the token. Nothing more is taken from the session's events while the reader takes nothing, so a
//! slow reader costs its own place only, and its turn goes on.

use std::pin::Pin;
use std::time::Duration;

use atthene_protocol::socket::{
    ACCESS_WITHDRAWN, ClientFrame, INTERNAL, NORMAL, NOT_UTF8, POLICY, PROTOCOL, RESTART, ServerFrame, TOKEN, TOO_BIG,
    TOO_SLOW, UNSUPPORTED,
};
use futures_util::FutureExt;
use http::StatusCode;
use hyper::upgrade::Upgraded;
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::frames::{self, Refused, invalid, read, write_error, write_event};
use super::party::{Knock, Party, Refusal};
use crate::domain::error::Error;
use crate::http::stream::RECONNECT_AFTER_MS;
use crate::http::websocket::{Received, Wire};
use crate::state::AppState;

/// How long a peer may take to answer a close frame.
const CLOSE_WAIT: Duration = Duration::from_secs(1);
/// So many pings may be without an answer.
const MOST_UNANSWERED: u32 = 2;
/// So many bytes of events go out together, where so many are there.
const MOST_AT_ONCE_BYTES: usize = 16 * 1024;
/// A token is renewed so long before its end, or half-way where it lives shorter.
const RENEW_BEFORE_S: i64 = 60;
/// When a renewal that failed is tried again, and the least time between two.
const RENEW_AGAIN: Duration = Duration::from_secs(1);

/// How it ends.
enum End {
    /// There is nobody any more.
    Gone,
    /// The peer closed in order.
    Closed,
    /// With this code.
    Close(u16),
    /// The server restarts.
    Restart,
}

/// Talks until the end. What is rare stands in boxes of its own: a socket that waits is to be small.
pub(super) async fn run(state: AppState, upgraded: Upgraded, knock: Knock) {
    let opened = Box::pin(open(state.clone(), upgraded, knock)).await;
    let (wire, end) = match opened {
        Ok(mut talk) => {
            let end = talk.go_on().await;
            tracing::debug!(session = %talk.party.session_id, "a socket ends");
            (talk.wire, end)
        }
        Err(unopened) => *unopened,
    };
    Box::pin(finish(&state, wire, end)).await;
}

/// From the handshake to the session.
async fn open(state: AppState, upgraded: Upgraded, knock: Knock) -> Result<Box<Talk>, Box<(Wire, End)>> {
    let mut wire = Wire::new(upgraded, state.settings.limits.socket_message_bytes as usize).await;
    match begin(&state, &mut wire, knock).await {
        Ok(party) => Ok(Box::new(Talk::new(state, wire, party))),
        Err(end) => Err(Box::new((wire, end))),
    }
}

/// Waits for the first frame, in time.
async fn begin(state: &AppState, wire: &mut Wire, mut knock: Knock) -> Result<Party, End> {
    let patience = Duration::from_millis(state.settings.limits.socket_start_timeout_ms);
    let deadline = Instant::now() + patience;
    loop {
        let received = tokio::select! {
            biased;
            () = state.draining.cancelled() => return Err(End::Restart),
            received = timeout_at(deadline, wire.next()) => received,
        };
        let text = match received {
            Err(_elapsed) => {
                let failure = invalid(StatusCode::BAD_REQUEST, "session_not_started", NOT_STARTED);
                push(wire, write_error(&failure, None))?;
                return Err(End::Close(POLICY));
            }
            Ok(Received::Text(text)) => text,
            Ok(other) => {
                other_than_text(other)?;
                continue;
            }
        };
        match read(&text) {
            Ok((ClientFrame::SessionStart(start), _)) => match knock.start(state, start).await {
                Ok((party, ready)) => {
                    push(wire, frames::write(&ready))?;
                    return Ok(party);
                }
                Err(refusal) => refuse_start(wire, refusal)?,
            },
            Ok((ClientFrame::Ping, _)) => push(wire, frames::write(&ServerFrame::Pong))?,
            Ok((_, client_id)) => {
                let failure = invalid(StatusCode::BAD_REQUEST, "session_not_started", NOT_STARTED);
                push(wire, write_error(&failure, client_id))?;
            }
            Err(Refused { failure, client_id }) => push(wire, write_error(&failure, client_id))?,
        }
        wire.flush().await;
    }
}

const NOT_STARTED: &str = "The first frame is `session.start`, and it comes within seconds.";

/// A start that is refused ends the socket, unless it only lacks something.
fn refuse_start(wire: &mut Wire, refusal: Refusal) -> Result<(), End> {
    push(wire, write_error(&refusal.failure, None))?;
    let code = refusal.code.or(match refusal.failure.status {
        StatusCode::UNPROCESSABLE_ENTITY => None,
        StatusCode::TOO_MANY_REQUESTS => Some(POLICY),
        _ => Some(INTERNAL),
    });
    code.map_or(Ok(()), |code| Err(End::Close(code)))
}

fn push(wire: &mut Wire, text: String) -> Result<(), End> {
    wire.push(text).map_err(End::Close)
}

/// What is no message: a sign of life, or the end.
fn other_than_text(received: Received) -> Result<(), End> {
    match received {
        Received::Text(_) | Received::Alive | Received::Room => Ok(()),
        Received::Closed => Err(End::Closed),
        Received::Gone => Err(End::Gone),
        Received::Broken(code) => Err(End::Close(code)),
    }
}

/// Tells the end and closes.
async fn finish(state: &AppState, mut wire: Wire, end: End) {
    match end {
        End::Gone => {}
        End::Closed => wire.hang_up().await,
        End::Close(code) => {
            let patience = match code {
                // As an event stream: it gets a third of its time again to be told.
                TOO_SLOW => Duration::from_millis(state.settings.limits.slow_reader_timeout_ms / 3),
                _ => CLOSE_WAIT,
            };
            wire.flush().await;
            wire.close(code, reason(code), patience).await;
        }
        End::Restart => {
            let after_ms = RECONNECT_AFTER_MS;
            if wire.push(frames::write(&ServerFrame::Reconnect { after_ms })).is_ok() {
                wire.flush().await;
            }
            wire.close(RESTART, reason(RESTART), CLOSE_WAIT).await;
        }
    }
}

/// The words beside a code.
fn reason(code: u16) -> &'static str {
    match code {
        NORMAL => "",
        PROTOCOL => "the frame is not as RFC 6455 says",
        UNSUPPORTED => "frames are text, not binary",
        NOT_UTF8 => "text is UTF-8",
        POLICY => "see the error frame before this",
        TOO_BIG => "the message is larger than this socket takes",
        RESTART => "the server restarts, come back",
        TOO_SLOW => "too slow, come back for the rest",
        TOKEN => "no valid session any more, resume it",
        ACCESS_WITHDRAWN => "access was withdrawn",
        _ => "something went wrong on the server",
    }
}

/// A socket with its session.
struct Talk {
    state: AppState,
    wire: Wire,
    party: Party,
    ping_every: Duration,
    ping_at: Instant,
    unanswered: u32,
    renew_at: Option<Instant>,
    slow_after: Duration,
    alarm: Pin<Box<Sleep>>,
}

/// What happens next.
enum Next {
    Received(Received),
    Event(Result<crate::domain::conversation::Frame, Error>),
    Lost(u16),
    Restart,
    Alarm,
}

impl Talk {
    fn new(state: AppState, wire: Wire, party: Party) -> Self {
        let limits = &state.settings.limits;
        let ping_every = Duration::from_millis(limits.socket_ping_every_ms);
        let ping_at = Instant::now() + ping_every;
        let mut talk = Self {
            slow_after: Duration::from_millis(limits.slow_reader_timeout_ms),
            alarm: Box::pin(sleep_until(ping_at)),
            unanswered: 0,
            renew_at: None,
            state,
            wire,
            party,
            ping_every,
            ping_at,
        };
        talk.renew_at = talk.renewal();
        talk
    }

    async fn go_on(&mut self) -> End {
        loop {
            self.wire.flush().await;
            self.set_alarm();
            let is_blocked = self.wire.blocked_since().is_some();
            let next = tokio::select! {
                biased;
                () = self.state.draining.cancelled() => Next::Restart,
                code = self.party.watch.lost() => Next::Lost(code),
                received = self.wire.next() => Next::Received(received),
                () = &mut self.alarm => Next::Alarm,
                frame = self.party.follower.next(), if !is_blocked => Next::Event(frame),
            };
            let done = match next {
                Next::Received(received) => {
                    self.unanswered = 0;
                    match received {
                        Received::Text(text) => Box::pin(self.follow(&text)).await,
                        other => other_than_text(other),
                    }
                }
                Next::Event(frame) => self.tell(frame),
                Next::Alarm => Box::pin(self.ring()).await,
                Next::Lost(code) => Err(End::Close(code)),
                Next::Restart => Err(End::Restart),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Sends an event, and those that are there already behind it.
    fn tell(&mut self, frame: Result<crate::domain::conversation::Frame, Error>) -> Result<(), End> {
        let mut next = Some(frame);
        while let Some(frame) = next {
            let frame = frame.map_err(|error| match error {
                Error::NotFound(_) => End::Close(TOKEN),
                _ => End::Restart,
            })?;
            push(&mut self.wire, write_event(&frame))?;
            if self.wire.waiting_bytes() >= MOST_AT_ONCE_BYTES {
                return Ok(());
            }
            next = self.party.follower.next().now_or_never();
        }
        Ok(())
    }

    /// Does what a frame says.
    async fn follow(&mut self, text: &str) -> Result<(), End> {
        let (command, client_id) = match read(text) {
            Ok(read) => read,
            Err(Refused { failure, client_id }) => return push(&mut self.wire, write_error(&failure, client_id)),
        };
        match self.party.obey(&self.state, command).await {
            Ok(Some(mut answer)) => {
                if let ServerFrame::Ack { client_id: told, .. } = &mut answer {
                    *told = client_id;
                }
                push(&mut self.wire, frames::write(&answer))
            }
            Ok(None) => Ok(()),
            Err(refusal) => self.refuse(&refusal, client_id),
        }
    }

    fn refuse(&mut self, refusal: &Refusal, client_id: Option<String>) -> Result<(), End> {
        push(&mut self.wire, write_error(&refusal.failure, client_id))?;
        refusal.code.map_or(Ok(()), |code| Err(End::Close(code)))
    }

    /// The next moment at which something is due.
    fn set_alarm(&mut self) {
        let slow_at = self.wire.blocked_since().map(|since| since + self.slow_after);
        let due = [Some(self.ping_at), self.renew_at, slow_at].into_iter().flatten().min();
        if let Some(due) = due.filter(|due| *due != self.alarm.deadline()) {
            self.alarm.as_mut().reset(due);
        }
    }

    /// Does what is due.
    async fn ring(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if self
            .wire
            .blocked_since()
            .is_some_and(|since| since + self.slow_after <= now)
        {
            return Err(End::Close(TOO_SLOW));
        }
        if self.ping_at <= now {
            if self.unanswered >= MOST_UNANSWERED {
                return Err(End::Gone);
            }
            self.wire.ping();
            self.unanswered += 1;
            self.ping_at = now + self.ping_every;
        }
        if self.renew_at.is_some_and(|at| at <= now) {
            self.renew().await?;
        }
        Ok(())
    }

    /// A new token, as long as the session is there and the gate still admits its page. Without one the old right ends
    /// by itself.
    async fn renew(&mut self) -> Result<(), End> {
        match self.party.renew(&self.state).await {
            Ok(Some(token)) => push(&mut self.wire, frames::write(&token))?,
            Ok(None) => {}
            Err(refusal) if refusal.code.is_some() => self.refuse(&refusal, None)?,
            Err(_for_now) => {
                self.renew_at = Some(Instant::now() + RENEW_AGAIN);
                return Ok(());
            }
        }
        self.renew_at = self.renewal();
        Ok(())
    }

    fn renewal(&self) -> Option<Instant> {
        let (end_s, life_s) = self.party.token_life()?;
        let at_ms = (end_s - RENEW_BEFORE_S.min(life_s / 2)) * 1_000;
        let left_ms = u64::try_from(at_ms - self.state.clock.now().0).unwrap_or(0);
        Some(Instant::now() + Duration::from_millis(left_ms).max(RENEW_AGAIN))
    }
}
