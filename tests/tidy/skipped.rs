//! No test is skipped in silence, and none runs alone because somebody forgot to put the others back.

use crate::tree::{Source, assert_none, sources};

/// Put together here so that this file does not hold them.
const RUST: [&str; 2] = [concat!("#[ig", "nore"), concat!("cfg_attr(all(), ig", "nore")];
const SCRIPT: [&str; 6] = [
    concat!(".on", "ly("),
    concat!("test.sk", "ip"),
    concat!("it.sk", "ip"),
    concat!("describe.sk", "ip"),
    concat!("test.fix", "me"),
    concat!("describe.fix", "me"),
];

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files {
        let words: &[&str] = if source.is_one_of(&["rs"]) {
            &RUST
        } else if source.is_one_of(&["js", "mjs", "cjs", "ts", "tsx"]) {
            &SCRIPT
        } else {
            continue;
        };
        for (number, line) in source.lines() {
            let here = words.iter().filter(|word| line.contains(**word));
            found.extend(here.map(|word| source.breach(number, &format!("holds `{word}`"))));
        }
    }
    found
}

#[test]
fn no_test_is_skipped_and_none_runs_alone() {
    assert_none(&breaches(&sources()));
}

#[test]
fn each_way_to_skip_is_found() {
    for word in RUST {
        assert_eq!(
            breaches(&[Source::sample("tests/it/a.rs", &format!("{word}]"))]).len(),
            1,
            "{word}"
        );
    }
    for word in SCRIPT {
        assert_eq!(
            breaches(&[Source::sample("tests/e2e/a.spec.ts", &format!("{word}'x'"))]).len(),
            1,
            "{word}"
        );
    }
}
