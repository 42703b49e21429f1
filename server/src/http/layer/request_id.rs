//! Each request gets an id of ours; it stands in the answer, in error bodies and in the log.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderName;
use http::header::HeaderValue;

use crate::domain::clock::new_request_id;

/// The header that carries it.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request that this task answers; empty outside of one.
pub fn current_request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Answers a request in a task of its own under the id that it has. Not an `async fn`, which would hold `answering` twice.
pub fn with_request_id<F: Future>(id: String, answering: F) -> impl Future<Output = F::Output> {
    REQUEST_ID.scope(id, answering)
}

/// Gives the request its id. One that the caller sends is not believed: it would stand in our log.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = new_request_id().0;
    let mut response = REQUEST_ID.scope(id.clone(), next.run(request)).await;
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}
