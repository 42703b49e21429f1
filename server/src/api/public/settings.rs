//! `GET /public/v1/agents/{agent_key}`: the widget's settings.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, HeaderValue};

use super::widget_settings;
use crate::http::extract::visitor::Admitted;
use crate::state::AppState;

/// Answers from memory; a page may keep it for a minute, nobody in between may.
pub async fn show_settings(State(state): State<AppState>, Admitted(admission): Admitted) -> Response {
    let mut response = Json(widget_settings(&state, &admission)).into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
    response
}
