//! What happened in a while: counts that can be added up, and how long things took.

use std::fmt;

use atthene_protocol::ids::AgentId;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::{DAY_MS, Timestamp};

/// An hour, in milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// How long a while is; each begins where UTC says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageStep {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl UsageStep {
    /// Its word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// How long it is, in milliseconds.
    pub fn ms(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
        }
    }

    /// The begin of the one in which a moment lies.
    pub fn begin(self, moment: Timestamp) -> Timestamp {
        Timestamp(moment.0.div_euclid(self.ms()) * self.ms())
    }
}

/// What happened in a while with one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// When the while began.
    pub at: Timestamp,
    /// The agent; none where the configuration came with the session.
    pub agent_id: Option<AgentId>,
    /// What happened.
    pub counts: Counts,
}

/// Counts of a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Questions and answers.
    pub messages: u64,
    /// Conversations that began.
    pub sessions: u64,
    /// Visitors who began one.
    pub visitors: u64,
    /// Turns that ended, by their begin.
    pub turns: u64,
    /// Those of them that failed or were cut off.
    pub errors: u64,
    /// Tokens that models read.
    pub input_tokens: u64,
    /// Tokens that models wrote.
    pub output_tokens: u64,
    /// Refusals of origins that were kept.
    #[serde(skip)]
    pub refused_origins: u64,
    /// From the begin of turns to the first piece of their answers.
    pub first_token: Latencies,
    /// From the begin of turns to their end.
    pub turn: Latencies,
}

impl Counts {
    /// Adds what happened elsewhere or at another time.
    pub fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.sessions += other.sessions;
        self.visitors += other.visitors;
        self.turns += other.turns;
        self.errors += other.errors;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.refused_origins += other.refused_origins;
        self.first_token.add(&other.first_token);
        self.turn.add(&other.turn);
    }
}

/// How long things took, counted by steps that are exact below 64 ms and at most 1/32 wide above: how many fell into each,
/// up to the last one that has any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latencies(Vec<u64>);

/// Below this every millisecond has its own step; above it each doubling has 32.
const EXACT_MS: u64 = 64;
/// log2 of it.
const EXACT_BITS: u32 = 6;
/// log2 of the steps of a doubling.
const STEP_BITS: u32 = 5;
/// Longer than anything that is measured: an hour.
const MOST_MS: u64 = HOUR_MS as u64;

impl Latencies {
    /// Counts one; what is negative, as a clock that was set back tells, counts as nothing.
    pub fn note(&mut self, ms: i64) {
        let ms = u64::try_from(ms).unwrap_or(0).min(MOST_MS);
        self.count(step_of(ms), 1);
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    /// What so many in a hundred did not exceed, in milliseconds, to 2 in a hundred; none where there is nothing.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let all: u64 = self.0.iter().sum();
        let rank = (all * percent).div_ceil(100).max(1);
        let mut counted = 0;
        let step = self.0.iter().position(|count| {
            counted += count;
            counted >= rank
        });
        step.map(middle_of)
    }

    fn count(&mut self, step: usize, count: u64) {
        if self.0.len() <= step {
            self.0.resize(step + 1, 0);
        }
        if let Some(counted) = self.0.get_mut(step) {
            *counted += count;
        }
    }
}

/// As it is kept: the steps that have any.
impl Serialize for Latencies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counted = self.0.iter().enumerate().filter(|(_, count)| **count > 0);
        serializer.collect_map(counted)
    }
}

impl<'de> Deserialize<'de> for Latencies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Steps;

        impl<'de> Visitor<'de> for Steps {
            type Value = Latencies;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("how many fell into each step")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut steps: A) -> Result<Latencies, A::Error> {
                let mut latencies = Latencies::default();
                while let Some((step, count)) = steps.next_entry::<usize, u64>()? {
                    latencies.count(step.min(step_of(MOST_MS)), count);
                }
                Ok(latencies)
            }
        }

        deserializer.deserialize_map(Steps)
    }
}

fn step_of(ms: u64) -> usize {
    let step = if ms < EXACT_MS {
        ms
    } else {
        let bits = ms.ilog2();
        let within = (ms >> (bits - STEP_BITS)) - (1 << STEP_BITS);
        EXACT_MS + (u64::from(bits - EXACT_BITS) << STEP_BITS) + within
    };
    usize::try_from(step).unwrap_or(usize::MAX)
}

fn middle_of(step: usize) -> u64 {
    let step = step as u64;
    let Some(above) = step.checked_sub(EXACT_MS) else {
        return step;
    };
    let doublings = above >> STEP_BITS;
    let within = (above & ((1 << STEP_BITS) - 1)) + (1 << STEP_BITS);
    let width = 1_u64 << (doublings + u64::from(EXACT_BITS - STEP_BITS));
    within * width + width / 2
}

#[cfg(test)]
mod tests;
