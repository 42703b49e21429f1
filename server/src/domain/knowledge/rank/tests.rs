//! Tests of the order.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::best;
use crate::model::knowledge::{Found, Passage};
use crate::model::words::search_words;

fn found(path: &str, heading: &str, text: &str, score: f64) -> Found {
    Found {
        passage: Passage {
            title: "Handbook".to_owned(),
            path: path.to_owned(),
            heading: heading.to_owned(),
            text: text.to_owned(),
        },
        score,
    }
}

fn first(question: &str, passages: Vec<Found>) -> String {
    best(&search_words(question), passages, 3).remove(0).passage.path
}

#[test]
fn a_file_that_is_named_after_the_question_wins_over_a_wall_of_code() {
    let code = format!("```yaml\n{}```", "widget: true # embed it in a site\n".repeat(30));
    let passages = vec![
        found("RUNNING.md", "An agent's file", &code, 9.0),
        found(
            "EMBEDDING.md",
            "The code",
            "Paste this into the page of your website: the widget.",
            7.0,
        ),
    ];
    assert_eq!(first("How do I embed the widget in my site?", passages), "EMBEDDING.md");
}

#[test]
fn all_words_beat_one_word_often() {
    let passages = vec![
        found("a.md", "", "The launcher, the launcher, and again the launcher.", 5.0),
        found("b.md", "", "`bottom-left` moves the launcher.", 4.0),
    ];
    assert_eq!(first("Can I move the launcher to the left?", passages), "b.md");
}

#[test]
fn the_indexs_order_stays_where_nothing_else_tells_and_the_limit_holds() {
    let passages: Vec<Found> = (0..5)
        .map(|number| found(&format!("{number}.md"), "", "About parcels.", 5.0 - f64::from(number)))
        .collect();
    let kept = best(&search_words("parcels"), passages, 3);
    let paths: Vec<&str> = kept.iter().map(|found| found.passage.path.as_str()).collect();
    assert_eq!(paths, ["0.md", "1.md", "2.md"]);
    assert!(best(&search_words("parcels"), Vec::new(), 3).is_empty());
}

#[test]
fn a_short_example_is_no_wall_of_code() {
    let passages = vec![
        found("a.md", "Backup", "```sh\nsqlite3 app.db '.backup copy.db'\n```", 5.0),
        found("b.md", "Backup", "Something else about a backup.", 4.9),
    ];
    assert_eq!(first("backup", passages), "a.md");
}
