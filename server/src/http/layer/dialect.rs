//! Each dialect's own error body, for every failure below a path of its own: those of its handlers and those of the
//! framework alike. Knows no dialect: the table that it is given does.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::Value;

use crate::http::problem::Failure;

/// Writes a failure as a dialect does: its status and its body.
pub type WriteFailure = fn(&Failure) -> (StatusCode, Value);

/// The dialect of a path, where it has an error body of its own.
pub type Table = fn(path: &str) -> Option<WriteFailure>;

/// Exchanges the body of a failure for that of the path's dialect.
pub async fn layer(State(table): State<Table>, request: Request, next: Next) -> Response {
    let write = table(request.uri().path());
    let response = next.run(request).await;
    let (Some(write), Some(failure)) = (write, response.extensions().get::<Failure>()) else {
        return response;
    };
    let (status, body) = write(failure);
    let (mut parts, _) = response.into_parts();
    for header in [CONTENT_LENGTH, CONTENT_TYPE] {
        parts.headers.remove(header);
    }
    let mut written = (status, Json(body)).into_response();
    // `Retry-After`, CORS and all that is not about the body stays.
    written.headers_mut().extend(parts.headers);
    written
}
