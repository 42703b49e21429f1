//! Pages that ask whether they may send a key to the addresses of back ends. There the answer is always no, and a browser
//! then sends nothing: the question alone tells that a secret is in a page (BAR.md O3).

use atthene_protocol::ids::WorkspaceId;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, ORIGIN};
use http::{HeaderMap, Method, StatusCode};

use super::gate::asks_for;
use crate::http::extract::api_key::X_API_KEY;
use crate::state::AppState;

/// The stable code of the refusal.
const CODE: &str = "secret_key_in_browser";

/// Remembers such questions for the audit, sampled, and logs those that it keeps.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let origin = (request.method() == Method::OPTIONS).then(|| asking_page(request.headers()));
    let response = next.run(request).await;
    // The gate answers for what pages may call; what is left has a route, and none for this method.
    if let (Some(Some(origin)), StatusCode::METHOD_NOT_ALLOWED) = (origin, response.status()) {
        state.metrics.refused_origin(CODE);
        let workspace = WorkspaceId::default_workspace();
        if state.refusals.remember_key(&workspace, CODE, Some(origin.clone())) {
            tracing::warn!(origin, "a page wants to send an API key: it is not secret any more");
        }
    }
    response
}

/// The page that asks, if it asks for a header that holds a key.
fn asking_page(headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(ORIGIN)?;
    headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    asks_for(headers, &[X_API_KEY, AUTHORIZATION]).then(|| String::from_utf8_lossy(origin.as_bytes()).into_owned())
}
