//! `/agent/` and `/agents/`: the agents of a workspace. What may be changed by whom is decided by the catalogue.

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_protocol::widget::WidgetSettings;
use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::extract::query::Params;
use crate::model::agent::Agent;
use crate::state::AppState;

/// An agent as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentView {
    id: AgentId,
    agent_key: String,
    name: String,
    architecture: &'static str,
    entry_point: &'static str,
    is_public: bool,
    is_shared: bool,
    is_default: bool,
    allow_any_origin: bool,
    origin_url: Option<String>,
    allowed_origins: Vec<String>,
    dev_mode: bool,
    owner: Option<String>,
    company: WorkspaceId,
    #[schema(value_type = Object)]
    system_config: Value,
    widget: WidgetSettings,
    token_budget_per_day: Option<u64>,
    version_number: u32,
    config_hash: String,
    created_at: String,
    updated_at: String,
}

impl From<Agent> for AgentView {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            agent_key: agent.agent_key,
            name: agent.name,
            // Whatever form it was written in, what runs is one agent between start and end.
            architecture: "workflow",
            entry_point: "main",
            is_public: agent.is_public,
            // Nothing is shared between workspaces.
            is_shared: false,
            is_default: agent.is_default,
            allow_any_origin: agent.allow_any_origin,
            origin_url: agent.allowed_origins.first().cloned(),
            allowed_origins: agent.allowed_origins,
            dev_mode: agent.dev_mode,
            owner: agent.created_by,
            company: agent.workspace,
            system_config: agent.system_config,
            widget: agent.widget,
            token_budget_per_day: agent.token_budget_per_day,
            version_number: agent.version_number,
            config_hash: agent.config_hash,
            created_at: agent.created_at.to_iso(),
            updated_at: agent.updated_at.to_iso(),
        }
    }
}

/// How many agents there are for what was asked, whatever part of them the answer holds.
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// `?q&limit&offset`; all of them where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AgentListing {
    q: Option<String>,
    limit: Option<usize>,
    offset: usize,
}

/// The agents that the key sees, as a bare array.
///
/// # Errors
/// As the catalogue says.
pub async fn list_agents(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(wanted): Params<AgentListing>,
) -> Result<(HeaderMap, Json<Vec<AgentView>>), Error> {
    let agents = state
        .agents
        .search(&caller, wanted.q.as_deref().unwrap_or_default())
        .await?;
    let headers = HeaderMap::from_iter([(TOTAL, HeaderValue::from(agents.len()))]);
    let limit = wanted.limit.map_or(usize::MAX, |limit| limit.max(1));
    let page = agents.into_iter().skip(wanted.offset).take(limit);
    Ok((headers, Json(page.map(AgentView::from).collect())))
}

/// Makes an agent.
///
/// # Errors
/// As the catalogue says.
pub async fn create_agent(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Document(body): Document,
) -> Result<(StatusCode, Json<AgentView>), Error> {
    let agent = state.agents.create(&caller, &body).await?;
    Ok((StatusCode::CREATED, Json(agent.into())))
}

/// One agent, by its id or its agent key.
///
/// # Errors
/// As the catalogue says.
pub async fn show_agent(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<Json<AgentView>, Error> {
    Ok(Json(state.agents.find(&caller, &agent).await?.into()))
}

/// Changes what the body names.
///
/// # Errors
/// As the catalogue says.
pub async fn change_agent(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
    Document(body): Document,
) -> Result<Json<AgentView>, Error> {
    Ok(Json(state.agents.change(&caller, &agent, &body).await?.into()))
}

/// Deletes an agent with all that is its own.
///
/// # Errors
/// As the catalogue says.
pub async fn delete_agent(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
) -> Result<StatusCode, Error> {
    state.agents.delete(&caller, &agent).await?;
    Ok(StatusCode::NO_CONTENT)
}
