//! What a failure of genai means for us: the family, what the vendor asked us to wait, and a detail for the log that
//! holds no key and no more than a few words of the vendor.

use std::error::Error as _;

use genai::Error;
use http::{HeaderMap, StatusCode};

use super::super::{ModelError, ModelErrorKind};
use crate::config::Secret;

/// The most characters of a vendor's text that the log takes.
const VENDOR_CHARS: usize = 300;
/// The most bytes of a vendor's text that are looked at.
const VENDOR_BYTES: usize = 16 * 1024;

/// Turns genai's error into ours.
pub(super) fn explain(error: Error, key: Option<&Secret>) -> ModelError {
    match error {
        Error::HttpError {
            status, body, headers, ..
        } => refusal(status, &body, &headers, key),
        Error::WebStream { cause, error, .. } => match error.downcast::<Error>() {
            Ok(inner) => explain(*inner, key),
            Err(error) => transport(&*error, &cause, key),
        },
        Error::StreamParse { serde_error, .. } => broken(&format!("an event is not JSON: {serde_error}"), key),
        Error::ChatResponse { body, .. } => ModelError {
            kind: kind_of_event(&body),
            detail: format!("error event: {}", vendor_words(&body.to_string(), key)),
            retry_after_ms: None,
        },
        other => ModelError {
            kind: ModelErrorKind::Refused,
            detail: vendor_words(&other.to_string(), key),
            retry_after_ms: None,
        },
    }
}

fn refusal(status: StatusCode, body: &str, headers: &HeaderMap, key: Option<&Secret>) -> ModelError {
    let kind = match status.as_u16() {
        429 | 503 | 529 => ModelErrorKind::Busy,
        408 | 425 | 500..=599 => ModelErrorKind::Unreachable,
        _ => ModelErrorKind::Refused,
    };
    ModelError {
        kind,
        detail: format!("status {}: {}", status.as_u16(), vendor_words(body, key)),
        retry_after_ms: retry_after_ms(headers),
    }
}

fn transport(error: &(dyn std::error::Error + Send + Sync + 'static), cause: &str, key: Option<&Secret>) -> ModelError {
    let Some(error) = error.downcast_ref::<reqwest::Error>() else {
        return broken(cause, key);
    };
    let kind = if error.is_body() || error.is_decode() {
        ModelErrorKind::Broken
    } else {
        ModelErrorKind::Unreachable
    };
    // reqwest's own sentence names the URL, whose query may hold a secret: the causes below it say enough.
    let mut detail = String::from(if error.is_connect() { "connect" } else { "transport" });
    let mut source = error.source();
    while let Some(below) = source {
        detail.push_str(": ");
        detail.push_str(&below.to_string());
        source = below.source();
    }
    ModelError {
        kind,
        detail: vendor_words(&detail, key),
        retry_after_ms: None,
    }
}

fn broken(detail: &str, key: Option<&Secret>) -> ModelError {
    ModelError {
        kind: ModelErrorKind::Broken,
        detail: vendor_words(detail, key),
        retry_after_ms: None,
    }
}

/// An error that came as an event, after a 200. Without a word for "busy" in it the answer is simply broken.
fn kind_of_event(body: &serde_json::Value) -> ModelErrorKind {
    let code = body.get("code").and_then(serde_json::Value::as_u64);
    let words = ["code", "type"]
        .iter()
        .filter_map(|name| body.get(name)?.as_str())
        .collect::<String>();
    if matches!(code, Some(429 | 503 | 529)) || words.contains("rate_limit") || words.contains("overloaded") {
        ModelErrorKind::Busy
    } else {
        ModelErrorKind::Broken
    }
}

/// `retry-after-ms`, else `Retry-After` in seconds. A date in it is rare among these vendors and is not read.
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let ms = number("retry-after-ms").or_else(|| number("retry-after").map(|seconds| seconds * 1000.0))?;
    // The cast saturates, so nothing a vendor sends can overflow it.
    (ms >= 0.0).then_some(ms.ceil() as u64)
}

/// A few words of the vendor on one line, without anything that is or looks like a key.
fn vendor_words(text: &str, key: Option<&Secret>) -> String {
    let mut text = start_of(text, VENDOR_BYTES).to_owned();
    if let Some(key) = key.map(Secret::reveal).filter(|key| !key.is_empty()) {
        text = text.replace(key, "(key)");
    }
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(if word.contains("sk-") { "(key)" } else { word });
        if words.len() > VENDOR_CHARS {
            break;
        }
    }
    words
        .chars()
        .filter(|char| !char.is_control())
        .take(VENDOR_CHARS)
        .collect()
}

/// At most so many bytes of a text, whole characters only.
fn start_of(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
