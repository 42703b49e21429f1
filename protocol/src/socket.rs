//! The socket `/ws/amas`: its frames and its close codes. Every frame is one JSON object in one text message.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

#[cfg(feature = "serde")]
use crate::event::Event;
use crate::ids::SessionId;
#[cfg(feature = "serde")]
use crate::ids::{MessageId, RunId};
#[cfg(feature = "serde")]
use crate::problem::{FieldProblem, ProblemDetail};
#[cfg(feature = "serde")]
use crate::visitor::{SendInput, SendMessage};

/// The subprotocol that is chosen where a client offers it.
pub const SUBPROTOCOL: &str = "amas.v1";

/// Both sides are done.
pub const NORMAL: u16 = 1000;
/// The peer broke the protocol of sockets itself.
pub const PROTOCOL: u16 = 1002;
/// A binary message came; all frames are text.
pub const UNSUPPORTED: u16 = 1003;
/// A text message was not UTF-8.
pub const NOT_UTF8: u16 = 1007;
/// A rule was broken.
pub const POLICY: u16 = 1008;
/// A message was larger than the limit.
pub const TOO_BIG: u16 = 1009;
/// Something went wrong on the server.
pub const INTERNAL: u16 = 1011;
/// The token ended and was not renewed, or there is no such session any more.
pub const TOKEN: u16 = 4401;
/// Public access or the origin was withdrawn.
pub const ACCESS_WITHDRAWN: u16 = 4403;
/// The server restarts; come back.
pub const RESTART: u16 = 1012;
/// The reader was too slow.
pub const TOO_SLOW: u16 = 1013;

/// What a client sends.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ClientFrame {
    /// The first frame: who is here, and after which number the events begin.
    #[serde(rename = "session.start")]
    SessionStart(SessionStart),
    /// A message; `ack` or `error` answers it.
    #[serde(rename = "message.send")]
    MessageSend(SendMessage),
    /// Stops the running turn.
    #[serde(rename = "run.stop")]
    RunStop,
    /// Runs a stopped, interrupted or failed turn again.
    #[serde(rename = "run.retry")]
    RunRetry,
    /// Answers the question on which a turn waits.
    #[serde(rename = "input.answer")]
    InputAnswer(SendInput),
    /// Asks for a `pong`.
    #[serde(rename = "ping")]
    Ping,
}

/// `session.start`: a visitor gives a token, a back end names a session of its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(default))]
pub struct SessionStart {
    /// The visitor's access token.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub token: Option<String>,
    /// The session of a back end.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub session_id: Option<SessionId>,
    /// The number of the last event that the client has; none: everything.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub after: Option<u64>,
}

/// What the server sends.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ServerFrame {
    /// The session is open; events follow.
    #[serde(rename = "session.ready")]
    SessionReady {
        /// The conversation.
        session_id: SessionId,
        /// The number of its last event.
        last_seq: u64,
    },
    /// A message, an answer or a retry is committed.
    #[serde(rename = "ack")]
    Ack {
        /// The client's own id, where the frame had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// The message.
        message_id: MessageId,
        /// The turn that answers it.
        run_id: RunId,
        /// Its number in the session's stream.
        seq: u64,
    },
    /// An event of the session.
    #[serde(rename = "event")]
    Event {
        /// The number to resume after; absent on all but the last event of a snapshot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        /// The event.
        event: Event,
    },
    /// A new access token, before the old one ends.
    #[serde(rename = "token")]
    Token {
        /// The token.
        token: String,
        /// When it ends, ISO 8601 UTC.
        expires_at: String,
    },
    /// A frame could not be followed; the socket stays open unless a close frame comes next.
    #[serde(rename = "error")]
    Error {
        /// What is wrong, and what would be right.
        error: ProblemDetail,
        /// The same field by field, where fields are wrong.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<FieldProblem>,
        /// Which message it is about, where the frame named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// The server restarts: come back.
    #[serde(rename = "reconnect")]
    Reconnect {
        /// After so long, in milliseconds.
        after_ms: u64,
    },
    /// The answer to `ping`.
    #[serde(rename = "pong")]
    Pong,
}
