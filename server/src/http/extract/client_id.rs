//! The id of a back end's message: the same `Idempotency-Key` again is the same message.

use http::{HeaderMap, HeaderName};

use crate::domain::clock::new_request_id;
use crate::domain::visitors::hash_secret;

/// The header that makes a repeated request the same request.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Follows from the header; without one each request is a new message.
pub fn client_id(headers: &HeaderMap) -> String {
    match headers.get(IDEMPOTENCY_KEY) {
        Some(key) => format!("idem_{}", hash_secret(&String::from_utf8_lossy(key.as_bytes()))),
        None => new_request_id().0,
    }
}
