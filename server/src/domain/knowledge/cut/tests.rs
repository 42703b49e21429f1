//! Tests of the cuts.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{MAX_CHARS, markdown, plain};

#[test]
fn headings_part_passages_and_the_first_one_is_the_title() {
    let text = "---\ntags: x\n---\nIntro.\n\n# The *Title* ##\n\nOne.\n\n## `code` name\n\nTwo.\n\n### Empty\n\n## Last\nThree.";
    let cut = markdown(text, "a/b.md", "b.md");
    assert_eq!(cut.title, "The Title");
    let parts: Vec<_> = cut
        .passages
        .iter()
        .map(|passage| (passage.heading.as_str(), passage.text.as_str()))
        .collect();
    assert_eq!(
        parts,
        [
            ("", "Intro."),
            ("The Title", "One."),
            ("code name", "Two."),
            ("Last", "Three.")
        ]
    );
    assert!(
        cut.passages
            .iter()
            .all(|passage| passage.path == "a/b.md" && passage.title == "The Title")
    );
    assert_eq!(markdown("no heading", "x.md", "x.md").title, "x.md");
}

#[test]
fn a_hash_in_a_code_block_is_no_heading_and_the_block_stays_whole() {
    let code = format!("```sh\n# comment\n\n{}```", "run --it\n".repeat(200));
    let cut = markdown(&format!("# T\n\nBefore.\n{code}\nAfter.\n\n#hash tag"), "x.md", "x.md");
    assert!(cut.passages.iter().all(|passage| passage.heading == "T"));
    assert!(
        cut.passages.iter().any(|passage| passage.text.contains(&code)),
        "{cut:#?}"
    );
}

#[test]
fn long_text_is_cut_where_it_may_be() {
    let sentences = "This is a sentence about nothing much. ".repeat(100);
    let table = format!("| a | b |\n|---|---|\n{}", "| one | two and some more |\n".repeat(100));
    let blob = "x".repeat(5_000);
    for text in [
        sentences.as_str(),
        table.as_str(),
        blob.as_str(),
        &"日本語".repeat(1_000),
    ] {
        let cut = markdown(text, "x.md", "x.md");
        assert!(cut.passages.len() > 1);
        assert!(
            cut.passages
                .iter()
                .all(|passage| passage.text.chars().count() <= MAX_CHARS + 40)
        );
    }
    let cut = markdown(&table, "x.md", "x.md");
    assert!(
        cut.passages
            .iter()
            .all(|passage| passage.text.starts_with("| a | b |\n|---|---|\n| one"))
    );
}

#[test]
fn paragraphs_share_a_passage_while_they_fit() {
    let cut = plain("One.\n\nTwo.\r\n\r\nThree.", "x.txt", "x.txt");
    assert_eq!(cut.passages.len(), 1);
    assert_eq!(cut.passages[0].text, "One.\n\nTwo.\n\nThree.");
    assert!(plain(" \n\n", "x.txt", "x.txt").passages.is_empty());
}

#[test]
fn an_open_code_block_ends_with_the_file() {
    let cut = markdown("# T\n\n```\nnever closed\n# not a heading", "x.md", "x.md");
    assert_eq!(cut.passages.len(), 1);
}
