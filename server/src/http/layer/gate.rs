//! The gate in front of every visitor route, and the CORS headers that follow from its word (BAR.md O4, O5).
//!
//! It stands outside the router: unknown paths, wrong methods, broken bodies and panics below it are answered with the
//! same headers. The path alone decides whether it applies.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::domain::error::Error;
use crate::domain::gate::{Admission, GateRefusal, admit};
use crate::state::AppState;

/// Below this, the next path segment is the agent key.
pub const VISITOR_PREFIX: &str = "/public/v1/agents/";

const EXPOSED: &str = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id";
const METHODS: &str = "GET, POST, DELETE";
/// What a page may send: ours, and what page monitoring adds to every request, which is allowed and ignored.
const HEADERS: &str = "authorization, content-type, last-event-id, idempotency-key, traceparent, tracestate, baggage, \
     sentry-trace, x-datadog-origin, x-datadog-parent-id, x-datadog-sampling-priority, x-datadog-trace-id, \
     x-datadog-tags";
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("600");
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Asks the gate and answers for it; lets everything else pass.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Some(rest) = request.uri().path().strip_prefix(VISITOR_PREFIX) else {
        return next.run(request).await;
    };
    let agent_key = rest.split('/').next().unwrap_or_default();
    let admission = match ask(&state, agent_key, request.headers()) {
        Ok(admission) => admission,
        Err(refusal) => return with_vary(refusal.into_response()),
    };
    let origin = HeaderValue::try_from(admission.origin.as_str());
    let response = if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else {
        request.extensions_mut().insert(admission);
        next.run(request).await
    };
    let mut response = with_vary(response);
    let headers = response.headers_mut();
    if let Ok(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The one way any transport asks the gate. A refusal is remembered for the audit, sampled.
///
/// # Errors
/// The gate's refusal.
pub fn ask(state: &AppState, agent_key: &str, headers: &HeaderMap) -> Result<Admission, Error> {
    let origins = headers.get_all(ORIGIN).iter().map(HeaderValue::as_bytes);
    admit(&state.table, agent_key, origins).map_err(|GateRefusal { error, entry }| {
        state.metrics.refused_origin(reason(&error));
        if let Some(entry) = entry {
            let origin = headers
                .get(ORIGIN)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            state.refusals.remember(&entry.agent, &error, origin);
        }
        error
    })
}

/// The refusal's stable code; the gate knows three.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::OriginRequired => "origin_required",
        Error::OriginNotAllowed => "origin_not_allowed",
        _ => "agent_not_found",
    }
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
    if asked.contains_key(PRIVATE_NETWORK) {
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
    response
}

fn with_vary(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
