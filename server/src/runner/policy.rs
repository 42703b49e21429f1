//! Blocked phrases: whether a text holds one, and how an answer is held against them while it comes. Pure.
//!
//! Both sides are folded first: compatibility forms, letter case, blanks, typographic marks, and characters that cannot
//! be seen make no difference. A phrase counts where it stands as words of its own.

mod fold;

use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::model::agent::ContentPolicy;
use fold::{Folded, fold, is_of_a_word};

/// The longest phrase, in characters.
pub const MAX_PHRASE_CHARS: usize = 100;
/// So much of an answer is held back at most, in bytes: beyond it, the blanks and invisible characters between the
/// letters are so many that no phrase can be read any more.
const MAX_HELD_BYTES: usize = 4 * 1024;

/// A phrase that is not allowed was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the phrase `{phrase}` is blocked")]
pub struct Violation {
    /// The phrase as the configuration has it; for the log only.
    pub phrase: String,
}

/// Blocked phrases, ready to be looked for.
#[derive(Clone)]
pub struct Policy(Arc<Phrases>);

struct Phrases {
    automaton: AhoCorasick,
    /// As the automaton knows them.
    originals: Vec<String>,
    /// Folded, in order.
    sorted: Vec<String>,
    most_chars: usize,
}

/// What is wrong with a phrase, in a sentence.
pub fn phrase_problem(phrase: &str) -> Option<String> {
    let count = phrase.chars().count();
    if count > MAX_PHRASE_CHARS {
        return Some(format!(
            "This is {count} characters long; a phrase has at most {MAX_PHRASE_CHARS}."
        ));
    }
    let has_a_letter = fold(phrase).text.chars().any(char::is_alphanumeric);
    (!has_a_letter).then(|| "A phrase needs a letter or a digit.".to_owned())
}

impl Policy {
    /// Prepares the phrases of a configuration; `None` where there are none.
    ///
    /// # Errors
    /// They are too many to be looked for at once.
    pub fn new(config: &ContentPolicy) -> Result<Option<Self>, String> {
        let folded: Vec<(String, String)> = config
            .blocked_phrases
            .iter()
            .map(|phrase| (fold(phrase).text.trim().to_owned(), phrase.clone()))
            .filter(|(folded, _)| !folded.is_empty())
            .collect();
        if folded.is_empty() {
            return Ok(None);
        }
        let automaton = AhoCorasick::builder()
            // Every match counts, not the first or the longest: another one may stand as words of its own.
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(folded.iter().map(|(folded, _)| folded))
            .map_err(|error| error.to_string())?;
        let most_chars = folded
            .iter()
            .map(|(folded, _)| folded.chars().count())
            .max()
            .unwrap_or(0);
        let (mut sorted, originals): (Vec<_>, Vec<_>) = folded.into_iter().unzip();
        sorted.sort();
        Ok(Some(Self(Arc::new(Phrases {
            automaton,
            originals,
            sorted,
            most_chars,
        }))))
    }

    /// Whether a whole text is allowed.
    ///
    /// # Errors
    /// It holds a blocked phrase.
    pub fn check_input(&self, text: &str) -> Result<(), Violation> {
        self.0.find(&fold(text), None, true)
    }

    /// For one answer.
    pub fn output_check(&self) -> OutputCheck {
        OutputCheck {
            phrases: Arc::clone(&self.0),
            held: String::new(),
            before: None,
        }
    }
}

impl Phrases {
    /// Looks for a phrase with a boundary on both sides. `before` is what stands before the text; without `is_whole`,
    /// more may follow, so that a phrase at the very end is not decided yet.
    fn find(&self, folded: &Folded, before: Option<char>, is_whole: bool) -> Result<(), Violation> {
        let text = folded.text.as_str();
        for found in self.automaton.find_overlapping_iter(text) {
            let (phrase, after) = (&text[found.start()..found.end()], &text[found.end()..]);
            let is_undecided = after.is_empty() && !is_whole;
            let ends = phrase.chars().next_back();
            if is_boundary(left_of(text, found.start(), before), phrase.chars().next())
                && is_boundary(ends, after.chars().next())
                && !(is_undecided && ends.is_some_and(is_of_a_word))
            {
                let phrase = self.originals.get(found.pattern().as_usize());
                return Err(Violation {
                    phrase: phrase.cloned().unwrap_or_default(),
                });
            }
        }
        Ok(())
    }

    /// Where in the folded text a phrase may begin that is not there as a whole yet.
    fn unfinished(&self, text: &str, before: Option<char>) -> Option<usize> {
        let from = text.chars().count().saturating_sub(self.most_chars);
        text.char_indices()
            .skip(from)
            .find(|(at, first)| is_boundary(left_of(text, *at, before), Some(*first)) && self.some_begins(&text[*at..]))
            .map(|(at, _)| at)
    }

    fn some_begins(&self, start: &str) -> bool {
        let at = self.sorted.partition_point(|phrase| phrase.as_str() < start);
        self.sorted.get(at).is_some_and(|phrase| phrase.starts_with(start))
    }
}

fn left_of(text: &str, at: usize, before: Option<char>) -> Option<char> {
    text[..at].chars().next_back().or(before)
}

/// Whether two neighbours do not belong to one word. Scripts without blanks between words have a boundary everywhere.
fn is_boundary(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => !(is_of_a_word(left) && is_of_a_word(right)),
        _ => true,
    }
}

/// Holds an answer against the phrases while it comes. What may become a phrase is held back, so that none is ever
/// shown in part or in pieces; at most as much as the longest phrase.
pub struct OutputCheck {
    phrases: Arc<Phrases>,
    held: String,
    /// The last folded character of what went out.
    before: Option<char>,
}

impl OutputCheck {
    /// Takes more of the answer and returns what may go out, which may be empty.
    ///
    /// # Errors
    /// It holds a blocked phrase; nothing of what was held back may go out any more.
    pub fn push(&mut self, delta: &str) -> Result<String, Violation> {
        self.held.push_str(delta);
        let folded = fold(&self.held);
        self.phrases.find(&folded, self.before, false)?;
        let mut cut = match self.phrases.unfinished(&folded.text, self.before) {
            Some(at) => folded.origin(at),
            None => self.held.len(),
        };
        if self.held.len() - cut > MAX_HELD_BYTES {
            cut = self.held.len();
        }
        self.before = folded.last_before(cut).or(self.before);
        let rest = self.held.split_off(cut);
        Ok(std::mem::replace(&mut self.held, rest))
    }

    /// The answer is over: returns what was held back.
    ///
    /// # Errors
    /// It ends with a blocked phrase.
    pub fn finish(self) -> Result<String, Violation> {
        self.phrases.find(&fold(&self.held), self.before, true)?;
        Ok(self.held)
    }
}

#[cfg(test)]
mod tests;
