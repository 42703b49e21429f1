//! How long things are kept (BAR.md D6): once an hour what is too old is erased, a little at a time, so that nobody who
//! writes a message waits for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::conversation::Conversations;
use super::error::Error;
use super::idempotency::KEPT_MS;
use crate::config::RetentionSettings;
use crate::model::time::DAY_MS;
use crate::store::Store;

/// How often it is looked for what is too old.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);
/// So many sessions go in one transaction: each takes all its messages along.
const SESSIONS_AT_ONCE: u32 = 20;
/// So many rows of the other kinds.
const ROWS_AT_ONCE: u32 = 100;
/// Between two transactions.
const PAUSE: Duration = Duration::from_millis(20);
/// How long the id of an erased session is remembered: longer than any request or token that could name it lives.
const TOMBSTONES_DAYS: i64 = 90;
/// How long sums of what happened are kept: a month, and the one before to compare.
const SUMS_DAYS: i64 = 62;

/// What erases by age.
pub struct Retention {
    /// The conversations.
    pub conversations: Arc<Conversations>,
    /// Everything else.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long things are kept.
    pub settings: RetentionSettings,
}

/// What one sweep erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions in which nothing happened for too long.
    pub sessions: u64,
    /// Traces.
    pub traces: u64,
    /// Answers to requests with an `Idempotency-Key`.
    pub answers: u64,
    /// Ids of erased sessions.
    pub tombstones: u64,
    /// Sums of hours and days.
    pub sums: u64,
}

impl Retention {
    /// Sweeps now and once an hour, until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            match stop.run_until_cancelled(self.sweep()).await {
                None => return,
                Some(Ok(swept)) if swept == Swept::default() => {}
                Some(Ok(swept)) => tracing::info!(?swept, "what was too old is erased"),
                Some(Err(error)) => tracing::error!(%error, "what is too old could not be erased"),
            }
        }
    }

    /// Erases what is too old.
    ///
    /// # Errors
    /// `Internal`; what was erased before stays erased.
    pub async fn sweep(&self) -> Result<Swept, Error> {
        let now = self.clock.now();
        let days_ago = |days: i64| now.plus_ms(-days.saturating_mul(DAY_MS));
        let idle_since = days_ago(i64::from(self.settings.sessions_days));
        let traces_before = days_ago(i64::from(self.settings.traces_days));
        let answers_before = now.plus_ms(-KEPT_MS);
        let tombstones_before = days_ago(TOMBSTONES_DAYS);
        let sums_before = days_ago(SUMS_DAYS);
        let (store, rows) = (&self.store, ROWS_AT_ONCE);
        let swept = Swept {
            sessions: all(SESSIONS_AT_ONCE, || {
                self.conversations.erase_idle(idle_since, SESSIONS_AT_ONCE)
            })
            .await?,
            traces: all(rows, || store.delete_traces_before(traces_before, rows)).await?,
            answers: all(rows, || store.delete_answers_before(answers_before, rows)).await?,
            tombstones: all(rows, || store.delete_tombstones_before(tombstones_before, rows)).await?,
            sums: all(rows, || store.delete_usage_before(sums_before, rows)).await?,
        };
        if swept != Swept::default() {
            store.settle_erasures().await?;
        }
        Ok(swept)
    }
}

/// Erases so many at a time until there is nothing left.
async fn all<E, F>(limit: u32, erase: impl Fn() -> F) -> Result<u64, Error>
where
    F: Future<Output = Result<u64, E>>,
    Error: From<E>,
{
    let mut sum = 0;
    loop {
        let erased = erase().await?;
        sum += erased;
        if erased < u64::from(limit) {
            return Ok(sum);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
