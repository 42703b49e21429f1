//! `/agent/{id}/embed`: what a site owner pastes to put the agent on a page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::http::assets::Assets;
use crate::http::embed::{csp, pinned_snippet, snippet};
use crate::http::extract::api_key::Caller;
use crate::state::AppState;

/// Texts to paste. The three of a version are null in a server that was built without the widget.
#[derive(Debug, Serialize, ToSchema)]
pub struct Embedding {
    /// Where pages find the server.
    public_url: String,
    /// The widget's version.
    version: Option<String>,
    /// Two tags with the agent's options.
    snippet: String,
    /// One tag, pinned to the version.
    pinned_snippet: Option<String>,
    /// The hash of the pinned script (SRI).
    integrity: Option<String>,
    /// What the page's Content Security Policy must allow.
    csp: String,
}

/// The texts for one agent.
///
/// # Errors
/// As the catalogue says.
pub async fn show_embedding(
    State(state): State<AppState>,
    Extension(assets): Extension<Arc<Assets>>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<Json<Embedding>, Error> {
    let agent = state.agents.find(&caller, &agent).await?;
    let (url, pinned) = (&state.settings.public_url, assets.pinned());
    Ok(Json(Embedding {
        public_url: url.clone(),
        version: pinned.map(|pinned| pinned.version.clone()),
        snippet: snippet(url, &agent.agent_key, &agent.widget),
        pinned_snippet: pinned.map(|pinned| pinned_snippet(url, &agent.agent_key, &agent.widget, pinned)),
        integrity: pinned.map(|pinned| pinned.integrity.clone()),
        csp: csp(url, &agent.widget),
    }))
}
