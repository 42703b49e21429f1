//! Now, and new ids: the only place that asks the system for either, so that tests can own both.

use atthene_protocol::ids::{AgentId, InterruptId, KeyId, MessageId, RequestId, RunId, SessionId, UserId, VisitorId};

use crate::model::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that may ask")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}

/// A fresh id: time-ordered with 74 random bits (UUID version 7, RFC 9562).
#[allow(clippy::disallowed_methods, reason = "the one place that may ask")]
fn fresh(prefix: &str) -> String {
    format!("{prefix}{}", uuid::Uuid::now_v7().simple())
}

/// A new agent's id.
pub fn new_agent_id() -> AgentId {
    AgentId(fresh(AgentId::PREFIX))
}

/// A new session's id.
pub fn new_session_id() -> SessionId {
    SessionId(fresh(SessionId::PREFIX))
}

/// A new visitor's id.
pub fn new_visitor_id() -> VisitorId {
    VisitorId(fresh(VisitorId::PREFIX))
}

/// A new message's id.
pub fn new_message_id() -> MessageId {
    MessageId(fresh(MessageId::PREFIX))
}

/// A new turn's id.
pub fn new_run_id() -> RunId {
    RunId(fresh(RunId::PREFIX))
}

/// A new interrupt's id.
pub fn new_interrupt_id() -> InterruptId {
    InterruptId(fresh(InterruptId::PREFIX))
}

/// A new API key's public id.
pub fn new_key_id() -> KeyId {
    KeyId(fresh(KeyId::PREFIX))
}

/// A new user's id.
pub fn new_user_id() -> UserId {
    UserId(fresh(UserId::PREFIX))
}

/// A new request's id.
pub fn new_request_id() -> RequestId {
    RequestId(fresh(RequestId::PREFIX))
}
