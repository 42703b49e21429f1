//! EVERY route of EVERY dialect, and the order of the layers, on one page.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use http::{Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::Policy::{Open, Origin, Visitor};
use crate::api::public::{events, messages, sessions, settings, turns};
use crate::api::{Route, SOCKET_PATH, build, socket};
use crate::http::assets::Assets;
use crate::http::health;
use crate::http::layer::{gate, log, request_id, security_headers};
use crate::http::problem::{no_method, no_route, problem};
use crate::state::AppState;

/// The table of the public listener. Tests walk it.
pub fn routes(body: u32) -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        // Visitors: the widget.
        Route::new(GET, "/public/v1/agents/{agent_key}", Origin, settings::show_settings),
        Route::new(
            POST,
            "/public/v1/agents/{agent_key}/sessions",
            Origin,
            sessions::start_session,
        )
        .with_body(body),
        Route::new(
            POST,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/token",
            Origin,
            sessions::renew_token,
        )
        .with_body(body),
        Route::new(
            GET,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/messages",
            Visitor,
            messages::list_messages,
        ),
        Route::new(
            POST,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/messages",
            Visitor,
            messages::send_message,
        )
        .with_body(body),
        Route::new(
            GET,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/events",
            Visitor,
            events::follow_events,
        ),
        Route::new(
            POST,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/stop",
            Visitor,
            turns::stop_turn,
        ),
        Route::new(
            POST,
            "/public/v1/agents/{agent_key}/sessions/{session_id}/retry",
            Visitor,
            turns::retry_turn,
        ),
        // The socket: the gate by its query, before the 101.
        Route::new(GET, SOCKET_PATH, Origin, socket::connect),
        // The widget's files.
        Route::new(GET, "/chat-widget.js", Open, asset),
        Route::new(GET, "/widget/{version}/{file}", Open, asset),
        // Operations.
        Route::new(GET, "/public/v1/ping", Open, health::ping),
        Route::new(GET, "/healthz", Open, health::healthz),
        Route::new(GET, "/readyz", Open, health::readyz),
    ]
}

/// The whole public listener. The widget's files are no state of the product: they are handed to their routes alone.
pub fn build_router(state: AppState, assets: Assets) -> Router {
    // The last layer added is the first that a request meets.
    build(routes(state.settings.limits.visitor_body_bytes), &state)
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(Extension(Arc::new(assets)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), gate::layer))
        .layer(from_fn(security_headers::layer))
        .layer(from_fn(log::layer))
        .layer(from_fn(request_id::layer))
        .with_state(state)
}

/// A file of the widget.
async fn asset(Extension(assets): Extension<Arc<Assets>>, request: Request) -> Response {
    assets.respond(request.uri().path(), request.headers())
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> http::Response<axum::body::Body> {
    let message = "Something went wrong on the server.";
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "internal_error",
        message,
        None,
    )
}
