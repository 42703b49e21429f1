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
use crate::model::words::{search_words, share_of};

/// The name of this model.
pub const NAME: &str = "builtin";

/// How much is quoted, in characters: a paragraph or two.
const QUOTED_CHARS: usize = 600;
/// A further passage is quoted where so much room is left.
const FURTHER_CHARS: usize = 300;
/// The most sources that are named.
const MAX_SOURCES: usize = 3;
/// How much of the question's words a passage must hold to be an answer.
const RELEVANT: f64 = 0.4;
/// How many of the first passage's words another must hold.
const NEAR_THE_BEST: f64 = 0.9;
/// And how many of the question's: where the first holds few, another with as few is about something else.
const SURE: f64 = 0.75;

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
        if let Some(call) = question_back(request) {
            return stream::iter([Ok(call)]).boxed();
        }
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

fn question_of(request: &ModelRequest) -> &str {
    let asked = request.messages.iter().rev().find(|message| message.role == Role::User);
    asked.map_or("", |message| message.content.as_str())
}

/// Where nothing fits, an agent that may ask a human asks for other words, once: not about an answer.
fn question_back(request: &ModelRequest) -> Option<ModelEvent> {
    let tool = request.tools.first()?;
    let question = question_of(request);
    let is_answer = request.messages.last().is_some_and(|last| last.answers.is_some());
    if is_answer || phrases::is_greeting(question) {
        return None;
    }
    if !best_passages(&search_words(question), &request.passages).is_empty() {
        return None;
    }
    let phrases = Language::of(question, request.locale.as_deref()).phrases();
    let mut arguments = serde_json::json!({ "question": format!("{} {}", phrases.nothing, phrases.ask_back) });
    let mut topics: Vec<String> = Vec::new();
    for found in &request.passages {
        let topic = source_of(&found.passage);
        if topics.len() < MAX_SOURCES && !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    if !topics.is_empty() {
        arguments["choices"] = topics.into();
    }
    Some(ModelEvent::Call {
        id: format!("call_{}", request.messages.len()),
        name: tool.name.to_owned(),
        arguments: arguments.to_string(),
    })
}

/// The whole answer as Markdown.
fn compose(request: &ModelRequest) -> String {
    let question = question_of(request);
    let phrases = Language::of(question, request.locale.as_deref()).phrases();
    if phrases::is_greeting(question) {
        return phrases.greeting.to_owned();
    }
    let words = search_words(question);
    let best = best_passages(&words, &request.passages);
    if best.is_empty() {
        return nothing_found(phrases, &request.passages);
    }
    let sources: Vec<String> = best.iter().map(|passage| chip(&source_of(passage))).collect();
    format!(
        "{}\n\n{}\n\n**{}:** {}",
        phrases.lead,
        quotes(&best, &words),
        phrases.sources,
        list(&sources)
    )
}

/// The passages that answer, in the order of the search: enough of the question's words in them, and not many fewer
/// than in the first.
fn best_passages<'a>(words: &[String], found: &'a [Found]) -> Vec<&'a Passage> {
    let mut relevant = found.iter().filter_map(|found| {
        let passage = &found.passage;
        let all = format!(
            "{} {} {} {}",
            passage.title, passage.path, passage.heading, passage.text
        );
        let share = share_of(words, &all);
        (share >= RELEVANT).then_some((share, passage))
    });
    let Some((top, first)) = relevant.next() else {
        return Vec::new();
    };
    let near = relevant.filter(|(share, _)| *share >= (top * NEAR_THE_BEST).max(SURE));
    std::iter::once(first)
        .chain(near.map(|(_, passage)| passage))
        .take(MAX_SOURCES)
        .collect()
}

/// The best passage, and the next of the same section where the best says it in few words: what stands elsewhere is
/// rarely about the same thing.
fn quotes(best: &[&Passage], words: &[String]) -> String {
    let mut passages = best.iter();
    let Some(first) = passages.next() else {
        return String::new();
    };
    let mut quotes = quote::quote(first, words, QUOTED_CHARS);
    let left = QUOTED_CHARS.saturating_sub(quotes.chars().count());
    let next = passages.find(|next| next.path == first.path && next.heading == first.heading);
    if let Some(next) = next.filter(|_| left >= FURTHER_CHARS) {
        quotes.push_str("\n\n");
        quotes.push_str(&quote::quote(next, words, left));
    }
    quotes
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
