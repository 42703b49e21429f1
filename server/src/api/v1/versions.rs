//! `/agent/{id}/versions/`: what an agent's configuration was, and going back.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::agents::AgentView;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::model::agent::{Agent, AgentVersion};
use crate::state::AppState;

/// A version in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    version_number: u32,
    config_hash: String,
    created_at: String,
    is_deployed: bool,
}

/// A version with its configuration.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeVersionView {
    #[serde(flatten)]
    version: VersionView,
    #[schema(value_type = Object)]
    system_config: Value,
}

impl VersionView {
    fn new(agent: &Agent, version: &AgentVersion) -> Self {
        Self {
            version_number: version.version_number,
            config_hash: version.config_hash.clone(),
            created_at: version.created_at.to_iso(),
            is_deployed: version.version_number == agent.version_number,
        }
    }
}

/// Every version of an agent, the latest first, as a bare array.
///
/// # Errors
/// As the catalogue says.
pub async fn list_versions(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<Json<Vec<VersionView>>, Error> {
    let (agent, versions) = state.agents.list_versions(&caller, &agent).await?;
    let views = versions.iter().map(|version| VersionView::new(&agent, version));
    Ok(Json(views.collect()))
}

/// One version with its configuration.
///
/// # Errors
/// As the catalogue says.
pub async fn show_version(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((agent, number)): Path<(String, String)>,
) -> Result<Json<WholeVersionView>, Error> {
    let (agent, version) = state.agents.find_version(&caller, &agent, &number).await?;
    Ok(Json(WholeVersionView {
        version: VersionView::new(&agent, &version),
        system_config: version.system_config,
    }))
}

/// Makes a version the agent's configuration again; answers the agent.
///
/// # Errors
/// As the catalogue says.
pub async fn deploy_version(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path((agent, number)): Path<(String, String)>,
) -> Result<Json<AgentView>, Error> {
    Ok(Json(state.agents.deploy(&caller, &agent, &number).await?.into()))
}
