//! What the clients of a soak saw, together: figures, and promises that were broken.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ledger::{Asked, Breach, Promise};
use super::model::Model;

/// A running sum.
#[derive(Debug, Default)]
pub struct Sum(AtomicU64);

impl Sum {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// So far.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Shared by all clients.
#[derive(Default)]
pub struct Findings {
    /// Messages that were acknowledged.
    pub acknowledged: Sum,
    /// Answers that were read to their end.
    pub answered: Sum,
    /// Sends that were repeated because nobody knew what had become of them.
    pub repeated: Sum,
    /// Answers that were found cut off after a crash.
    pub interrupted: Sum,
    /// Of those, how many were tried again and read to their end.
    pub retried: Sum,
    /// Turns that were stopped.
    pub stopped: Sum,
    /// Streams that were taken up again.
    pub resumed: Sum,
    /// Conversations that were compared with what their client knew.
    pub compared: Sum,
    breaches: Mutex<Vec<Breach>>,
    killed_at: Mutex<Option<Instant>>,
}

impl Findings {
    /// Notes broken promises.
    pub fn report(&self, breaches: impl IntoIterator<Item = Breach>) {
        let mut all = self.breaches.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(breaches);
    }

    /// Notes one.
    pub fn say(&self, promise: Promise, what: impl Into<String>) {
        self.report([(promise, what.into())]);
    }

    /// All broken promises so far.
    pub fn breaches(&self) -> Vec<Breach> {
        self.breaches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server is about to be killed.
    pub fn note_kill(&self) {
        *self.killed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether this was long enough before the last kill that it must be on the disk.
    pub fn must_be_kept(&self, seen_at: Instant, within: Duration) -> bool {
        let killed_at = *self.killed_at.lock().unwrap_or_else(PoisonError::into_inner);
        killed_at.is_some_and(|killed_at| seen_at + within < killed_at)
    }

    /// Compares how often the model was asked with how often it should have been.
    pub fn judge_calls(&self, asked: &[Asked], model: &Model) {
        for question in asked {
            let calls = model.asked(&question.text);
            if calls > question.turns {
                let (text, turns) = (&question.text, question.turns);
                self.say(
                    Promise::AskedOnce,
                    format!("{text} was put to the model {calls} times in {turns} turns"),
                );
            }
        }
    }
}

/// The server is gone: what was asked of it may or may not have happened.
#[derive(Debug)]
pub struct Gone;

impl From<reqwest::Error> for Gone {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}
