//! An event with the number and the audience that the server gave it, and its JSON, written once for all readers.

use std::sync::Arc;

use atthene_protocol::event::{Audience, Event, RUN_SNAPSHOT, Status};

/// An event of a session's stream.
#[derive(Debug)]
pub struct NumberedEvent {
    /// Its number in the session; numbers only ever rise, holes mean nothing.
    pub seq: u64,
    /// Whom it may reach.
    pub audience: Audience,
    /// The event.
    pub event: Event,
    /// The event as JSON.
    pub json: Box<str>,
}

impl NumberedEvent {
    /// Numbers an event and writes its JSON.
    pub fn new(seq: u64, audience: Audience, event: Event) -> Arc<Self> {
        let json = serde_json::to_string(&event).unwrap_or_default().into_boxed_str();
        Arc::new(Self {
            seq,
            audience,
            event,
            json,
        })
    }

    /// Whether its reader knows from this that the turn is over: told live, or by a snapshot of one that ended before.
    pub fn tells_end(&self) -> bool {
        match &self.event {
            Event::Custom { name, value } => name == RUN_SNAPSHOT && value["status"] != Status::Running.as_str(),
            _ => self.ends_turn(),
        }
    }

    /// Whether this is the last event of its turn.
    pub fn ends_turn(&self) -> bool {
        matches!(self.event, Event::RunFinished { .. } | Event::RunError { .. })
    }
}
