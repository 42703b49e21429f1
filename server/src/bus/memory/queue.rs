//! What waits for one reader: bounded in events and in bytes. A reader that lets more wait lags: its queue is emptied at
//! once, whether it ever reads again or not, and it has to look at the session anew.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::super::{Lagged, SUBSCRIPTION_BYTES, SUBSCRIPTION_EVENTS};
use crate::model::event::NumberedEvent;

/// The queue of one reader.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<Arc<NumberedEvent>>,
    bytes: usize,
    is_over: bool,
}

impl Queue {
    /// Puts an event behind the others; false where its reader lags now, or is gone. An event that is too large by itself
    /// is taken where nothing else waits.
    pub(super) fn push(&self, event: &Arc<NumberedEvent>) -> bool {
        let mut waiting = self.waiting();
        if waiting.is_over {
            return false;
        }
        let bytes = waiting.bytes + event.json.len();
        let is_full = waiting.events.len() >= SUBSCRIPTION_EVENTS || bytes > SUBSCRIPTION_BYTES;
        if is_full && !waiting.events.is_empty() {
            drop(waiting);
            self.end();
            return false;
        }
        waiting.bytes = bytes;
        waiting.events.push_back(Arc::clone(event));
        drop(waiting);
        self.filled.notify_one();
        true
    }

    /// The next event; waits for one. Safe to be dropped while it waits.
    pub(super) async fn next(&self) -> Result<Arc<NumberedEvent>, Lagged> {
        loop {
            {
                let mut waiting = self.waiting();
                if waiting.is_over {
                    return Err(Lagged);
                }
                if let Some(event) = waiting.events.pop_front() {
                    waiting.bytes -= event.json.len();
                    return Ok(event);
                }
            }
            self.filled.notified().await;
        }
    }

    /// Nothing more comes: what waits is older than the snapshot that its reader has to take.
    pub(super) fn end(&self) {
        let mut waiting = self.waiting();
        *waiting = Waiting {
            is_over: true,
            ..Waiting::default()
        };
        drop(waiting);
        self.filled.notify_one();
    }

    /// A poisoned lock guards plain data that is valid after every step, so it is used on.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
