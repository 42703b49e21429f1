//! Errors as answers: one table from `domain::Error` to status, family and stable code, and our own body around it.
//!
//! Every refusal carries a [`Failure`] as an extension of its answer, whoever made it: a handler, an extractor, the
//! router, the catcher of panics. The dialects' own bodies are written from that, in one place (`layer::dialect`).
//! The outside message is the error's own text; the inside one goes to the log with the request id.

use std::borrow::Cow;

use atthene_protocol::problem::{FieldProblem, Problem, ProblemDetail};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, RETRY_AFTER};
use http::{HeaderName, StatusCode};

use super::layer::request_id::current_request_id;
use crate::domain::agents::FieldNote;
use crate::domain::error::Error;

/// `RateLimit-Limit` and its kin (IETF draft-ietf-httpapi-ratelimit-headers, the three-field form).
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// How many more fit right now.
pub(super) const RATE_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// When one more fits than now, in seconds.
pub(super) const RATE_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// When to try again at a server that is being stopped: another one may be there by then.
const RESTART_RETRY_AFTER_MS: u64 = 2_000;

/// A refusal or a failure as every dialect can tell it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The status; a dialect may have another one for it.
    pub status: StatusCode,
    /// The family, for example `invalid_request_error`.
    pub kind: &'static str,
    /// The stable code.
    pub code: Cow<'static, str>,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The same field by field, where it is known.
    pub fields: Vec<FieldProblem>,
    /// When to come back, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The limit that was reached, per minute or at once.
    pub rate_limit: Option<u32>,
}

impl Failure {
    /// One without fields.
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            kind,
            code: code.into(),
            message: message.into(),
            fields: Vec::new(),
            retry_after_ms: None,
            rate_limit: None,
        }
    }
}

impl Failure {
    /// As our own surfaces write it, under the id of the request that runs.
    pub fn problem(&self) -> Problem {
        Problem {
            error: ProblemDetail {
                kind: self.kind.to_owned(),
                message: self.message.clone(),
                code: self.code.clone().into_owned(),
                request_id: current_request_id(),
                retry_after_ms: self.retry_after_ms,
            },
            errors: self.fields.clone(),
        }
    }
}

impl IntoResponse for Failure {
    /// Our own body.
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem())).into_response();
        let headers = response.headers_mut();
        if let Some(retry_after_ms) = self.retry_after_ms {
            let wait_s = HeaderValue::from(retry_after_ms.div_ceil(1_000));
            headers.insert(RETRY_AFTER, wait_s.clone());
            if let Some(limit) = self.rate_limit {
                headers.insert(RATE_RESET, wait_s);
                headers.insert(RATE_LIMIT, HeaderValue::from(limit));
                headers.insert(RATE_REMAINING, HeaderValue::from_static("0"));
            }
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (status, kind, code) = classify(&error);
        if let Error::Internal(inside) = &error {
            tracing::error!(request_id = current_request_id(), inside, "internal error");
        }
        let mut failure = Self::new(status, kind, code, error.to_string());
        match error {
            Error::RateLimited {
                retry_after_ms, limit, ..
            } => {
                failure.retry_after_ms = Some(retry_after_ms);
                failure.rate_limit = Some(limit);
            }
            Error::BudgetExhausted { retry_after_ms } | Error::LockedOut { retry_after_ms } => {
                failure.retry_after_ms = Some(retry_after_ms)
            }
            Error::ShuttingDown => failure.retry_after_ms = Some(RESTART_RETRY_AFTER_MS),
            Error::Malformed { fields, .. } | Error::InvalidFields { fields, .. } => {
                failure.fields = fields.into_iter().map(field_problem).collect()
            }
            _ => {}
        }
        failure
    }
}

/// Status, family and stable code of an error.
pub fn classify(error: &Error) -> (StatusCode, &'static str, Cow<'static, str>) {
    const INVALID: &str = "invalid_request_error";
    const AUTH: &str = "authentication_error";
    const PERMISSION: &str = "permission_error";
    let (status, kind, code) = match error {
        Error::NoPublicAgent => (StatusCode::NOT_FOUND, "not_found_error", "agent_not_found"),
        Error::OriginRequired => (StatusCode::FORBIDDEN, PERMISSION, "origin_required"),
        Error::OriginNotAllowed => (StatusCode::FORBIDDEN, PERMISSION, "origin_not_allowed"),
        Error::TokenExpired => (StatusCode::UNAUTHORIZED, AUTH, "token_expired"),
        Error::TokenInvalid(_) => (StatusCode::UNAUTHORIZED, AUTH, "token_invalid"),
        Error::KeyInvalid(_) => (StatusCode::UNAUTHORIZED, AUTH, "api_key_invalid"),
        Error::LoginInvalid => (StatusCode::UNAUTHORIZED, AUTH, "login_invalid"),
        Error::NotLoggedIn { code, .. } => (StatusCode::UNAUTHORIZED, AUTH, *code),
        Error::KeyExpired => (StatusCode::UNAUTHORIZED, AUTH, "api_key_expired"),
        Error::Forbidden { code, .. } => (StatusCode::FORBIDDEN, PERMISSION, *code),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found_error", "not_found"),
        Error::NoModel => (StatusCode::NOT_FOUND, "not_found_error", "model_not_found"),
        Error::Conflict { code, .. } => (StatusCode::CONFLICT, "conflict_error", *code),
        Error::Invalid { code, .. } | Error::InvalidFields { code, .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, INVALID, *code)
        }
        Error::Malformed { code, .. } => (StatusCode::BAD_REQUEST, INVALID, *code),
        Error::CannotSee => (StatusCode::UNPROCESSABLE_ENTITY, INVALID, "model_cannot_see"),
        Error::ContentPolicy(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "content_policy_error",
            "content_policy",
        ),
        Error::Upstream { code, .. } => {
            let status = if code == "model_timeout" {
                StatusCode::GATEWAY_TIMEOUT
            } else {
                StatusCode::BAD_GATEWAY
            };
            return (status, "upstream_error", Cow::Owned(code.clone()));
        }
        Error::BudgetExhausted { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "budget_exhausted"),
        Error::LockedOut { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "locked_out"),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "rate_limited"),
        Error::NotSetUp => (StatusCode::SERVICE_UNAVAILABLE, PERMISSION, "setup_needed"),
        // Of the contract's families this is the one that says: not your fault.
        Error::ShuttingDown => (StatusCode::SERVICE_UNAVAILABLE, "internal_error", "shutting_down"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "internal_error"),
    };
    (status, kind, Cow::Borrowed(code))
}

/// An answer of our own shape.
pub fn problem(
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    message: impl Into<String>,
    retry_after_ms: Option<u64>,
) -> Response {
    Failure {
        retry_after_ms,
        ..Failure::new(status, kind, code, message)
    }
    .into_response()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Failure::from(self).into_response()
    }
}

fn field_problem(note: FieldNote) -> FieldProblem {
    FieldProblem {
        field: note.field,
        message: note.message,
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
