//! The gate in front of everything that a page may ask, and the CORS headers that follow from its word (BAR.md O4, O5).
//!
//! It stands outside the router: unknown paths, wrong methods, broken bodies and panics below it are answered with the
//! same headers. The path decides whether it applies; where back ends may come too, a request that presents an API key
//! is not a page's, and the guard of the route looks at it (`layer::key`).

use axum::extract::{Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, CACHE_CONTROL, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;

use crate::domain::error::Error;
use crate::domain::gate::{Admission, GateRefusal, admit};
use crate::http::extract::api_key::{X_API_KEY, presents_key, secret_key_in_browser};
use crate::http::problem::Failure;
use crate::state::AppState;

/// Below this, the next path segment is the agent key.
pub const VISITOR_PREFIX: &str = "/public/v1/agents/";
/// The same where a back end may come with its key instead.
pub const SHARED_PREFIX: &str = "/agui/";
/// Where sockets are opened, by pages and by back ends; a page says the agent key in the query.
pub const SOCKET_PATH: &str = "/ws/amas";

const EXPOSED: &str = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id";
const METHODS: &str = "GET, POST, DELETE";
/// What a page may send: ours, and what page monitoring adds to every request, which is allowed and ignored.
const HEADERS: &str = "authorization, content-type, last-event-id, idempotency-key, traceparent, tracestate, baggage, \
     sentry-trace, x-datadog-origin, x-datadog-parent-id, x-datadog-sampling-priority, x-datadog-trace-id, \
     x-datadog-tags";
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("600");
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// What stands behind the gate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Pages alone.
    Visitors,
    /// Pages, and back ends with a key.
    Shared,
    /// The same, opened as a socket: no CORS, since browsers ask for none there.
    Socket,
}

/// `?agent_key`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    agent_key: String,
}

/// Asks the gate and answers for it; lets everything else pass.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Some((side, agent_key)) = place(&request) else {
        return next.run(request).await;
    };
    if side != Side::Visitors && presents_key(request.headers()) {
        return with_vary(next.run(request).await);
    }
    let admission = match ask(&state, &agent_key, request.headers()) {
        Ok(admission) => admission,
        Err(refusal) => return with_vary(refuse(side, refusal)),
    };
    if side == Side::Socket {
        request.extensions_mut().insert(admission);
        return with_vary(next.run(request).await);
    }
    let origin = HeaderValue::try_from(admission.origin.as_str());
    let response = if request.method() != Method::OPTIONS {
        request.extensions_mut().insert(admission);
        next.run(request).await
    } else if side == Side::Shared && asks_for(request.headers(), &[X_API_KEY]) {
        return with_vary(refuse_key(&state, &admission));
    } else {
        preflight(request.headers())
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

/// Whoever says nothing of themselves is told both ways in, where there are two.
fn refuse(side: Side, refusal: Error) -> Response {
    let is_nobody = side != Side::Visitors && matches!(refusal, Error::OriginRequired);
    let mut failure = Failure::from(refusal);
    if is_nobody {
        failure.message = "Send an API key as `x-api-key: KEY` or `Authorization: Bearer KEY`; from a web page, a \
                           visitor's token and exactly one Origin header."
            .to_owned();
    }
    failure.into_response()
}

/// Who may stand behind a path, and the agent key that it names; nothing where no page has any business.
fn place(request: &Request) -> Option<(Side, String)> {
    let path = request.uri().path();
    let first = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    if let Some(rest) = path.strip_prefix(VISITOR_PREFIX) {
        return Some((Side::Visitors, first(rest)));
    }
    if let Some(rest) = path.strip_prefix(SHARED_PREFIX) {
        return Some((Side::Shared, first(rest)));
    }
    (path.strip_suffix('/').unwrap_or(path) == SOCKET_PATH).then(|| {
        let wanted = Query::<Wanted>::try_from_uri(request.uri());
        (
            Side::Socket,
            wanted.map(|Query(wanted)| wanted.agent_key).unwrap_or_default(),
        )
    })
}

/// Whether a preflight announces one of these headers.
pub(super) fn asks_for(headers: &HeaderMap, wanted: &[HeaderName]) -> bool {
    let asked = headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter();
    asked
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .any(|name| {
            wanted
                .iter()
                .any(|wanted| name.trim().eq_ignore_ascii_case(wanted.as_str()))
        })
}

/// Refuses an API key in a page: whoever holds one there has leaked it. Logs it, and remembers it for the audit, sampled (BAR.md O3).
fn refuse_key(state: &AppState, admission: &Admission) -> Response {
    let (agent, origin) = (&admission.entry.agent, admission.origin.as_str());
    let error = secret_key_in_browser();
    state.metrics.refused_origin(reason(&error));
    if state.refusals.remember(agent, reason(&error), Some(origin.to_owned())) {
        tracing::warn!(
            agent_key = agent.agent_key,
            origin,
            "a page wants to send an API key: it is not secret any more"
        );
    }
    error.into_response()
}

/// The one way any transport asks the gate. A refusal is remembered for the audit, sampled.
///
/// # Errors
/// The gate's refusal.
pub fn ask(state: &AppState, agent_key: &str, headers: &HeaderMap) -> Result<Admission, Error> {
    let origins = headers.get_all(ORIGIN).iter().map(HeaderValue::as_bytes);
    admit(&state.table, agent_key, origins).map_err(|GateRefusal { error, entry }| {
        state.metrics.refused_origin(reason(&error));
        // A preview's address is nobody's page: it says nothing about the agent's list.
        if let Some(entry) = entry.filter(|entry| entry.preview_until.is_none()) {
            let origin = headers
                .get(ORIGIN)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            state.refusals.remember(&entry.agent, reason(&error), origin);
        }
        error
    })
}

/// The refusal's stable code; there are four.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::OriginRequired => "origin_required",
        Error::OriginNotAllowed => "origin_not_allowed",
        Error::Forbidden { .. } => "secret_key_in_browser",
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
