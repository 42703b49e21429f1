//! One line per request: method, path without query, status, time. Never a header, a token or a text.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use super::request_id::current_request_id;

/// Logs the request when its answer's head is ready.
pub async fn layer(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::debug!(request_id = current_request_id(), %method, path, status, elapsed_us, "request");
    response
}
