//! What happened of late, for those who look after agents: sums and latencies over a day, a week or a month, beside the
//! same time before, over time and per agent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::ids::AgentId;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::error::Error;
use super::keys::Caller;
use crate::model::time::Timestamp;
use crate::model::usage::{Counts, UsageStep, Used};
use crate::store::Store;

/// How often what ended is gathered.
const GATHER_EVERY: Duration = Duration::from_secs(30);
/// So many rows at a time: others write in between.
const GATHERED_AT_ONCE: u32 = 2_000;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(20);
/// How often whoever asks gathers first: more than that is left to the task.
const GATHERED_ON_DEMAND: u32 = 2;

/// How far back it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// 24 hours, by the hour.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
}

impl Period {
    /// The period of so many days.
    pub fn of_days(days: u32) -> Option<Self> {
        match days {
            1 => Some(Self::Day),
            7 => Some(Self::Week),
            30 => Some(Self::Month),
            _ => None,
        }
    }

    fn step(self) -> (UsageStep, i64) {
        match self {
            Self::Day => (UsageStep::Hour, 24),
            Self::Week => (UsageStep::Day, 7),
            Self::Month => (UsageStep::Day, 30),
        }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Usage {
    /// When the first while began.
    pub from: Timestamp,
    /// Now; the last while goes on.
    pub to: Timestamp,
    /// How long a while is.
    pub step: UsageStep,
    /// All of it.
    pub totals: Counts,
    /// The same of as many whiles before.
    pub previous: Counts,
    /// Each while, the empty ones too.
    pub series: Vec<(Timestamp, Counts)>,
    /// Per agent, where anything happened.
    pub agents: BTreeMap<AgentId, Counts>,
}

/// The sums, over the store.
pub struct Usages {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Usages {
    /// Over its seams.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// What happened with the agents that the caller sees, or with one of them.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn show(&self, caller: &Caller, period: Period, agent_id: Option<&AgentId>) -> Result<Usage, Error> {
        for _ in 0..GATHERED_ON_DEMAND {
            if !self.store.gather_usage(GATHERED_AT_ONCE).await? {
                break;
            }
        }
        let now = self.clock.now();
        let (step, count) = period.step();
        let from = step.begin(now).plus_ms(-(count - 1) * step.ms());
        let before = from.plus_ms(-count * step.ms());
        let key = &caller.key;
        let is_seen = |used: &Used| match (&used.agent_id, agent_id) {
            (Some(agent), Some(wanted)) => agent == wanted && key.may_run(agent),
            (Some(agent), None) => key.may_run(agent),
            (None, wanted) => wanted.is_none() && key.agents.is_none(),
        };
        let listed = self.store.list_usage(&key.workspace, step, before).await?;
        let mut usage = Usage {
            from,
            to: now,
            step,
            totals: Counts::default(),
            previous: Counts::default(),
            series: (0..count)
                .map(|n| (from.plus_ms(n * step.ms()), Counts::default()))
                .collect(),
            agents: BTreeMap::new(),
        };
        for used in listed.into_iter().filter(is_seen) {
            usage.add(used);
        }
        Ok(usage)
    }

    /// Gathers now and twice a minute, until it is told to stop.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(GATHER_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            loop {
                match stop
                    .run_until_cancelled(self.store.gather_usage(GATHERED_AT_ONCE))
                    .await
                {
                    None => return,
                    Some(Ok(true)) => tokio::time::sleep(PAUSE).await,
                    Some(Ok(false)) => break,
                    Some(Err(error)) => {
                        tracing::error!(%error, "what happened could not be added up");
                        break;
                    }
                }
            }
        }
    }
}

impl Usage {
    fn add(&mut self, used: Used) {
        if used.at < self.from {
            self.previous.add(&used.counts);
            return;
        }
        self.totals.add(&used.counts);
        let place = (used.at.0 - self.from.0) / self.step.ms();
        let place = usize::try_from(place).ok().and_then(|place| self.series.get_mut(place));
        if let Some((_, counts)) = place {
            counts.add(&used.counts);
        }
        if let Some(agent) = used.agent_id {
            self.agents.entry(agent).or_default().add(&used.counts);
        }
    }
}
