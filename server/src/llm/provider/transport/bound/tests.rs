//! Tests of the counting.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{ANSWER_BYTES, Bound, EVENT_BYTES};

#[test]
fn a_line_without_an_end_is_refused_at_the_bound() {
    let mut bound = Bound::default();
    bound.take(&vec![b'x'; EVENT_BYTES]).unwrap();
    assert!(bound.take(b"x").unwrap_err().detail.contains("event"));
}

#[test]
fn lines_without_a_blank_one_are_one_event_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let line = format!("data: {}{end}", "x".repeat(1000));
        let mut bound = Bound::default();
        let taken = (0..2_000).take_while(|_| bound.take(line.as_bytes()).is_ok()).count();
        assert!((1_000..1_100).contains(&taken), "{taken} lines with {end:?}");
    }
}

#[test]
fn a_blank_line_begins_a_new_count_wherever_the_bytes_are_cut() {
    for end in ["\n", "\r\n", "\r"] {
        let event = format!("data: {}{end}{end}", "x".repeat(9_000));
        let mut bound = Bound::default();
        for _ in 0..500 {
            for chunk in event.as_bytes().chunks(7) {
                bound.take(chunk).unwrap();
            }
        }
    }
}

#[test]
fn an_answer_without_an_end_is_refused_at_its_bound() {
    let event = format!("data: {}\n\n", "x".repeat(10_000));
    let mut bound = Bound::default();
    let most = ANSWER_BYTES / event.len() + 2;
    let error = (0..most).find_map(|_| bound.take(event.as_bytes()).err()).unwrap();
    assert!(error.detail.contains("answer"));
}
