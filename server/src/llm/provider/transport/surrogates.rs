//! Characters that a vendor cut in two. Some gateways cut an answer by UTF-16 units, so that half an emoji ends one event
//! and the other half begins the next, each as an escape that is no character by itself and that no reader of JSON takes.
//! The first half waits here for the second.

use bytes::Bytes;

/// The length of `\ud83d`.
const ESCAPE_BYTES: usize = 6;
/// What stands for a half without its other.
const UNKNOWN: &[u8] = br"\ufffd";

/// One answer's bytes on their way to the reader.
#[derive(Default)]
pub(super) struct Surrogates {
    /// A first half, whose second has not come.
    waiting: Option<Vec<u8>>,
    /// An escape that has begun.
    begun: Vec<u8>,
}

impl Surrogates {
    /// The same bytes, halves of characters moved together.
    pub(super) fn join(&mut self, chunk: Bytes) -> Bytes {
        if self.begun.is_empty() && !chunk.contains(&b'\\') {
            return chunk;
        }
        let mut joined = Vec::with_capacity(chunk.len() + 2 * ESCAPE_BYTES);
        for &byte in &chunk {
            if self.begun.is_empty() && byte != b'\\' {
                joined.push(byte);
                continue;
            }
            self.begun.push(byte);
            if is_over(&self.begun) {
                self.settle(&mut joined);
            }
        }
        Bytes::from(joined)
    }

    /// Where the escape belongs that is over.
    fn settle(&mut self, joined: &mut Vec<u8>) {
        let escape = std::mem::take(&mut self.begun);
        match unit(&escape) {
            Some(0xD800..=0xDBFF) => {
                if self.waiting.replace(escape).is_some() {
                    joined.extend_from_slice(UNKNOWN);
                }
            }
            Some(0xDC00..=0xDFFF) => match self.waiting.take() {
                Some(first) => joined.extend([first, escape].concat()),
                None => joined.extend_from_slice(UNKNOWN),
            },
            _ => joined.extend(escape),
        }
    }
}

/// Whether what begins with a backslash is whole: two bytes, or `\u` and four digits, or none of both.
fn is_over(begun: &[u8]) -> bool {
    match begun {
        [_] | [_, b'u'] => false,
        [_, b'u', .., last] => begun.len() == ESCAPE_BYTES || !last.is_ascii_hexdigit(),
        _ => true,
    }
}

/// The UTF-16 unit of an escape that is one.
fn unit(escape: &[u8]) -> Option<u16> {
    let digits = escape.strip_prefix(br"\u").filter(|digits| digits.len() == 4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests;
