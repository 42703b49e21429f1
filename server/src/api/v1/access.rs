//! `/agent/{id}/origins/`: who may embed an agent, tried out and looked back at.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::agents::sightings::Sighting;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::problem::Failure;
use crate::state::AppState;

/// Which origin to ask about.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TestOrigin {
    /// As a browser sends it; none: a request without the header.
    origin: Option<String>,
}

/// What the gate answers to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OriginTested {
    origin: Option<String>,
    allowed: bool,
    code: Option<&'static str>,
    reason: String,
    missing_entry: Option<String>,
}

/// An origin that came of late.
#[derive(Debug, Serialize, ToSchema)]
pub struct OriginSeen {
    origin: String,
    accepted: bool,
    code: Option<String>,
    seen_at: String,
}

impl From<Sighting> for OriginSeen {
    fn from(sighting: Sighting) -> Self {
        Self {
            origin: sighting.origin,
            accepted: sighting.code.is_none(),
            code: sighting.code,
            seen_at: sighting.seen_at.to_iso(),
        }
    }
}

/// Asks the gate and says why.
///
/// # Errors
/// As the catalogue says.
pub async fn test_origin(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
    body: Document,
) -> Result<Json<OriginTested>, Failure> {
    let body: TestOrigin = body.into()?;
    let tested = state
        .agents
        .test_origin(&caller, &agent, body.origin.as_deref())
        .await?;
    Ok(Json(OriginTested {
        origin: body.origin,
        allowed: tested.is_allowed,
        code: tested.code,
        reason: tested.reason,
        missing_entry: tested.missing_entry,
    }))
}

/// The origins of late, the latest first, as a bare array.
///
/// # Errors
/// As the catalogue says.
pub async fn seen_origins(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<Json<Vec<OriginSeen>>, Error> {
    let seen = state.agents.seen_origins(&caller, &agent).await?;
    Ok(Json(seen.into_iter().map(OriginSeen::from).collect()))
}
