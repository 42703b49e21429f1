//! A console that other machines reach, before it has an owner: nothing is to be had there but what sets it up.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::domain::error::Error;
use crate::state::AppState;

/// Refuses what does not belong to setting up, for as long as there is no owner. On a loopback address everything is
/// served from the start: whoever reaches it may read the terminal, or needs a key.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if state.settings.has_local_console() || state.table.has_owner() {
        return next.run(request).await;
    }
    Error::NotSetUp.into_response()
}
