//! Tests of blocked phrases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{MAX_HELD_BYTES, Policy, Violation, phrase_problem};
use crate::model::agent::ContentPolicy;

fn policy(phrases: &[&str]) -> Policy {
    let config = ContentPolicy {
        blocked_phrases: phrases.iter().map(|phrase| (*phrase).to_owned()).collect(),
        moderation: false,
    };
    Policy::new(&config).unwrap().unwrap()
}

/// What goes out of these pieces before the end, and whether it ends well.
fn stream(policy: &Policy, deltas: &[&str]) -> (String, Result<(), Violation>) {
    let mut check = policy.output_check();
    let mut out = String::new();
    for delta in deltas {
        match check.push(delta) {
            Ok(text) => out.push_str(&text),
            Err(violation) => return (out, Err(violation)),
        }
    }
    match check.finish() {
        Ok(text) => (out + &text, Ok(())),
        Err(violation) => (out, Err(violation)),
    }
}

#[test]
fn a_phrase_is_found_whatever_it_looks_like() {
    let policy = policy(&["Secret Plan", "Straße", "ὈΔΥΣΣΕΎΣ", "C++", "秘密", "café"]);
    for text in [
        "the SECRET   plan!",
        "secret\u{a0}\nplan",
        "ｓｅｃｒｅｔ plan",
        "se\u{200b}cret pl\u{ad}an",
        "**secret** `plan`",
        "STRAẞE? no: STRAßE",
        "ὀδυσσεύς",
        "I like c++17",
        "これは秘密です",
        "CAFE\u{301}",
        "(café)",
    ] {
        assert!(policy.check_input(text).is_err(), "{text}");
    }
    for text in [
        "secret plane",
        "topsecret plan",
        "secret a plan",
        "c+",
        "cafe",
        "Straßenbahn",
        "",
    ] {
        assert_eq!(policy.check_input(text), Ok(()), "{text}");
    }
}

#[test]
fn the_phrase_that_stands_alone_is_found_inside_one_that_does_not() {
    let policy = policy(&["plan b", "b", "an"]);
    assert_eq!(policy.check_input("plan bc"), Ok(()));
    assert_eq!(policy.check_input("aplan b").unwrap_err().phrase, "b");
}

#[test]
fn a_phrase_that_is_cut_anywhere_is_never_shown() {
    let policy = policy(&["Secret Plan", "plan of"]);
    let text = "We have a secret plan of attack.";
    for first in 0..=text.len() {
        for second in first..=text.len() {
            let (out, end) = stream(&policy, &[&text[..first], &text[first..second], &text[second..]]);
            assert_eq!(end.unwrap_err().phrase, "Secret Plan");
            assert!("We have a ".starts_with(&out), "{out:?}");
        }
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(stream(&policy, &letters).0, "We have a ");
}

#[test]
fn what_only_looked_like_a_phrase_comes_out_as_it_was() {
    let policy = policy(&["secret plan", "sec", "ab cd ef"]);
    for text in [
        "A secret  planet, se\u{200b}cretly; secrets.",
        "ab cd e f",
        "ﬁne \u{1d54a}eals ½ secre",
        "ab cd\u{301} ef",
        "   \n\n ",
        "ab \u{200b}\u{200b} ab cd  ab",
    ] {
        for size in 1..=4 {
            let chars: Vec<char> = text.chars().collect();
            let deltas: Vec<String> = chars.chunks(size).map(|chunk| chunk.iter().collect()).collect();
            let deltas: Vec<&str> = deltas.iter().map(String::as_str).collect();
            assert_eq!(stream(&policy, &deltas), (text.to_owned(), Ok(())), "{size}");
        }
    }
}

#[test]
fn no_more_than_the_longest_phrase_is_held_back() {
    let policy = policy(&["secret plan"]);
    let mut check = policy.output_check();
    assert_eq!(check.push("Hello there").unwrap(), "Hello there");
    assert_eq!(check.push(", a sec").unwrap(), ", a ");
    assert_eq!(check.push("ond secret plan").unwrap(), "second ");
    assert_eq!(check.push("e ").unwrap(), "secret plane ");
    // A phrase at the end waits for what follows it; the end decides.
    assert_eq!(check.push("secret plan").unwrap(), "");
    assert!(check.finish().is_err());
    let mut check = policy.output_check();
    assert_eq!(check.push("secret").unwrap(), "");
    let blanks = " ".repeat(MAX_HELD_BYTES);
    assert_eq!(check.push(&blanks).unwrap().len(), 6 + blanks.len());
}

#[test]
fn the_letter_before_counts_though_it_is_out_already() {
    let policy = policy(&["plan"]);
    assert_eq!(stream(&policy, &["x", "plan", " "]).1, Ok(()));
    assert_eq!(stream(&policy, &["x\u{200b}", "plan", " "]).1, Ok(()));
    assert!(stream(&policy, &["x ", "plan", "."]).1.is_err());
    assert!(stream(&policy, &["plan", "."]).1.is_err());
}

#[test]
fn a_phrase_needs_something_to_read() {
    for phrase in ["", " ", "**", "\u{200b}", "?!"] {
        assert!(phrase_problem(phrase).is_some(), "{phrase:?}");
    }
    assert!(phrase_problem(&"x".repeat(101)).is_some());
    assert_eq!(phrase_problem("C++"), None);
    assert!(Policy::new(&ContentPolicy::default()).unwrap().is_none());
}
