//! What happened in a while: counts that can be added up, and how long things took.

use std::collections::BTreeMap;

use atthene_protocol::ids::AgentId;
use serde::{Deserialize, Serialize};

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

/// How long things took, counted by steps that are exact below 64 ms and at most 1/32 wide above.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latencies(BTreeMap<u32, u64>);

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
        *self.0.entry(step_of(ms)).or_default() += 1;
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        for (step, count) in &other.0 {
            *self.0.entry(*step).or_default() += count;
        }
    }

    /// What so many in a hundred did not exceed, in milliseconds, to 2 in a hundred; none where there is nothing.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let all: u64 = self.0.values().sum();
        let rank = (all * percent).div_ceil(100).max(1);
        let mut counted = 0;
        let found = self.0.iter().find(|(_, count)| {
            counted += **count;
            counted >= rank
        });
        found.map(|(step, _)| middle_of(*step))
    }
}

fn step_of(ms: u64) -> u32 {
    if ms < EXACT_MS {
        return u32::try_from(ms).unwrap_or(0);
    }
    let bits = ms.ilog2();
    let within = (ms >> (bits - STEP_BITS)) - (1 << STEP_BITS);
    (EXACT_MS as u32) + ((bits - EXACT_BITS) << STEP_BITS) + u32::try_from(within).unwrap_or(0)
}

fn middle_of(step: u32) -> u64 {
    let Some(above) = step.checked_sub(EXACT_MS as u32) else {
        return u64::from(step);
    };
    // What no step of ours is, as from a store of another version, is held at the end.
    let bits = ((above >> STEP_BITS) + EXACT_BITS).min(MOST_MS.ilog2());
    let within = u64::from(above & ((1 << STEP_BITS) - 1)) + (1 << STEP_BITS);
    let width = 1_u64 << (bits - STEP_BITS);
    within * width + width / 2
}

#[cfg(test)]
mod tests;
