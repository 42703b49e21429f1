//! What a failure of the library means for us: the family, what the vendor asked us to wait, and a detail for the log
//! that holds no key and no more than a few words of the vendor.

use std::error::Error as _;

use http::HeaderMap;
use rig_core::ProviderResponseError;
use rig_core::error::ProviderError;
use rig_core::http_client;

use super::super::{ModelError, ModelErrorKind, VendorWords};
use crate::config::Secret;

/// The most characters of a vendor's text that the log takes.
const VENDOR_CHARS: usize = 300;
/// The most bytes of a vendor's text that are looked at.
const VENDOR_BYTES: usize = 16 * 1024;

/// By these a vendor says that it is busy, where no status does.
const BUSY: [&str; 5] = [
    "rate_limit",
    "overloaded",
    "too_many_requests",
    "resource_exhausted",
    "unavailable",
];
/// By these a vendor says that its content filter refused the question.
const FILTERED: [&str; 4] = [
    "content_filter",
    "content_policy_violation",
    "responsibleaipolicyviolation",
    "safety",
];

/// Turns the library's error into ours.
pub(super) fn explain(error: &ProviderError, key: Option<&Secret>) -> ModelError {
    match error {
        ProviderError::ProviderResponse(answer) | ProviderError::InvalidAuthentication(answer) => refusal(answer, key),
        ProviderError::Http(error) => transport(error, key),
        ProviderError::Json(error) => broken(&format!("an event is not JSON: {error}"), key),
        ProviderError::Truncated => broken("the stream stopped without its end mark", key),
        // The library's sentence may hold what came, and what came may hold what the visitor wrote.
        ProviderError::Response(_) | ProviderError::Provider(_) => broken("an event is none of the vendor's", key),
        other => described(ModelErrorKind::Refused, &other.to_string(), key),
    }
}

/// What the vendor itself answered: with a status, or as an event after a 200.
fn refusal(answer: &ProviderResponseError, key: Option<&Secret>) -> ModelError {
    let code = answer.machine_code().unwrap_or_default().to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let status = answer
        .status
        .filter(|status| !status.is_success())
        .map(|status| status.as_u16());
    let kind = match status {
        _ if answer.refusal || names(&FILTERED) => ModelErrorKind::ContentPolicy,
        Some(429 | 503 | 529) => ModelErrorKind::Busy,
        Some(408 | 425 | 500..=599) => ModelErrorKind::Unreachable,
        Some(_) => ModelErrorKind::Refused,
        None if names(&BUSY) => ModelErrorKind::Busy,
        None => ModelErrorKind::Broken,
    };
    // Not the vendor's sentence: some repeat in it what the visitor wrote, and the log holds no texts (BAR.md D6).
    let code = if is_code(&code) { code.as_str() } else { "no code" };
    let detail = match status {
        Some(status) => format!("status {status}: {code}"),
        None => format!("error event: {code}"),
    };
    ModelError {
        kind,
        detail: vendor_words(&detail, key),
        retry_after_ms: answer.headers.as_ref().and_then(retry_after_ms),
        vendor: sentence(&answer.body)
            .map(|sentence| vendor_words(&sentence, key))
            .filter(|words| !words.is_empty())
            .map(VendorWords),
    }
}

/// What a vendor says of a refusal: each of the three puts its sentence into `error.message`, others near there. A body that
/// is no JSON is a page of some proxy: its beginning tells which.
fn sentence(body: &str) -> Option<String> {
    let body = start_of(body, VENDOR_BYTES);
    let Ok(value) = serde_json::from_str::<serde_json::Value>(body) else {
        return Some(body.to_owned());
    };
    let value = value.get(0).cloned().unwrap_or(value);
    let places = ["/error/message", "/message", "/error", "/detail"];
    let mut said = places.iter().filter_map(|place| value.pointer(place)?.as_str());
    said.next().map(str::to_owned)
}

/// Whether it is one word, as codes are.
fn is_code(code: &str) -> bool {
    (1..=64).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// What went wrong on the way: `transport` has said it already, or the answer is none that a stream begins with.
fn transport(error: &http_client::Error, key: Option<&Secret>) -> ModelError {
    match error {
        http_client::Error::Instance(error) => match error.downcast_ref::<ModelError>() {
            Some(ours) => described(ours.kind, &ours.detail, key),
            None => described(ModelErrorKind::Refused, &error.to_string(), key),
        },
        http_client::Error::InvalidContentType(_) | http_client::Error::StreamEnded => broken(&error.to_string(), key),
        other => described(ModelErrorKind::Refused, &other.to_string(), key),
    }
}

/// What a failure of the connection means.
pub(super) fn of_transport(error: &reqwest::Error) -> ModelError {
    let kind = if error.is_body() || error.is_decode() {
        ModelErrorKind::Broken
    } else {
        ModelErrorKind::Unreachable
    };
    // reqwest's own sentence names the URL, which is the operator's: the causes below it say enough.
    let mut detail = String::from(if error.is_connect() { "connect" } else { "transport" });
    let mut source = error.source();
    while let Some(below) = source {
        detail.push_str(": ");
        detail.push_str(&below.to_string());
        source = below.source();
    }
    described(kind, &detail, None)
}

fn broken(detail: &str, key: Option<&Secret>) -> ModelError {
    described(ModelErrorKind::Broken, detail, key)
}

fn described(kind: ModelErrorKind, detail: &str, key: Option<&Secret>) -> ModelError {
    ModelError {
        kind,
        detail: vendor_words(detail, key),
        retry_after_ms: None,
        vendor: None,
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
        let is_key = word.contains("sk-") || word.contains("AIza");
        words.push_str(if is_key { "(key)" } else { word });
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
