//! Server-sent events out of text that arrives in pieces of any size. It knows neither bytes (a streaming `TextDecoder`
//! comes before) nor what the events mean (`decode` comes after).

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
        let mut rest = piece;
        while let Some(at) = rest.find(['\r', '\n']) {
            let is_feed = rest.as_bytes()[at] == b'\n';
            // The second half of a CRLF, even if the first came in an earlier piece.
            if !(is_feed && at == 0 && self.is_after_return) {
                self.line.push_str(&rest[..at]);
                self.end_line(frames);
            }
            self.is_after_return = !is_feed;
            rest = &rest[at + 1..];
        }
        if !rest.is_empty() {
            self.is_after_return = false;
            self.line.push_str(rest);
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
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
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
