//! Tests of the model that quotes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};

use super::{Builtin, compose, pieces};
use crate::llm::{ModelEvent, ModelMessage, ModelRequest};
use crate::model::conversation::Role;
use crate::model::knowledge::{Found, Passage};

fn found(title: &str, heading: &str, text: &str) -> Found {
    Found {
        passage: Passage {
            title: title.to_owned(),
            path: "x.md".to_owned(),
            heading: heading.to_owned(),
            text: text.to_owned(),
        },
        score: 1.0,
    }
}

fn asked(question: &str, passages: Vec<Found>) -> ModelRequest {
    ModelRequest {
        model: "builtin".to_owned(),
        messages: vec![ModelMessage::text(Role::User, question)],
        passages,
        ..ModelRequest::default()
    }
}

#[test]
fn it_quotes_the_paragraph_that_answers_with_its_source() {
    let text = "The widget is small.\n\nSet `primaryColor` to any CSS colour to change the colour of the launcher.";
    let answer = compose(&asked(
        "How do I change the colour of the launcher?",
        vec![
            found("Embedding", "Options", text),
            found("Backup", "Files", "Copy the database file."),
        ],
    ));
    assert!(
        answer.starts_with("Here is what the documentation says:\n\n> "),
        "{answer}"
    );
    assert!(answer.contains("> Set `primaryColor` to any CSS colour"), "{answer}");
    assert!(
        answer.ends_with("**Sources:** [Embedding › Options](# \"source\")"),
        "{answer}"
    );
}

#[test]
fn it_says_plainly_that_it_found_nothing() {
    let answer = compose(&asked("What is the weather in Paris tomorrow?", vec![]));
    assert!(answer.starts_with("I found nothing about that"), "{answer}");
    // A passage that shares one word of many is no answer, only a topic.
    let near = vec![found("Operations", "Logs", "Tomorrow's log file begins at midnight.")];
    let answer = compose(&asked("What is the weather in Paris tomorrow?", near));
    assert!(answer.starts_with("I found nothing about that"), "{answer}");
    assert!(answer.ends_with("[Operations › Logs](# \"source\")"), "{answer}");
    assert!(!answer.contains("> "), "{answer}");
}

#[test]
fn it_answers_in_the_language_of_the_question() {
    let passages = vec![found(
        "Einbetten",
        "Farbe",
        "Die Farbe des Knopfes ändert man mit `primaryColor`.",
    )];
    let answer = compose(&asked("Wie kann ich die Farbe ändern?", passages));
    assert!(answer.starts_with("Das steht dazu in der Dokumentation:"), "{answer}");
    assert!(
        answer.contains("**Quellen:** [Einbetten › Farbe](# \"source\")"),
        "{answer}"
    );
    let mut request = asked("primaryColor", vec![]);
    request.locale = Some("de-AT".to_owned());
    assert!(compose(&request).starts_with("Dazu habe ich"));
    assert!(compose(&asked("Hallo!", vec![])).starts_with("Hallo!"));
    assert!(compose(&asked("hi", vec![])).starts_with("Hello!"));
    assert!(compose(&asked("Guten Morgen", vec![])).starts_with("Hallo!"));
}

#[test]
fn code_blocks_stay_whole_and_come_with_their_introduction() {
    let code = "```html\n<script src=\"x\"></script>\n\n<script>go()</script>\n```";
    let text = format!(
        "Unrelated words here. {}\n\nPut this snippet into the page:\n\n{code}",
        "Filler. ".repeat(100)
    );
    let answer = compose(&asked(
        "Where is the snippet for the page?",
        vec![found("Embedding", "Snippet", &text)],
    ));
    let quoted = "> Put this snippet into the page:\n>\n> ```html\n> <script src=\"x\"></script>\n>\n> <script>go()</script>\n> ```";
    assert!(answer.contains(quoted), "{answer}");
    assert!(!answer.contains("Filler"), "{answer}");
}

#[test]
fn a_long_paragraph_is_cut_between_sentences() {
    let text = format!(
        "{}The backup command copies the database safely. {}",
        "Nothing here. ".repeat(60),
        "More of it. ".repeat(90)
    );
    let answer = compose(&asked(
        "Which command makes a backup of the database?",
        vec![found("Operations", "Backup", &text)],
    ));
    assert!(
        answer.contains("> … The backup command copies the database safely."),
        "{answer}"
    );
    assert!(answer.chars().count() < 1_000, "{answer}");
}

#[test]
fn the_pieces_make_up_the_text() {
    let text = "**Sources:** a › b\n\n> x  y\n日本語 ";
    let pieces = pieces(text);
    assert_eq!(pieces.concat(), text);
    assert!(pieces.len() > 5);
}

#[test]
fn it_streams_in_pieces_without_waiting_at_pace_zero() {
    let events: Vec<_> = Builtin::new(Duration::ZERO)
        .answer(&asked("hello", vec![]))
        .collect()
        .now_or_never()
        .expect("nothing to wait for");
    assert!(events.len() > 10);
    assert!(
        events
            .iter()
            .all(|event| matches!(event, Ok(ModelEvent::Text(text)) if !text.is_empty()))
    );
}
