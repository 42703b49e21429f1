//! The papers that a newcomer, a lawyer and CI look for.

use std::path::Path;

use crate::tree::{assert_none, root};

const PAPERS: [&str; 9] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "clippy.toml",
    "deny.toml",
    "rustfmt.toml",
    ".ci/run",
];

fn missing(root: &Path) -> Vec<String> {
    let is_empty = |paper: &&str| root.join(paper).metadata().is_ok_and(|about| about.len() > 0);
    PAPERS
        .iter()
        .filter(|paper| !is_empty(paper))
        .map(|paper| format!("{paper}: missing or empty"))
        .collect()
}

#[test]
fn every_paper_is_there() {
    assert_none(&missing(&root()));
}

#[test]
fn a_missing_paper_is_found() {
    assert_eq!(missing(&root().join("tests/tidy")).len(), PAPERS.len());
}
