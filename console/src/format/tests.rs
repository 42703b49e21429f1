//! Numbers and times read as they should, in both languages.

use super::{ago, change, grouped, size, span, unix_ms};
use crate::text::Locale::{English, German};

#[test]
fn thousands_are_set_apart() {
    assert_eq!(grouped(0, English), "0");
    assert_eq!(grouped(999, English), "999");
    assert_eq!(grouped(1_284, English), "1,284");
    assert_eq!(grouped(1_234_567, German), "1.234.567");
}

#[test]
fn spans_and_sizes_take_the_unit_that_fits() {
    assert_eq!(span(640, English), "640 ms");
    assert_eq!(span(1_000, English), "1 s");
    assert_eq!(span(1_249, English), "1.2 s");
    assert_eq!(span(1_249, German), "1,2 s");
    assert_eq!(span(200_000, English), "3 min 20 s");
    assert_eq!(size(812, English), "812 B");
    assert_eq!(size(12_345, English), "12 kB");
    assert_eq!(size(1_400_000, German), "1,4 MB");
}

#[test]
fn a_change_is_told_only_where_there_is_something_to_compare() {
    assert_eq!(change(112, 100).as_deref(), Some("+12 %"));
    assert_eq!(change(92, 100).as_deref(), Some("-8 %"));
    assert_eq!(change(5, 0), None);
    assert_eq!(change(5, 5), None);
}

#[test]
fn times_of_the_server_are_read() {
    assert_eq!(unix_ms("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(unix_ms("2000-03-01T00:00:00.250Z"), Some(951_868_800_250));
    assert_eq!(unix_ms("2026-11-22T15:49:03.5Z"), Some(1_795_362_543_500));
    assert_eq!(unix_ms("yesterday"), None);
}

#[test]
fn how_long_ago_is_said_in_the_largest_whole_unit() {
    let now_ms = unix_ms("2026-11-22T12:00:00Z").unwrap_or_default();
    assert_eq!(ago("2026-11-22T11:59:30Z", now_ms, English), "just now");
    assert_eq!(ago("2026-11-22T11:58:00Z", now_ms, English), "2 min ago");
    assert_eq!(ago("2026-11-22T11:00:00Z", now_ms, English), "1 hour ago");
    assert_eq!(ago("2026-11-19T11:00:00Z", now_ms, German), "vor 3 Tagen");
    assert_eq!(ago("2026-01-02T11:00:00Z", now_ms, German), "2026-01-02");
}
