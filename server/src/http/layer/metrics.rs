//! Counts each request under the pattern of its route. A path that is no route of ours is one value, whatever it says.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use crate::state::AppState;

/// Where no route is.
const NO_ROUTE: &str = "none";

/// Counts the request when its answer's head is ready.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = matched
        .as_ref()
        .map_or(NO_ROUTE, |path| path.as_str().trim_end_matches('/'));
    let status = response.status().as_u16();
    state.metrics.request(method.as_str(), route, status, started.elapsed());
    response
}
