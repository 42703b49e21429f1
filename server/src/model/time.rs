//! A moment, in milliseconds since the Unix epoch. Who may ask for "now" is `domain::clock`.

use serde::{Deserialize, Serialize};

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment so many milliseconds later.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The day in UTC, counted from the epoch.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// The moment of an ISO 8601 time with an offset or `Z`.
    pub fn from_iso(text: &str) -> Option<Self> {
        let at = text.parse::<jiff::Timestamp>().ok()?;
        Some(Self(at.as_millisecond()))
    }

    /// The same, or the first moment of a day in UTC, such as `2026-11-22`.
    pub fn from_iso_or_day(text: &str) -> Option<Self> {
        Self::from_iso(text).or_else(|| Self::from_iso(&format!("{text}T00:00:00Z")))
    }

    /// The same, or the last moment of a day in UTC.
    pub fn from_iso_or_end_of_day(text: &str) -> Option<Self> {
        let end = || Self::from_iso(&format!("{text}T00:00:00Z")).map(|day| day.plus_ms(DAY_MS - 1));
        Self::from_iso(text).or_else(end)
    }

    /// ISO 8601 UTC with `Z`, to the millisecond; the form of every time on the wire.
    pub fn to_iso(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => format!("{at:.3}"),
            Err(_) => String::from("1970-01-01T00:00:00.000Z"),
        }
    }
}
