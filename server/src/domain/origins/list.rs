//! A whole list of entries, as it is saved. Every refused entry is named, not only the first.

use super::entry::Entry;
use super::problem::{EntryError, EntryProblem};

/// The most entries that one agent can have, counted as written.
pub const MAX_ENTRIES: usize = 200;

/// Reads a list. Entries that come out the same are kept once, in the order of their first mention.
///
/// The error names each refused entry by its index; a list that is too long is refused at the first index too many.
pub fn parse_list(texts: &[String]) -> Result<Vec<Entry>, Vec<(usize, EntryError)>> {
    if texts.len() > MAX_ENTRIES {
        let problem = EntryProblem::TooMany { count: texts.len() };
        return Err(vec![(MAX_ENTRIES, EntryError::new(problem, None))]);
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(texts.len());
    let mut errors = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match Entry::parse(text) {
            Ok(entry) if entries.contains(&entry) => {}
            Ok(entry) => entries.push(entry),
            Err(error) => errors.push((index, error)),
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}
