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
        for part in piece.split_inclusive(['\r', '\n']) {
            let body = part.trim_end_matches(['\r', '\n']);
            let is_whole = body.len() < part.len();
            // The second half of a CRLF, even if the first came in an earlier piece.
            let is_rest = part == "\n" && self.is_after_return;
            self.is_after_return = part.ends_with('\r');
            if !is_rest {
                self.line.push_str(body);
                if is_whole {
                    self.end_line(frames);
                }
            }
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
