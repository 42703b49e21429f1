//! How long to wait before the next attempt; it does not wait itself.

const BASE_MS: f64 = 1_000.0;
const CAP_MS: f64 = 30_000.0;
/// Even the luckiest draw leaves the server this much air.
const FLOOR_MS: f64 = 250.0;

/// Exponential with full jitter: many widgets that lost the same server come back spread out. `random` is at least 0
/// and less than 1.
pub fn delay_ms(attempt: u32, random: f64) -> f64 {
    let limit_ms = (BASE_MS * f64::from(1_u32 << attempt.min(5))).min(CAP_MS);
    FLOOR_MS + random * (limit_ms - FLOOR_MS)
}
