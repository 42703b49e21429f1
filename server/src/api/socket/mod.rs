//! `/ws/amas`: the gate, before the 101. What runs behind it comes with the socket's own work; until then a page that
//! the gate lets in is told to use the event stream.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, VARY};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::http::layer::gate::ask;
use crate::http::problem::problem;
use crate::state::AppState;

/// `?agent_key`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    agent_key: String,
}

/// Asks the gate by the key of the query and the Origin, as for every other transport.
pub async fn connect(
    State(state): State<AppState>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let agent_key = wanted.map(|Query(wanted)| wanted.agent_key).unwrap_or_default();
    let mut response = match ask(&state, &agent_key, &headers) {
        Err(refusal) => refusal.into_response(),
        Ok(_admission) => problem(
            StatusCode::NOT_IMPLEMENTED,
            "invalid_request_error",
            "socket_not_available",
            "This server does not speak the socket yet. Read `GET /sessions/{id}/events` instead.",
            None,
        ),
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    response
}
