//! Percentiles of counted latencies.

use super::{Counts, Latencies, UsageStep};
use crate::model::time::Timestamp;

fn of(values: impl IntoIterator<Item = i64>) -> Latencies {
    let mut latencies = Latencies::default();
    for value in values {
        latencies.note(value);
    }
    latencies
}

#[test]
fn short_times_are_exact_and_nothing_has_no_percentile() {
    assert_eq!(of([]).percentile(50), None);
    assert_eq!(of([-5]).percentile(95), Some(0));
    let hundred = of(1..=60);
    assert_eq!(hundred.percentile(50), Some(30));
    assert_eq!(hundred.percentile(95), Some(57));
    assert_eq!(of([7]).percentile(95), Some(7));
}

#[test]
fn long_times_are_told_to_two_in_a_hundred() {
    for value in [64, 65, 100, 999, 1_000, 4_321, 59_999, 600_000, 3_599_999] {
        let told = of([value])
            .percentile(50)
            .and_then(|ms| i64::try_from(ms).ok())
            .unwrap_or(0);
        assert!((told - value).abs() * 50 <= value, "{value} is told as {told}");
    }
}

#[test]
fn sums_of_whiles_are_the_same_as_one_while() {
    let (one, other) = (of((0..500).map(|n| n * 7)), of((0..900).map(|n| n * 13)));
    let mut both = one;
    both.add(&other);
    assert_eq!(both, of((0..500).map(|n| n * 7).chain((0..900).map(|n| n * 13))));
    let kept = serde_json::to_string(&both).and_then(|text| serde_json::from_str::<Latencies>(&text));
    assert_eq!(kept.ok(), Some(both));
    let read: Counts = serde_json::from_str("{}").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read, Counts::default());
}

#[test]
fn a_while_begins_where_utc_says() {
    let moment = Timestamp::from_iso("2026-11-22T10:59:59.999Z").unwrap_or_default();
    assert_eq!(UsageStep::Hour.begin(moment).to_iso(), "2026-11-22T10:00:00.000Z");
    assert_eq!(UsageStep::Day.begin(moment).to_iso(), "2026-11-22T00:00:00.000Z");
}
