//! Tests of the addresses; what goes over the wire is tried in `tests/it/models`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{completions_url, is_loopback};

#[test]
fn the_path_is_appended_and_the_query_kept() {
    for (base, full) in [
        (
            "http://127.0.0.1:11434/v1/",
            "http://127.0.0.1:11434/v1/chat/completions",
        ),
        (
            "http://127.0.0.1:11434/v1",
            "http://127.0.0.1:11434/v1/chat/completions",
        ),
        ("https://api.example", "https://api.example/chat/completions"),
        (
            "https://x.example/openai?api-version=1#f",
            "https://x.example/openai/chat/completions?api-version=1",
        ),
    ] {
        assert_eq!(completions_url(base).unwrap().as_str(), full);
    }
}

#[test]
fn a_wrong_address_is_refused_without_repeating_it() {
    for base in [
        "",
        "localhost:11434",
        "ftp://x.example/",
        "https://me:hunter2@x.example/v1",
    ] {
        let problem = completions_url(base).unwrap_err();
        assert!(problem.starts_with("base_url"), "{problem}");
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

#[test]
fn this_machine_is_known() {
    for (base, is_this) in [
        ("http://localhost:1/", true),
        ("http://127.9.9.9/", true),
        ("http://[::1]:1/", true),
        ("http://10.0.0.1/", false),
        ("https://localhost.example/", false),
    ] {
        assert_eq!(is_loopback(&base.parse().unwrap()), is_this, "{base}");
    }
}
