//! Errors as answers: one table from `domain::Error` to status, family and stable code, and our own body around it.
//!
//! The outside message is the error's own text; the inside one goes to the log with the request id.

use atthene_protocol::problem::{Problem, ProblemDetail};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, RETRY_AFTER};
use http::{HeaderName, StatusCode};

use super::layer::request_id::current_request_id;
use crate::domain::error::Error;

/// `RateLimit-Limit` and its kin (IETF draft-ietf-httpapi-ratelimit-headers, the three-field form).
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RATE_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// When to try again at a server that is being stopped: another one may be there by then.
const RESTART_RETRY_AFTER_MS: u64 = 2_000;

/// Status, family and stable code of an error.
pub fn classify(error: &Error) -> (StatusCode, &'static str, &'static str) {
    match error {
        Error::NoPublicAgent => (StatusCode::NOT_FOUND, "not_found_error", "agent_not_found"),
        Error::OriginRequired => (StatusCode::FORBIDDEN, "permission_error", "origin_required"),
        Error::OriginNotAllowed => (StatusCode::FORBIDDEN, "permission_error", "origin_not_allowed"),
        Error::TokenExpired => (StatusCode::UNAUTHORIZED, "authentication_error", "token_expired"),
        Error::TokenInvalid(_) => (StatusCode::UNAUTHORIZED, "authentication_error", "token_invalid"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found_error", "not_found"),
        Error::Conflict { code, .. } => (StatusCode::CONFLICT, "conflict_error", code),
        Error::Invalid { code, .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request_error", code),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "rate_limited"),
        // Of the contract's families this is the one that says: not your fault.
        Error::ShuttingDown => (StatusCode::SERVICE_UNAVAILABLE, "internal_error", "shutting_down"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "internal_error"),
    }
}

/// An answer of our own shape.
pub fn problem(
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    message: impl Into<String>,
    retry_after_ms: Option<u64>,
) -> Response {
    let error = ProblemDetail {
        kind: kind.to_owned(),
        message: message.into(),
        code: code.to_owned(),
        request_id: current_request_id(),
        retry_after_ms,
    };
    (status, Json(Problem { error })).into_response()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind, code) = classify(&self);
        if let Self::Internal(inside) = &self {
            tracing::error!(request_id = current_request_id(), inside, "internal error");
        }
        let retry_after_ms = match &self {
            Self::RateLimited { retry_after_ms, .. } => Some(*retry_after_ms),
            Self::ShuttingDown => Some(RESTART_RETRY_AFTER_MS),
            _ => None,
        };
        let mut response = problem(status, kind, code, self.to_string(), retry_after_ms);
        let headers = response.headers_mut();
        if let Some(retry_after_ms) = retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(retry_after_ms.div_ceil(1_000)));
        }
        if let Self::RateLimited {
            retry_after_ms, limit, ..
        } = &self
        {
            headers.insert(RATE_RESET, HeaderValue::from(retry_after_ms.div_ceil(1_000)));
            headers.insert(RATE_LIMIT, HeaderValue::from(*limit));
            headers.insert(RATE_REMAINING, HeaderValue::from_static("0"));
        }
        response
    }
}

/// The answer where no route is.
pub async fn no_route() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "not_found_error",
        "route_not_found",
        "There is no such address on this server.",
        None,
    )
}

/// The answer where the route is, but not with this method.
pub async fn no_method() -> Response {
    let message = "This address does not take this method; see docs/API.md for the ones it takes.";
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "invalid_request_error",
        "method_not_allowed",
        message,
        None,
    )
}
