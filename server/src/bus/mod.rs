//! The bus seam: what need not survive a restart. Live events of the sessions and the counters of rates.
//!
//! One process uses `memory`; a second backend will have to pass the same contract suite (`tests/it/bus`). Which turn
//! runs in a session is decided by the store, atomically with the message, so the bus needs no lock of its own.

pub mod memory;

use std::sync::Arc;

use async_trait::async_trait;
use atthene_protocol::ids::{MessageId, RunId, SessionId};

use crate::model::event::NumberedEvent;

/// How many events a subscription holds before it lags; a lagging reader takes a new snapshot.
pub const SUBSCRIPTION_EVENTS: usize = 128;
/// The same in bytes of their JSON: many small readers that take nothing must not fill the memory with large events.
pub const SUBSCRIPTION_BYTES: usize = 256 * 1024;

/// What a running turn has said so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveAnswer {
    /// The turn.
    pub run_id: RunId,
    /// The message that it writes, once begun.
    pub message_id: Option<MessageId>,
    /// Its text so far.
    pub text: String,
    /// The public label of the step that is running, if one is.
    pub step: Option<String>,
    /// The number of the last event in it.
    pub seq: u64,
}

/// Live events of one session, from the moment of the snapshot on.
#[async_trait]
pub trait Subscription: Send {
    /// The next event; `Lagged` when this reader was too slow, or the session was closed, and must look at it anew.
    async fn next(&mut self) -> Result<Arc<NumberedEvent>, Lagged>;
}

/// The reader was too slow and events were dropped, or the session was closed: what is live is no longer what it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged;

/// A rate that is counted per key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// What is counted, part of the key.
    pub name: &'static str,
    /// How many per minute; as many at once.
    pub per_min: u32,
}

/// It fits into the rate, and is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many per minute.
    pub limit: u32,
    /// How many more fit right now.
    pub remaining: u32,
    /// When one more fits than now, in milliseconds.
    pub reset_ms: u64,
}

/// The rate is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateExceeded {
    /// When the next one fits, in milliseconds.
    pub retry_after_ms: u64,
}

/// Live events and counters.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Hands an event to everyone who listens to the session, and keeps a running turn's text for those who come.
    async fn publish(&self, session: &SessionId, event: Arc<NumberedEvent>);
    /// What the running turn has said so far, and everything after exactly that, under one lock.
    async fn snapshot_and_subscribe(&self, session: &SessionId) -> (Option<LiveAnswer>, Box<dyn Subscription>);
    /// Sends everyone who listens to the session to look at it anew, and forgets what its running turn said.
    async fn close(&self, session: &SessionId);
    /// Counts one; answers whether it fits into the rate, and what is left. Callers at once are each told another rest.
    ///
    /// # Errors
    /// It does not fit; it was not counted.
    async fn count(&self, rate: Rate, key: &str) -> Result<Counted, RateExceeded>;
}
