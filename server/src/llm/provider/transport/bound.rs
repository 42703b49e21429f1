//! How much of a vendor's answer we take: so much for one event, so much in all. The reader above keeps an event until
//! it is whole, and the whole answer until it ends, so these two bound its memory.

use super::super::super::{ModelError, ModelErrorKind};

/// The longest event of a stream. A token takes some hundred bytes; a vendor that does not stream sends one event.
const EVENT_BYTES: usize = 1024 * 1024;
/// The longest answer, everything around its text included: more than a hundred thousand tokens.
const ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Counts the bytes of one answer.
#[derive(Default)]
pub(super) struct Bound {
    answer: usize,
    /// Since the last blank line.
    event: usize,
    /// The byte before was the end of a line.
    is_line_start: bool,
    /// The byte before was a carriage return, whose line feed is no line of its own.
    after_cr: bool,
}

impl Bound {
    /// Counts more bytes.
    ///
    /// # Errors
    /// These are too many; the answer must not be read any further.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        self.answer += bytes.len();
        for byte in bytes {
            let ends_cr = *byte == b'\n' && self.after_cr;
            self.after_cr = *byte == b'\r';
            if ends_cr {
                continue;
            }
            self.event += 1;
            if matches!(byte, b'\n' | b'\r') {
                if self.is_line_start {
                    self.event = 0;
                }
                self.is_line_start = true;
            } else {
                self.is_line_start = false;
            }
            if self.event > EVENT_BYTES {
                return Err(too_much("an event of the stream is too long"));
            }
        }
        if self.answer > ANSWER_BYTES {
            return Err(too_much("the answer is too long"));
        }
        Ok(())
    }
}

fn too_much(detail: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::Broken,
        detail: detail.to_owned(),
        retry_after_ms: None,
        vendor: None,
    }
}

#[cfg(test)]
mod tests;
