//! What the checks read: every text file of the checkout, and how a breach is reported. It knows no rule.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built, downloaded or stored, not what was written.
const SKIPPED: [&str; 7] = [
    "target",
    "node_modules",
    ".git",
    "data",
    "dist",
    "test-results",
    "playwright-report",
];
const ENDINGS: [&str; 17] = [
    "rs", "js", "mjs", "cjs", "ts", "tsx", "css", "html", "md", "toml", "json", "yml", "yaml", "sql", "sh", "svg",
    "txt",
];

/// One text file.
pub(crate) struct Source {
    /// Its path from the root, with forward slashes.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

impl Source {
    /// A file that exists only in a test.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether the name ends in one of these, written without the dot.
    pub(crate) fn is_one_of(&self, endings: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Like `lines`, without what follows a `//`. A `//` inside an address is not a comment.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().map(|(number, line)| (number, without_comment(line)))
    }

    /// A breach in this file.
    pub(crate) fn breach(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(found) = line[from..].find("//") {
        let at = from + found;
        if line[..at].chars().next_back().is_none_or(char::is_whitespace) {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the test crate lies in the workspace")
        .to_owned()
}

/// Every text file that somebody wrote.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    assert!(
        found.len() > 50,
        "the walk found only {} files: it is broken",
        found.len()
    );
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the checkout can be read") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(root, &path, found);
            }
        } else if ENDINGS.iter().any(|ending| name.ends_with(&format!(".{ending}"))) || path.ends_with(".ci/run") {
            let text = fs::read(&path).expect("a file of the checkout can be read");
            let path = path
                .strip_prefix(root)
                .expect("it lies under the root")
                .to_string_lossy()
                .replace('\\', "/");
            found.push(Source {
                path,
                text: String::from_utf8_lossy(&text).into_owned(),
            });
        }
    }
}

/// Fails with one line for each breach.
pub(crate) fn assert_none(breaches: &[String]) {
    assert!(
        breaches.is_empty(),
        "{} breaches:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}

/// Whether `word` stands in `line` as a word of its own, or as the beginning of a path (`axum::Router`).
pub(crate) fn names_path(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + word.len()..];
        !before.is_some_and(|character| is_part(character) || character == ':')
            && (after.starts_with("::") || after.trim_end() == ";" && line.trim_start().starts_with("use "))
    })
}

#[test]
fn a_comment_is_cut_and_an_address_is_not() {
    assert_eq!(without_comment("let a = 1; // innermost"), "let a = 1; ");
    assert_eq!(
        without_comment("let a = \"https://shop.example\";"),
        "let a = \"https://shop.example\";"
    );
    assert_eq!(without_comment("/// axum::Router"), "");
}

#[test]
fn a_path_is_told_from_a_longer_name_and_from_our_own_module() {
    assert!(names_path("use axum::Router;", "axum"));
    assert!(names_path("    http::StatusCode::OK", "http"));
    assert!(!names_path("use crate::http::problem;", "http"));
    assert!(!names_path("use my_axum::Router;", "axum"));
    assert!(!names_path("let axum = 1;", "axum"));
}
