//! Frames as text: what a client may send, read with words that say what is right; what the server sends, written.

use atthene_protocol::socket::{ClientFrame, ServerFrame};
use http::StatusCode;
use serde_json::Value;

use crate::domain::conversation::Frame;
use crate::http::extract::json::{malformed, wrong_type};
use crate::http::problem::Failure;

const TYPES: [&str; 6] = [
    "session.start",
    "message.send",
    "run.stop",
    "run.retry",
    "input.answer",
    "ping",
];

/// A frame that cannot be followed.
pub(super) struct Refused {
    /// Why, and what would be right.
    pub(super) failure: Box<Failure>,
    /// Which message it was about.
    pub(super) client_id: Option<String>,
}

/// Reads a client's frame, and its own id of it, which every answer to it names again.
pub(super) fn read(text: &str) -> Result<(ClientFrame, Option<String>), Refused> {
    let told = |failure, client_id| Refused {
        failure: Box::new(failure),
        client_id,
    };
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let message = format!("A frame is one JSON object: {error}.");
        told(malformed("malformed_json", message), None)
    })?;
    let Some(kind) = value.as_object().and_then(|frame| frame.get("type")) else {
        let message = format!("A frame is a JSON object with a `type`: {}.", TYPES.join(", "));
        return Err(told(wrong_type(message), None));
    };
    let client_id = value["client_id"].as_str().map(str::to_owned);
    let is_known = kind.as_str().is_some_and(|kind| TYPES.contains(&kind));
    if !is_known {
        let message = format!("There is no such frame. `type` is one of {}.", TYPES.join(", "));
        let failure = invalid(StatusCode::BAD_REQUEST, "unknown_frame", message);
        return Err(told(failure, client_id));
    }
    match serde_json::from_value(value) {
        Ok(frame) => Ok((frame, client_id)),
        Err(error) => Err(told(wrong_type(format!("{error}.")), client_id)),
    }
}

/// A frame that comes at the wrong time or lacks something.
pub(super) fn invalid(status: StatusCode, code: &'static str, message: impl Into<String>) -> Failure {
    Failure::new(status, "invalid_request_error", code, message)
}

/// Writes a frame.
pub(super) fn write(frame: &ServerFrame) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}

/// Writes an error.
pub(super) fn write_error(failure: &Failure, client_id: Option<String>) -> String {
    let problem = failure.problem();
    write(&ServerFrame::Error {
        error: problem.error,
        errors: problem.errors,
        client_id,
    })
}

/// Writes an event around the JSON that all its readers share.
pub(super) fn write_event(frame: &Frame) -> String {
    let json = &frame.json.json;
    let mut text = String::with_capacity(json.len() + 64);
    text.push_str("{\"type\":\"event\",");
    if let Some(seq) = frame.seq {
        text.push_str("\"seq\":");
        text.push_str(&seq.to_string());
        text.push(',');
    }
    text.push_str("\"event\":");
    text.push_str(json);
    text.push('}');
    text
}

#[cfg(test)]
mod tests;
