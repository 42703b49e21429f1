//! Link definitions (`[label]: address "title"`) and the parts that they share with links: labels, addresses, titles.

use super::escape::{push_folded, unescape};

/// Longer addresses and titles are text. Without a limit a text full of half links would be read over and over again.
const MAX_LENGTH: usize = 2048;

struct Reference {
    label: String,
    address: String,
    title: String,
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
    pub(super) fn forget_from(&mut self, start: usize) -> bool {
        let before = self.known.len();
        self.known.retain(|known| known.at < start);
        self.known.len() < before
    }

    /// The address and the title for a label.
    pub(super) fn find(&mut self, label: &str) -> Option<(String, String)> {
        let label = fold(label)?;
        self.are_asked = true;
        let place = self.known.binary_search_by(|known| known.label.cmp(&label)).ok()?;
        Some((self.known[place].address.clone(), self.known[place].title.clone()))
    }

    /// Takes the definitions off the start of a paragraph.
    pub(super) fn take_from(&mut self, text: &mut String) {
        let mut start = 0;
        while let Some((label, address, title, end)) = definition(text, start) {
            if let Some(label) = fold(label)
                && let Err(place) = self.known.binary_search_by(|known| known.label.cmp(&label))
            {
                self.known.insert(
                    place,
                    Reference {
                        label,
                        address,
                        title,
                        at: self.at,
                    },
                );
            }
            start = end;
        }
        text.drain(..start);
    }
}

/// A definition at `start`: label, address, title, and where the next line begins.
fn definition(text: &str, start: usize) -> Option<(&str, String, String, usize)> {
    let (label, end) = label(text, start)?;
    if text.as_bytes().get(end) != Some(&b':') || label.trim_ascii().is_empty() {
        return None;
    }
    let (address, end) = address(text, skip_space(text, end + 1))?;
    let space = skip_space(text, end);
    if space > end
        && let Some((title, title_end)) = title(text, space)
        && let Some(end) = line_end(text, title_end)
    {
        return Some((label, address, title, end));
    }
    Some((label, address, String::new(), line_end(text, end)?))
}

/// Where the next line begins, if nothing but spaces comes before it.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start_matches([' ', '\t']);
    let end = text.len() - rest.len();
    if rest.is_empty() {
        Some(end)
    } else {
        rest.starts_with('\n').then_some(end + 1)
    }
}

pub(super) fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_ascii_start().len()
}

/// The label between brackets at `start`, and the byte after it.
pub(super) fn label(text: &str, start: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(start) != Some(&b'[') {
        return None;
    }
    let mut at = start + 1;
    while at - start <= 1000 {
        match bytes.get(at)? {
            b']' => return Some((&text[start + 1..at], at + 1)),
            b'[' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The address at `start`, and the byte after it.
pub(super) fn address(text: &str, start: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let is_angled = bytes.get(start) == Some(&b'<');
    let begin = start + usize::from(is_angled);
    let mut at = begin;
    let mut depth = 0;
    while at - begin <= MAX_LENGTH {
        match bytes.get(at) {
            Some(b'\\') if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            Some(b'>') if is_angled => return Some((unescape(&text[begin..at]), at + 1)),
            None | Some(b'\n' | b'<') if is_angled => return None,
            Some(_) if is_angled => {}
            Some(b'(') => depth += 1,
            Some(b')') if depth > 0 => depth -= 1,
            None | Some(b')' | 0..=b' ' | 0x7f) => {
                let is_whole = depth == 0 && (at > begin || bytes.get(at) == Some(&b')'));
                return is_whole.then(|| (unescape(&text[begin..at]), at));
            }
            _ => {}
        }
        if depth > 32 {
            break;
        }
        at += 1;
    }
    None
}

/// The title in quotes or parentheses at `start`, and the byte after it.
pub(super) fn title(text: &str, start: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let close = match bytes.get(start)? {
        b'(' => b')',
        quote @ (b'"' | b'\'') => *quote,
        _ => return None,
    };
    let mut at = start + 1;
    while at - start <= MAX_LENGTH {
        match *bytes.get(at)? {
            found if found == close => return Some((unescape(&text[start + 1..at]), at + 1)),
            b'(' if close == b')' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// A label as it is compared; none if there is nothing in it.
fn fold(label: &str) -> Option<String> {
    let mut out = String::new();
    for word in label.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for found in word.chars() {
            push_folded(&mut out, found);
        }
    }
    (!out.is_empty()).then_some(out)
}
