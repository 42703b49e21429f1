//! Server-sent events out of text that arrives in pieces of any size. It knows neither bytes (a streaming `TextDecoder`
//! comes before) nor what the events mean (`decode` comes after).

use crate::scan::{byte, find, part, tail};

/// One event of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// `id:`, or empty.
    pub id: String,
    /// `event:`, or empty.
    pub event: String,
    /// The lines of `data:`, joined by line feeds.
    pub data: String,
}

/// What has come in and is not a whole event yet.
#[derive(Debug, Default)]
pub struct Parser {
    line: String,
    frame: Frame,
    has_data: bool,
    is_after_return: bool,
}

impl Parser {
    /// Takes the next piece of text and hands over every event that it completes.
    pub fn push(&mut self, piece: &str, frames: &mut Vec<Frame>) {
        let mut at = 0;
        while at < piece.len() {
            let end = find(piece, at, b"\r\n");
            // The second half of a CRLF, even if the first came in an earlier piece.
            let is_rest = at == end && byte(piece, end) == b'\n' && self.is_after_return;
            self.is_after_return = byte(piece, end) == b'\r';
            if !is_rest {
                self.line.push_str(part(piece, at, end));
                if end < piece.len() {
                    self.end_line(frames);
                }
            }
            at = end + 1;
        }
    }

    fn end_line(&mut self, frames: &mut Vec<Frame>) {
        let line = core::mem::take(&mut self.line);
        if line.is_empty() {
            let frame = core::mem::take(&mut self.frame);
            if self.has_data {
                frames.push(frame);
            }
            self.has_data = false;
            return;
        }
        let colon = find(&line, 0, b":");
        let value = tail(&line, colon + if byte(&line, colon + 1) == b' ' { 2 } else { 1 });
        match part(&line, 0, colon) {
            "data" => {
                if self.has_data {
                    self.frame.data.push('\n');
                }
                self.has_data = true;
                self.frame.data.push_str(value);
            }
            "id" => self.frame.id = String::from(value),
            "event" => self.frame.event = String::from(value),
            _ => {}
        }
    }
}
