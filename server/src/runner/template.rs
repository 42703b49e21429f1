//! Templates in the text of a configuration: `{{user_input}}`, `{{history}}`, `{{variables.x}}`. Pure.
//!
//! Only text of the configuration is a template: the instructions, the examples, and the default of a variable. What
//! somebody said or gave is put in as it is and never read as a template.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::agent::Variable;

/// How deep texts of a configuration may lead to one another; the first text is the first round.
pub const MAX_ROUNDS: usize = 10;
/// The longest result, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The longest name of a variable.
const MAX_NAME_BYTES: usize = 64;

/// What is put in.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The question.
    pub user_input: &'a str,
    /// The conversation before it.
    pub history: &'a str,
    /// The variables that were given.
    pub given: &'a Map<String, Value>,
    /// The variables that the configuration declares; their defaults stand in.
    pub declared: &'a BTreeMap<String, Variable>,
}

/// Why a text cannot be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// Too many rounds.
    #[error("the defaults of variables lead more than {MAX_ROUNDS} rounds deep, or back to themselves")]
    TooDeep,
    /// Too long.
    #[error("filled in, the text is longer than {MAX_BYTES} bytes")]
    TooLong,
}

/// Fills in the texts of one configuration for one turn.
pub struct Filler<'a> {
    values: Values<'a>,
    /// Each default is filled in once, so that defaults within defaults cost no more than what they hold.
    defaults: HashMap<&'a str, Filled>,
    written: usize,
}

#[derive(Clone)]
struct Filled {
    text: Arc<str>,
    rounds: usize,
}

impl<'a> Filler<'a> {
    /// Ready to fill in.
    pub fn new(values: Values<'a>) -> Self {
        Self {
            values,
            defaults: HashMap::new(),
            written: 0,
        }
    }

    /// Fills in a text of the configuration.
    ///
    /// # Errors
    /// Too deep, too long.
    pub fn fill(&mut self, text: &'a str) -> Result<String, FillError> {
        Ok(self.fill_at(text, 1)?.0)
    }

    fn fill_at(&mut self, text: &'a str, round: usize) -> Result<(String, usize), FillError> {
        if round > MAX_ROUNDS {
            return Err(FillError::TooDeep);
        }
        let mut filled = String::new();
        let mut rounds = 1;
        for piece in pieces(text) {
            let (name, whole) = match piece {
                Piece::Text(text) => {
                    self.put(&mut filled, text)?;
                    continue;
                }
                Piece::Tag { name, whole } => (name, whole),
            };
            match Reference::of(name) {
                Reference::UserInput => self.put(&mut filled, self.values.user_input)?,
                Reference::History => self.put(&mut filled, self.values.history)?,
                Reference::Variable(name) => {
                    let default = || self.values.declared.get(name)?.default.as_ref();
                    match (self.values.given.get(name), default()) {
                        (None, Some(Value::String(text))) => {
                            let default = self.default(name, text, round)?;
                            rounds = rounds.max(default.rounds + 1);
                            self.put(&mut filled, &default.text)?;
                        }
                        (Some(value), _) | (None, Some(value)) => self.put(&mut filled, &plain(value))?,
                        (None, None) => {}
                    }
                }
                // Refused when the configuration was saved.
                Reference::AgentOutput | Reference::Unknown => self.put(&mut filled, whole)?,
            }
        }
        Ok((filled, rounds))
    }

    fn default(&mut self, name: &'a str, text: &'a str, round: usize) -> Result<Filled, FillError> {
        if let Some(known) = self.defaults.get(name) {
            return if round + known.rounds > MAX_ROUNDS {
                Err(FillError::TooDeep)
            } else {
                Ok(known.clone())
            };
        }
        let (text, rounds) = self.fill_at(text, round + 1)?;
        let filled = Filled {
            text: text.into(),
            rounds,
        };
        self.defaults.insert(name, filled.clone());
        Ok(filled)
    }

    fn put(&mut self, filled: &mut String, more: &str) -> Result<(), FillError> {
        self.written += more.len();
        if filled.len() + more.len() > MAX_BYTES || self.written > MAX_ROUNDS * MAX_BYTES {
            return Err(FillError::TooLong);
        }
        filled.push_str(more);
        Ok(())
    }
}

/// A value as text: strings as they are, the rest as JSON.
pub fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether a variable may be called so.
pub fn is_variable_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES
        && name
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What is wrong with the templates of a text, in sentences.
pub fn problems(text: &str, declared: &BTreeMap<String, Variable>) -> Vec<String> {
    let mut problems = Vec::new();
    for piece in pieces(text) {
        let Piece::Tag { name, .. } = piece else { continue };
        let problem = match Reference::of(name) {
            Reference::UserInput | Reference::History => continue,
            Reference::Variable(name) if declared.contains_key(name) => continue,
            Reference::Variable(name) => {
                format!("There is no variable `{name}`; declare it under `variables`, or take the template out.")
            }
            Reference::AgentOutput => {
                format!("The output of an agent cannot be filled in yet; take {{{{{name}}}}} out.")
            }
            Reference::Unknown => format!(
                "{{{{{name}}}}} is no template; there are {{{{user_input}}}}, {{{{history}}}} and {{{{variables.NAME}}}}."
            ),
        };
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

/// Whether a text asks for the question.
pub fn asks_for_user_input(text: &str) -> bool {
    pieces(text).any(|piece| matches!(piece, Piece::Tag { name: "user_input", .. }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference<'a> {
    UserInput,
    History,
    Variable(&'a str),
    AgentOutput,
    Unknown,
}

impl<'a> Reference<'a> {
    fn of(name: &'a str) -> Self {
        if let Some(variable) = name.strip_prefix("variables.").filter(|name| is_variable_name(name)) {
            return Self::Variable(variable);
        }
        match name {
            "user_input" => Self::UserInput,
            "history" => Self::History,
            _ if name.split('.').nth(1) == Some("output") => Self::AgentOutput,
            _ => Self::Unknown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// `{{ name }}`.
    Tag {
        name: &'a str,
        whole: &'a str,
    },
}

/// Cuts a text into plain pieces and tags, in order; together they are the text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = match find_tag(rest) {
            Some((0, end)) => {
                let whole = &rest[..end];
                let name = whole[2..end - 2].trim();
                (Piece::Tag { name, whole }, end)
            }
            Some((start, _)) => (Piece::Text(&rest[..start]), start),
            None => (Piece::Text(rest), rest.len()),
        };
        rest = &rest[after..];
        Some(piece)
    })
}

/// Where the next tag begins and ends. A tag stands on one line and holds no brace.
fn find_tag(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("{{") {
        let start = from + at;
        let inside = &text[start + 2..];
        let end = inside.find(['{', '}', '\n'])?;
        if inside[end..].starts_with("}}") {
            return Some((start, start + 2 + end + 2));
        }
        from = start + 1;
    }
    None
}

#[cfg(test)]
mod tests;
