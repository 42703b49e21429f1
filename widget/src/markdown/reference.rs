//! Link definitions (`[label]: address "title"`) and the parts that they share with links: labels, addresses, titles.

use super::escape::{push_folded, unescape};
use crate::scan::{byte, part, tail, trim};

/// Longer addresses and titles are text. Without a limit a text full of half links would be read over and over again.
const MAX_LENGTH: usize = 2048;

/// Where a link leads: address and title.
pub(super) type Target = (String, String);

struct Reference {
    label: String,
    target: Target,
    /// The byte of the text at which it was known.
    at: usize,
}

/// The definitions found so far, by label.
#[derive(Default)]
pub(super) struct References {
    known: Vec<Reference>,
    /// Where the reading stands.
    pub(super) at: usize,
    /// Whether a label was ever looked up.
    pub(super) are_asked: bool,
}

impl References {
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Forgets those that were found at this byte or later; whether there were any.
    #[inline(never)]
    pub(super) fn forget_from(&mut self, start: usize) -> bool {
        let before = self.known.len();
        self.known.retain(|known| known.at < start);
        self.known.len() < before
    }

    /// The place of a label, or where it belongs.
    #[inline(never)]
    fn place(&self, label: &str) -> Result<usize, usize> {
        self.known
            .binary_search_by(|known| known.label.as_bytes().cmp(label.as_bytes()))
    }

    /// What a label stands for.
    pub(super) fn find(&mut self, label: &str) -> Option<Target> {
        let label = fold(label);
        self.are_asked = true;
        let known = self.known.get(self.place(&label).ok()?)?;
        Some(known.target.clone())
    }

    /// Takes the definitions off the start of a paragraph.
    #[inline(never)]
    pub(super) fn take_from(&mut self, text: &mut String) {
        let mut start = 0;
        while let Some((label, target, end)) = definition(text, start) {
            if let Err(place) = self.place(&label) {
                self.known.insert(
                    place,
                    Reference {
                        label,
                        target,
                        at: self.at,
                    },
                );
            }
            start = end;
        }
        if start > 0 {
            *text = tail(text, start).into();
        }
    }
}

/// A definition at `start`: label, target, and where the next line begins.
fn definition(text: &str, start: usize) -> Option<(String, Target, usize)> {
    let end = label_end(text, start)?;
    let label = fold(part(text, start + 1, end - 1));
    if byte(text, end) != b':' || label.is_empty() {
        return None;
    }
    let (address, end) = address(text, skip_space(text, end + 1))?;
    let space = skip_space(text, end);
    if space > end
        && let Some((title, title_end)) = title(text, space)
        && let Some(end) = line_end(text, title_end)
    {
        return Some((label, (address, title), end));
    }
    Some((label, (address, String::new()), line_end(text, end)?))
}

/// Where the next line begins, if nothing but spaces comes before it.
fn line_end(text: &str, mut at: usize) -> Option<usize> {
    while matches!(byte(text, at), b' ' | b'\t') {
        at += 1;
    }
    (at == text.len() || byte(text, at) == b'\n').then_some(at + 1)
}

#[inline(never)]
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    text.len() - tail(text, at).trim_ascii_start().len()
}

/// The byte after the closing bracket of a label whose opening one stands at `start`.
#[inline(never)]
pub(super) fn label_end(text: &str, start: usize) -> Option<usize> {
    if byte(text, start) != b'[' {
        return None;
    }
    let mut at = start + 1;
    while at - start <= 1000 && at < text.len() {
        match byte(text, at) {
            b']' => return Some(at + 1),
            b'[' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The address at `start`, and the byte after it.
#[inline(never)]
pub(super) fn address(text: &str, start: usize) -> Option<(String, usize)> {
    let is_angled = byte(text, start) == b'<';
    let begin = start + usize::from(is_angled);
    let mut at = begin;
    let mut depth = 0;
    while at - begin <= MAX_LENGTH && depth <= 32 {
        let found = byte(text, at);
        let is_end = if is_angled {
            matches!(found, b'>' | b'\n' | b'<' | 0)
        } else {
            found <= b' ' || found == 0x7f || found == b')' && depth == 0
        };
        if is_end {
            let is_whole = if is_angled {
                found == b'>'
            } else {
                depth == 0 && (at > begin || found == b')')
            };
            return is_whole.then(|| (unescape(part(text, begin, at)), at + usize::from(is_angled)));
        }
        match found {
            b'\\' if byte(text, at + 1).is_ascii_punctuation() => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The title in quotes or parentheses at `start`, and the byte after it.
#[inline(never)]
pub(super) fn title(text: &str, start: usize) -> Option<(String, usize)> {
    let open = byte(text, start);
    if !matches!(open, b'(' | b'"' | b'\'') {
        return None;
    }
    let close = if open == b'(' { b')' } else { open };
    let mut at = start + 1;
    while at - start <= MAX_LENGTH && at < text.len() {
        let found = byte(text, at);
        if found == close {
            return Some((unescape(part(text, start + 1, at)), at + 1));
        }
        if found == open {
            return None;
        }
        at += if found == b'\\' { 2 } else { 1 };
    }
    None
}

/// A label as it is compared.
fn fold(label: &str) -> String {
    let mut out = String::new();
    let mut is_apart = false;
    for found in trim(label).chars() {
        if found.is_ascii_whitespace() {
            is_apart = true;
            continue;
        }
        if is_apart {
            out.push(' ');
        }
        is_apart = false;
        push_folded(&mut out, found);
    }
    out
}
