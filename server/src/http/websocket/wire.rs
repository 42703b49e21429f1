//! An open socket: text messages in and out, and its end.
//!
//! What is to be sent waits here in order and goes out in pieces (as fragments, RFC 6455, section 5.4), so that one long
//! message neither fills a buffer for the rest of the connection nor hides that its reader takes nothing.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use atthene_protocol::socket::{NOT_UTF8, PROTOCOL, TOO_BIG, TOO_SLOW, UNSUPPORTED};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tracing::dispatcher::{self, Dispatch};

/// The library's own default costs 128 KiB for each socket.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// So much goes to the library at a time.
const PIECE_BYTES: usize = 16 * 1024;
/// So much may wait for a reader before anything more is refused.
const MOST_WAITING_BYTES: usize = 256 * 1024;
/// How long a peer may take to close its side of the connection after ours.
const HANG_UP: Duration = Duration::from_millis(500);

/// What came from the peer.
#[derive(Debug)]
pub enum Received {
    /// A text message.
    Text(Utf8Bytes),
    /// A ping, which is answered already, or a pong.
    Alive,
    /// What waited has gone out.
    Room,
    /// The peer closed in order.
    Closed,
    /// The peer is gone.
    Gone,
    /// The peer broke a rule; this code is to be told.
    Broken(u16),
}

/// An open socket.
pub struct Wire {
    stream: WebSocketStream<TokioIo<Upgraded>>,
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    is_inside: bool,
    is_buffered: bool,
    blocked_since: Option<Instant>,
    is_broken: bool,
}

impl Wire {
    /// Over a connection that is a socket now. A message of the peer has at most so many bytes.
    pub async fn new(upgraded: Upgraded, most_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(PIECE_BYTES)
            .max_message_size(Some(most_bytes))
            .max_frame_size(Some(most_bytes));
        Self {
            stream: WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            is_inside: false,
            is_buffered: false,
            blocked_since: None,
            is_broken: false,
        }
    }

    /// Puts a text message behind what waits already; `next` and `flush` send it.
    ///
    /// # Errors
    /// `TOO_SLOW` where too much waits.
    pub fn push(&mut self, text: String) -> Result<(), u16> {
        if self.waiting_bytes > MOST_WAITING_BYTES {
            return Err(TOO_SLOW);
        }
        self.waiting_bytes += text.len();
        self.waiting.push_back(Bytes::from(text));
        Ok(())
    }

    /// Asks the peer for a sign of life.
    pub fn ping(&mut self) {
        // What is wrong with the connection shows when it is flushed.
        self.is_buffered |= quietly(|| self.stream.start_send_unpin(Message::Ping(Bytes::new()))).is_ok();
    }

    /// How many bytes wait to be sent.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// Since when the peer takes nothing of what waits for it.
    pub fn blocked_since(&self) -> Option<Instant> {
        self.blocked_since
    }

    /// Sends what can be sent without waiting.
    pub async fn flush(&mut self) {
        // An error is told by the next reading.
        poll_fn(|context| Poll::Ready(quietly(|| self.poll_write(context).is_ready()))).await;
    }

    /// The next thing from the peer; sends meanwhile. Safe to be dropped while it waits.
    pub async fn next(&mut self) -> Received {
        poll_fn(|context| quietly(|| self.poll(context))).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Received> {
        let was_blocked = self.blocked_since.is_some();
        match self.poll_write(context) {
            Poll::Ready(Err(_)) => return Poll::Ready(Received::Gone),
            Poll::Ready(Ok(())) if was_blocked => return Poll::Ready(Received::Room),
            Poll::Ready(Ok(())) | Poll::Pending => {}
        }
        loop {
            let received = match self.stream.poll_next_unpin(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => Received::Closed,
                Poll::Ready(Some(Ok(Message::Text(text)))) => Received::Text(text),
                Poll::Ready(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => Received::Alive,
                // Reading on sends the answer to it.
                Poll::Ready(Some(Ok(Message::Close(_)))) => {
                    self.waiting.clear();
                    continue;
                }
                Poll::Ready(Some(Ok(_))) => Received::Broken(UNSUPPORTED),
                Poll::Ready(Some(Err(error))) => {
                    self.is_broken = true;
                    code_of(&error).map_or(Received::Gone, Received::Broken)
                }
            };
            return Poll::Ready(received);
        }
    }

    /// Sends all that waits, piece by piece.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            self.feed()?;
            if !self.is_buffered {
                return Poll::Ready(Ok(()));
            }
            let Poll::Ready(flushed) = self.stream.poll_flush_unpin(context) else {
                self.blocked_since.get_or_insert_with(Instant::now);
                return Poll::Pending;
            };
            flushed?;
            self.is_buffered = false;
            self.blocked_since = None;
        }
    }

    /// Hands pieces to the library until it has one piece's worth of bytes.
    fn feed(&mut self) -> Result<(), Error> {
        let mut room = if self.is_buffered { 0 } else { PIECE_BYTES };
        while room > 0 {
            let Some(message) = self.waiting.front_mut() else { break };
            let piece = message.split_to(message.len().min(room));
            let is_last = message.is_empty();
            room -= piece.len();
            self.waiting_bytes -= piece.len();
            let kind = if self.is_inside { Data::Continue } else { Data::Text };
            let frame = Frame::message(piece, OpCode::Data(kind), is_last);
            self.is_inside = !is_last;
            if is_last {
                self.waiting.pop_front();
            }
            self.stream.start_send_unpin(Message::Frame(frame))?;
            self.is_buffered = true;
        }
        Ok(())
    }

    /// Tells why it ends, waits for the peer to agree, and hangs up. What has not gone out yet is dropped.
    pub async fn close(mut self, code: u16, reason: &'static str, patience: Duration) {
        let frame = CloseFrame {
            code: code.into(),
            reason: Utf8Bytes::from_static(reason),
        };
        let telling = async {
            self.stream.send(Message::Close(Some(frame))).await?;
            // What comes after an error cannot be read as frames.
            while !self.is_broken && self.stream.next().await.is_some_and(|message| message.is_ok()) {}
            Ok::<(), Error>(())
        };
        let _ = timeout(patience, silent(telling)).await;
        self.hang_up().await;
    }

    /// Closes the connection, the server first (RFC 6455, section 7.1.1). What still comes is thrown away: closing with
    /// unread bytes would reset it, and the peer might never see what was sent last.
    pub async fn hang_up(mut self) {
        let connection = self.stream.get_mut();
        let ending = async {
            connection.shutdown().await?;
            let mut thrown_away = [0; 1024];
            while connection.read(&mut thrown_away).await? > 0 {}
            Ok::<(), std::io::Error>(())
        };
        let _ = timeout(HANG_UP, ending).await;
    }
}

/// What an error of the library is on the wire; none where there is nobody to be told.
fn code_of(error: &Error) -> Option<u16> {
    match error {
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some(PROTOCOL),
        Error::Utf8(_) => Some(NOT_UTF8),
        Error::Capacity(_) => Some(TOO_BIG),
        _ => None,
    }
}

/// The library writes every message into its log, and messages hold tokens: it runs with logging switched off.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    dispatcher::with_default(&Dispatch::none(), run)
}

/// The same for something that waits.
async fn silent<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| quietly(|| future.as_mut().poll(context))).await
}
