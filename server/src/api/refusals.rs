//! The failures of an operation, each as its dialect writes it. The examples are written by the dialect itself.

use std::collections::BTreeMap;

use atthene_protocol::problem::{Problem, ProblemDetail};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::api::Policy;
use crate::http::layer::dialect::WriteFailure;
use crate::http::problem::Failure;

/// What every dialect can meet, in our own statuses: status, family, code, an example of the sentence, what it means.
const KNOWN: [(u16, &str, &str, &str, &str); 14] = [
    (
        400,
        "invalid_request_error",
        "malformed_json",
        "The body is not JSON: expected value at line 1 column 1.",
        "The request cannot be read, or a value in it cannot be.",
    ),
    (
        401,
        "authentication_error",
        "api_key_invalid",
        "Send your API key as `x-api-key: KEY` or `Authorization: Bearer KEY`.",
        "No credential, or one that is not good.",
    ),
    (
        403,
        "permission_error",
        "missing_scope",
        "This needs a key with another scope.",
        "The caller is known and may not do this.",
    ),
    (
        404,
        "not_found_error",
        "not_found",
        "There is no such object, or not for this caller.",
        "It does not exist, or not for this caller.",
    ),
    (
        408,
        "invalid_request_error",
        "body_timeout",
        "The body did not arrive in time.",
        "The body did not arrive in time.",
    ),
    (
        409,
        "conflict_error",
        "turn_running",
        "A turn is running in this conversation.",
        "It collides with what is going on.",
    ),
    (
        413,
        "payload_too_large",
        "body_too_large",
        "The body is larger than this route takes.",
        "The body is too large.",
    ),
    (
        415,
        "invalid_request_error",
        "content_type",
        "Send the body as JSON, with `Content-Type: application/json`.",
        "Nobody reads a body of this type here.",
    ),
    (
        422,
        "invalid_request_error",
        "wrong_type",
        "invalid type: integer `5`, expected a string at line 1 column 12",
        "The body says something that cannot be.",
    ),
    (
        429,
        "rate_limit_error",
        "rate_limited",
        "Too many requests: requests with this key. Wait and try again.",
        "Too much at once; `Retry-After` says when to come back.",
    ),
    (
        500,
        "internal_error",
        "internal_error",
        "Something went wrong on the server.",
        "Our fault.",
    ),
    (
        502,
        "upstream_error",
        "model_unavailable",
        "The assistant cannot answer right now. Please try again.",
        "The model failed.",
    ),
    (
        503,
        "internal_error",
        "shutting_down",
        "The server is about to restart. Nothing was stored; try again in a moment.",
        "The server takes nothing new; nothing was stored.",
    ),
    (
        504,
        "upstream_error",
        "model_timeout",
        "The assistant took too long. Please try again.",
        "The model did not answer in time.",
    ),
];

/// The failures of one operation.
pub struct Refusals<'a> {
    tag: &'a str,
    write: WriteFailure,
    error: &'a Value,
    responses: BTreeMap<u16, Value>,
}

impl<'a> Refusals<'a> {
    /// None yet.
    pub fn new(tag: &'a str, write: WriteFailure, error: &'a Value) -> Self {
        Self {
            tag,
            write,
            error,
            responses: BTreeMap::new(),
        }
    }

    /// What the guard of a route says.
    pub fn of_policy(&mut self, policy: Policy) {
        match policy {
            // 400: both headers of a key.
            Policy::Key(_) | Policy::KeyOrLogin(_) | Policy::Login(_) => self.add(&[400, 401, 403, 429, 500]),
            Policy::VisitorOrKey(_) => self.add(&[400, 401, 403, 404, 429, 500]),
            Policy::Visitor => self.add(&[401, 403, 404, 500]),
            Policy::Origin => self.add(&[403, 404, 500]),
            Policy::Open => {}
        }
    }

    /// What reading a body comes to.
    pub fn of_body(&mut self) {
        self.add(&[400, 408, 413, 415, 422]);
    }

    /// What comes of `Idempotency-Key`, for which every body is read.
    pub fn of_repeating(&mut self) {
        self.add(&[400, 408, 409, 413, 422]);
    }

    /// These, in our own statuses; the dialect may have others for them.
    pub fn add(&mut self, statuses: &[u16]) {
        for (status, kind, code, message, description) in KNOWN {
            if !statuses.contains(&status) {
                continue;
            }
            let own = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut failure = Failure::new(own, kind, code, message);
            failure.retry_after_ms = matches!(status, 429 | 503).then_some(2_000);
            let (written, example) = (self.write)(&failure);
            self.responses.entry(written.as_u16()).or_insert_with(|| {
                let mut response = json!({
                    "description": description,
                    "content": { "application/json": { "schema": self.error, "example": example } },
                });
                let headers = headers(written.as_u16());
                if !headers.is_empty() {
                    response["headers"] = Value::Object(headers);
                }
                response
            });
        }
    }

    /// What stands at the operation.
    pub fn references(&self) -> Map<String, Value> {
        let reference = |status: &u16| json!({ "$ref": format!("#/components/responses/{}", self.name(*status)) });
        self.responses
            .keys()
            .map(|status| (status.to_string(), reference(status)))
            .collect()
    }

    /// What stands in the components, by name.
    pub fn into_components(self) -> Vec<(String, Value)> {
        let names: Vec<String> = self.responses.keys().map(|status| self.name(*status)).collect();
        names.into_iter().zip(self.responses.into_values()).collect()
    }

    fn name(&self, status: u16) -> String {
        format!("{}{status}", self.tag.replace(' ', ""))
    }
}

/// Our own body, as `http::problem` writes it, with an id where none is.
pub fn write_own_failure(failure: &Failure) -> (StatusCode, Value) {
    let body = Problem {
        error: ProblemDetail {
            kind: failure.kind.to_owned(),
            message: failure.message.clone(),
            code: failure.code.clone().into_owned(),
            request_id: "req_019a2b3c4d5e7f60a1b2c3d4e5f60718".to_owned(),
            retry_after_ms: failure.retry_after_ms,
        },
        errors: failure.fields.clone(),
    };
    (failure.status, json!(body))
}

fn headers(status: u16) -> Map<String, Value> {
    let number =
        |description: &str| json!({ "description": description, "schema": { "type": "integer", "minimum": 0 } });
    let mut headers = Map::new();
    if matches!(status, 429 | 503) {
        headers.insert("Retry-After".to_owned(), number("Come back after so many seconds."));
    }
    if status == 429 {
        headers.insert("RateLimit-Limit".to_owned(), number("The limit that was reached."));
        headers.insert("RateLimit-Remaining".to_owned(), number("What is left of it."));
        headers.insert("RateLimit-Reset".to_owned(), number("Seconds until there is more."));
    }
    if status == 401 {
        let text = json!({ "description": "A way to authenticate.", "schema": { "type": "string" } });
        headers.insert("WWW-Authenticate".to_owned(), text);
    }
    headers
}
