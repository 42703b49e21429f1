//! `builtin`: answers by quoting the passages that were found, with their sources; needs no key and no network.
//!
//! It never makes up a sentence about the subject: what is not quoted is one of the fixed phrases in `phrases`, and
//! where nothing fits it says so. The search itself is done before (`runner`).

mod phrases;
mod quote;

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::sleep;

use self::phrases::{Language, Phrases};
use super::{ModelEvent, ModelRequest, ModelStream};
use crate::model::conversation::Role;
use crate::model::knowledge::{Found, Passage};
use crate::model::words::search_words;

/// The name of this model.
pub const NAME: &str = "builtin";

/// The most passages that are quoted.
const MAX_QUOTES: usize = 2;
/// The most sources that are named.
const MAX_SOURCES: usize = 3;
/// How much of the question's words a passage must hold to be an answer.
const RELEVANT: f64 = 0.4;
/// How near to the best passage another must come.
const NEAR_THE_BEST: f64 = 0.75;

/// The model that quotes.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    pace: Duration,
}

impl Builtin {
    /// `pace`: what is waited between two words; zero in tests.
    pub fn new(pace: Duration) -> Self {
        Self { pace }
    }

    /// Streams the answer word by word.
    pub fn answer(&self, request: &ModelRequest) -> ModelStream {
        let pace = self.pace;
        let pieces = pieces(&compose(request));
        stream::iter(pieces)
            .then(move |piece| async move {
                if !pace.is_zero() {
                    sleep(pace).await;
                }
                Ok(ModelEvent::Text(piece))
            })
            .boxed()
    }
}

/// The whole answer as Markdown.
fn compose(request: &ModelRequest) -> String {
    let question = request
        .messages
        .iter()
        .rev()
        .find(|message| message.role == Role::User)
        .map_or("", |message| message.content.as_str());
    let phrases = Language::of(question, request.locale.as_deref()).phrases();
    if phrases::is_greeting(question) {
        return phrases.greeting.to_owned();
    }
    let words = search_words(question);
    let best = best_passages(&words, &request.passages);
    if best.is_empty() {
        return nothing_found(phrases, &request.passages);
    }
    let quotes: Vec<String> = best
        .iter()
        .take(MAX_QUOTES)
        .enumerate()
        .map(|(rank, passage)| quote::quote(passage, &words, rank == 0))
        .collect();
    let sources: Vec<String> = best.iter().map(|passage| chip(&source_of(passage))).collect();
    format!(
        "{}\n\n{}\n\n**{}:** {}",
        phrases.lead,
        quotes.join("\n\n"),
        phrases.sources,
        list(&sources)
    )
}

/// The passages that answer, best first: enough of the question's words in them, and not far behind the best.
fn best_passages<'a>(words: &[String], found: &'a [Found]) -> Vec<&'a Passage> {
    let mut scored: Vec<(f64, &Passage)> = found
        .iter()
        .enumerate()
        .filter_map(|(rank, found)| {
            let passage = &found.passage;
            let all = format!("{} {} {}", passage.title, passage.heading, passage.text);
            let share = quote::share_of(words, &all);
            if share < RELEVANT {
                return None;
            }
            let in_heading = quote::share_of(words, &passage.heading);
            // The search ranked them by how rare the words are, which counts more than a word too many.
            Some((share + 0.3 * in_heading - 0.12 * rank as f64, passage))
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    let Some(&(top, _)) = scored.first() else {
        return Vec::new();
    };
    scored
        .into_iter()
        .filter(|(score, _)| *score >= top * NEAR_THE_BEST)
        .map(|(_, passage)| passage)
        .take(MAX_SOURCES)
        .collect()
}

fn nothing_found(phrases: &Phrases, near: &[Found]) -> String {
    let topics: Vec<String> = near
        .iter()
        .take(MAX_SOURCES)
        .map(|found| chip(&source_of(&found.passage)))
        .collect();
    if topics.is_empty() {
        format!("{} {}", phrases.nothing, phrases.ask_otherwise)
    } else {
        format!("{} {}\n\n{}", phrases.nothing, phrases.nearest, list(&topics))
    }
}

/// `title › heading`, or the title alone where both are the same.
fn source_of(passage: &Passage) -> String {
    if passage.heading.is_empty() || passage.heading == passage.title {
        passage.title.clone()
    } else {
        format!("{} › {}", passage.title, passage.heading)
    }
}

/// A link with the title `source`, which the widget shows as a chip. It leads nowhere: the visitor has no address for it.
fn chip(source: &str) -> String {
    let words = source.replace('[', "\\[").replace(']', "\\]");
    format!("[{words}](# \"source\")")
}

/// Each once, in order.
fn list(items: &[String]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for item in items {
        if !unique.contains(&item.as_str()) {
            unique.push(item);
        }
    }
    unique.join(" ")
}

/// A text in pieces of a word with the space behind it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut in_space = false;
    for char in text.chars() {
        if in_space && !char.is_whitespace() {
            pieces.push(std::mem::take(&mut piece));
        }
        in_space = char.is_whitespace();
        piece.push(char);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests;
