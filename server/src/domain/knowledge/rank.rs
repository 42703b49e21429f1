//! Puts what the index found into the order in which a person would read it. Pure.
//!
//! The index (BM25) knows how rare the words are and where they stand. It does not know that a passage with all words
//! of the question beats one that repeats a single one, that a file's name says what it is about, and that a wall of
//! code answers little.

use crate::model::knowledge::{Found, Passage};
use crate::model::words::share_of;

/// How many passages to take from the index for each that is wanted.
pub(super) const CANDIDATES: u32 = 4;

/// What each sign is worth beside the index's own score, which counts 1 for the best. Chosen on the questions of
/// `tests/it/knowledge/answers.rs`; on the ones there that nothing was tuned on, the order comes out as the index's.
const HEADING: f64 = 0.4;
const TITLE: f64 = 0.4;
const TEXT: f64 = 0.6;
/// What a passage of nothing but code loses.
const CODE: f64 = 0.4;
/// Code as long as this is a wall; what is shorter is an example.
const EXAMPLE_CHARS: usize = 500;

/// The best passages for the words, best first.
pub(super) fn best(words: &[String], found: Vec<Found>, limit: usize) -> Vec<Found> {
    let top = found.iter().map(|found| found.score).fold(f64::MIN_POSITIVE, f64::max);
    let mut ranked: Vec<(f64, Found)> = found
        .into_iter()
        .map(|found| (found.score / top + signs(words, &found.passage), found))
        .collect();
    // Stable: what the index put first stays first among equals.
    ranked.sort_by(|left, right| right.0.total_cmp(&left.0));
    ranked.into_iter().map(|(_, found)| found).take(limit).collect()
}

fn signs(words: &[String], passage: &Passage) -> f64 {
    let title = format!("{} {}", passage.title, passage.path);
    HEADING * share_of(words, &passage.heading)
        + TITLE * share_of(words, &title)
        + TEXT * share_of(words, &passage.text)
        - CODE * code_share(&passage.text)
}

/// How much of a text is code, 0 to 1; 0 where it is no more than an example.
fn code_share(text: &str) -> f64 {
    let (mut code, mut all) = (0, 0);
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let chars = line.chars().count();
        all += chars;
        if is_code || is_fence {
            code += chars;
        }
        is_code ^= is_fence;
    }
    if code < EXAMPLE_CHARS {
        0.0
    } else {
        code as f64 / all as f64
    }
}

#[cfg(test)]
mod tests;
