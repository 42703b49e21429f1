//! Tests of the words of a question.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{is_same_word, search_words, share_of};

#[test]
fn questions_lose_their_stop_words() {
    assert_eq!(
        search_words("How do I change the colour of the launcher?"),
        ["change", "colour", "launcher"]
    );
    assert_eq!(
        search_words("Wie kann ich die Farbe des Knopfes ändern?"),
        ["farbe", "knopfes", "ändern"]
    );
    assert!(search_words("What is it?").is_empty());
    assert!(search_words("").is_empty());
}

#[test]
fn identifiers_stay_whole() {
    assert_eq!(
        search_words("Where does `data-agent-key` go, and config.default.toml, /public/v1/ping?"),
        ["data-agent-key", "config.default.toml", "public/v1/ping"]
    );
    assert_eq!(search_words("primaryColor: '#0066FF'"), ["primarycolor", "0066ff"]);
}

#[test]
fn words_are_few_and_each_once() {
    let long: String = (0..100).map(|number| format!("word{number} word{number} ")).collect();
    assert_eq!(search_words(&long).len(), 24);
    assert!(search_words(&"x".repeat(5_000)).is_empty());
    assert_eq!(search_words("日本語 の 質問"), ["日本語", "の", "質問"]);
}

#[test]
fn endings_do_not_make_another_word() {
    assert!(is_same_word("origins", "origin"));
    assert!(is_same_word("allowed", "allow"));
    assert!(is_same_word("seiten", "seite"));
    assert!(is_same_word("embed", "embedding"));
    assert!(is_same_word("run", "running"));
    assert!(!is_same_word("server", "service"));
    assert!(!is_same_word("for", "form"));
}

#[test]
fn a_share_counts_parts_of_identifiers_and_ends_of_compounds() {
    let asked = search_words("left launcher site");
    assert_eq!(share_of(&asked, "the launcher of a website: 'bottom-left'"), 1.0);
    assert_eq!(share_of(&asked, "nothing of it"), 0.0);
    assert!((0.2..0.5).contains(&share_of(&asked, "launchers")));
    assert_eq!(share_of(&[], "anything"), 0.0);
}
