//! The bus inside one process: a queue per reader, for each session that somebody listens to or that has a running turn.
//!
//! A queue of its own for each reader grows with what waits in it: thousands of idle readers cost next to nothing.

mod queue;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use atthene_protocol::event::Event;
use atthene_protocol::ids::SessionId;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{Bus, Counted, Lagged, LiveAnswer, Rate, RateExceeded, Subscription};
use crate::model::event::NumberedEvent;
use queue::Queue;

/// How many keys a rate may hold before those that are idle are dropped.
const RATE_KEYS_BEFORE_SWEEP: usize = 10_000;
const MINUTE_MS: u64 = 60_000;

/// Counts per key, and tells what is left.
type Limiter = DefaultKeyedRateLimiter<String, StateInformationMiddleware>;

/// The bus of a single process.
#[derive(Default)]
pub struct MemoryBus {
    channels: Arc<Mutex<HashMap<SessionId, Channel>>>,
    rates: Mutex<HashMap<Rate, Arc<Limiter>>>,
}

#[derive(Default)]
struct Channel {
    live: Option<Box<LiveAnswer>>,
    readers: Vec<Arc<Queue>>,
}

impl Channel {
    fn is_idle(&self) -> bool {
        self.live.is_none() && self.readers.is_empty()
    }

    /// A reader whose queue is full loses its place, and reads next that it lagged.
    fn hand_out(&mut self, event: &Arc<NumberedEvent>) {
        self.readers.retain(|reader| reader.push(event));
    }

    /// Follows the running turn's text.
    fn take_in(&mut self, event: &NumberedEvent) {
        if let Event::RunStarted { run_id, .. } = &event.event {
            self.live = Some(Box::new(LiveAnswer {
                run_id: run_id.clone(),
                message_id: None,
                text: String::new(),
                step: None,
                seq: event.seq,
            }));
            return;
        }
        if event.ends_turn() {
            self.live = None;
        }
        let Some(live) = &mut self.live else { return };
        live.seq = event.seq;
        match &event.event {
            Event::TextMessageStart { message_id, .. } => live.message_id = Some(message_id.clone()),
            Event::TextMessageContent { delta, .. } => live.text.push_str(delta),
            Event::StepStarted { step_name } => live.step = Some(step_name.clone()),
            Event::StepFinished { .. } => live.step = None,
            _ => {}
        }
    }
}

/// A poisoned lock guards plain data that is valid after every step, so it is used on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Bus for MemoryBus {
    async fn publish(&self, session: &SessionId, event: Arc<NumberedEvent>) {
        let mut channels = lock(&self.channels);
        let channel = match channels.get_mut(session) {
            Some(channel) => channel,
            None if event.ends_turn() => return,
            None => channels.entry(session.clone()).or_default(),
        };
        channel.take_in(&event);
        channel.hand_out(&event);
        if channel.is_idle() {
            channels.remove(session);
        }
    }

    async fn snapshot_and_subscribe(&self, session: &SessionId) -> (Option<LiveAnswer>, Box<dyn Subscription>) {
        let mut channels = lock(&self.channels);
        let channel = channels.entry(session.clone()).or_default();
        let queue = Arc::new(Queue::default());
        channel.readers.push(Arc::clone(&queue));
        let subscription = MemorySubscription {
            queue,
            session: session.clone(),
            channels: Arc::clone(&self.channels),
        };
        (channel.live.as_deref().cloned(), Box::new(subscription))
    }

    async fn close(&self, session: &SessionId) {
        let closed = lock(&self.channels).remove(session);
        for reader in closed.into_iter().flat_map(|channel| channel.readers) {
            reader.end();
        }
    }

    async fn count(&self, rate: Rate, key: &str) -> Result<Counted, RateExceeded> {
        let limiter = {
            let mut rates = lock(&self.rates);
            let limiter = rates.entry(rate).or_insert_with(|| {
                let quota = Quota::per_minute(per_min(rate));
                Arc::new(RateLimiter::keyed(quota).with_middleware())
            });
            Arc::clone(limiter)
        };
        if limiter.len() > RATE_KEYS_BEFORE_SWEEP {
            limiter.retain_recent();
        }
        let limit = per_min(rate).get();
        match limiter.check_key(&key.to_owned()) {
            Ok(state) => Ok(Counted {
                limit,
                remaining: state.remaining_burst_capacity(),
                reset_ms: MINUTE_MS.div_ceil(u64::from(limit)),
            }),
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(RateExceeded {
                    retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1),
                })
            }
        }
    }
}

/// A rate of nothing counts as one.
fn per_min(rate: Rate) -> NonZeroU32 {
    NonZeroU32::new(rate.per_min).unwrap_or(NonZeroU32::MIN)
}

struct MemorySubscription {
    queue: Arc<Queue>,
    session: SessionId,
    channels: Arc<Mutex<HashMap<SessionId, Channel>>>,
}

#[async_trait]
impl Subscription for MemorySubscription {
    async fn next(&mut self) -> Result<Arc<NumberedEvent>, Lagged> {
        self.queue.next().await
    }
}

impl Drop for MemorySubscription {
    fn drop(&mut self) {
        let mut channels = lock(&self.channels);
        let Some(channel) = channels.get_mut(&self.session) else {
            return;
        };
        channel.readers.retain(|reader| !Arc::ptr_eq(reader, &self.queue));
        if channel.is_idle() {
            channels.remove(&self.session);
        }
    }
}
