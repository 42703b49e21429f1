//! Looks at parts of a text without ever panicking: what lies outside is empty, or 0. (Rust's own slicing brings the
//! machinery of its messages along, and its searches theirs: that weighs more than the Markdown parser.)

/// The text between two bytes.
#[inline(never)]
pub(crate) fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The text from a byte on.
pub(crate) fn tail(text: &str, from: usize) -> &str {
    part(text, from, text.len())
}

/// The byte at a place, 0 past the end.
#[inline(never)]
pub(crate) fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// Where one of these bytes comes first, from a place on; the length if none does.
#[inline(never)]
pub(crate) fn find(text: &str, from: usize, bytes: &[u8]) -> usize {
    let mut at = from;
    for found in text.bytes().skip(from) {
        if is_one_of(found, bytes) {
            break;
        }
        at += 1;
    }
    at
}

/// How often the byte at the start is repeated, itself included.
#[inline(never)]
pub(crate) fn run(text: &str) -> usize {
    text.bytes().take_while(|found| *found == byte(text, 0)).count()
}

pub(crate) fn count(text: &str, wanted: u8) -> usize {
    text.bytes().filter(|found| *found == wanted).count()
}

/// Where the last line begins.
pub(crate) fn last_line(text: &str) -> usize {
    let mut at = text.len();
    while at > 0 && !matches!(byte(text, at - 1), b'\n' | b'\r') {
        at -= 1;
    }
    at
}

#[inline(never)]
pub(crate) fn trim(text: &str) -> &str {
    text.trim_ascii()
}

// `contains` would bring a search of many bytes at a time along, for three.
#[allow(clippy::manual_contains)]
pub(crate) fn is_one_of(found: u8, bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| *byte == found)
}
