//! Tests of the waits; attempts and limits are tried in `tests/it/models/limits.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use super::wait_before;

#[test]
fn the_jitter_is_full_and_bounded() {
    for attempt in [0, 1, 2, 40] {
        let most = Duration::from_millis(500 * (1 << attempt.min(4)));
        let waits: Vec<_> = (0..200).map(|_| wait_before(attempt, None)).collect();
        assert!(waits.iter().all(|wait| *wait <= most));
        assert!(waits.iter().any(|wait| *wait < most / 2) && waits.iter().any(|wait| *wait > most / 2));
    }
}

#[test]
fn the_vendor_is_never_asked_sooner_than_it_said() {
    for asked in [0, 700, 30_000] {
        assert!((0..100).all(|_| wait_before(0, Some(asked)) >= Duration::from_millis(asked)));
    }
    assert!(wait_before(0, Some(u64::MAX)) < Duration::from_secs(48 * 3_600));
}
