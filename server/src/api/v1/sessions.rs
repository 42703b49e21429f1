//! `/api/v1/sessions/...`: make, list, look at, erase.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use http::StatusCode;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::ToSchema;

use super::types::{FromAgent, SessionCreated, SessionDetail, SessionView};
use crate::domain::agents::{GateEntry, read_config};
use crate::domain::conversation::{Opening, SessionQuery, SessionState};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::extract::query::Params;
use crate::http::problem::Failure;
use crate::model::conversation::Session;
use crate::state::AppState;

/// A page has at most so many sessions.
const MAX_PAGE: u32 = 200;
const DEFAULT_PAGE: u32 = 50;

/// `?agent_key=`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ByAgent {
    agent_key: Option<String>,
    agent_id: Option<String>,
}

/// `?limit&offset&agent_key&status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Listing {
    limit: Option<u32>,
    offset: Option<u32>,
    agent_key: Option<String>,
    status: Option<String>,
}

/// How much was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsDeleted {
    /// How many sessions there were.
    pub deleted: u64,
}

/// `GET /sessions/from-agent/?agent_key=`: a new session of an agent, as the documents print it.
///
/// # Errors
/// As the core says.
pub async fn start_by_get(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<ByAgent>,
) -> Result<Json<SessionCreated>, Error> {
    start(&state, &caller, query).await.map(Json)
}

/// `POST /sessions/from-agent/`, with the agent in the query or in the body.
///
/// # Errors
/// As the core says.
pub async fn start_by_post(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<ByAgent>,
    request: Request,
) -> Result<(StatusCode, Json<SessionCreated>), Failure> {
    let mut wanted = query;
    if has_body(&request) {
        let body: FromAgent = Document::from_request(request, &state).await?.into()?;
        wanted.agent_key = wanted.agent_key.or(body.agent_key);
        wanted.agent_id = wanted.agent_id.or(body.agent_id);
    }
    Ok((StatusCode::CREATED, Json(start(&state, &caller, wanted).await?)))
}

/// `POST /sessions/from-agent/{agent_id}/`.
///
/// # Errors
/// As the core says.
pub async fn start_by_id(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent_id): Path<String>,
) -> Result<(StatusCode, Json<SessionCreated>), Error> {
    let wanted = ByAgent {
        agent_id: Some(agent_id),
        agent_key: None,
    };
    Ok((StatusCode::CREATED, Json(start(&state, &caller, wanted).await?)))
}

/// `POST /sessions/`: a session with a configuration of its own.
///
/// # Errors
/// As the core says; 400 with every field that is wrong.
pub async fn start_from_config(
    State(state): State<AppState>,
    Caller(caller): Caller,
    config: Document,
) -> Result<(StatusCode, Json<SessionCreated>), Error> {
    let knows = |model: &str| state.conversations.knows(model);
    let (config, _warnings) = read_config(&config.0, &knows)
        .map_err(|fields| Error::invalid_fields("invalid_configuration", "The configuration cannot run.", fields))?;
    let session = state
        .conversations
        .open(&caller, Opening::Config(config), Map::new())
        .await?;
    Ok((StatusCode::CREATED, Json(created(session, None))))
}

/// `DELETE /sessions/from-agent/?agent_key=`: erases the caller's own sessions of an agent.
///
/// # Errors
/// As the core says.
pub async fn delete_of_agent(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<ByAgent>,
) -> Result<Json<SessionsDeleted>, Error> {
    let entry = find_agent(&state, &caller, query)?;
    let deleted = state
        .conversations
        .delete_sessions_of_agent(&caller, &entry.agent.id)
        .await?;
    Ok(Json(SessionsDeleted { deleted }))
}

/// `GET /sessions/`: newest first.
///
/// # Errors
/// As the core says.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<Listing>,
) -> Result<Json<Vec<SessionView>>, Error> {
    let status = query.status.as_deref().map(|word| {
        SessionState::from_word(word)
            .ok_or_else(|| Error::malformed("status", "`status` is one of active, processing, idle, error."))
    });
    let agent_id = match query.agent_key {
        Some(agent_key) => match state.table.find(&agent_key) {
            Some(entry) if entry.agent.workspace == caller.key.workspace => Some(entry.agent.id.clone()),
            _ => return Ok(Json(Vec::new())),
        },
        None => None,
    };
    let query = SessionQuery {
        agent_id,
        state: status.transpose()?,
        limit: query.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE),
        offset: query.offset.unwrap_or(0),
    };
    let listed = state.conversations.list_sessions(&caller, &query).await?;
    let views = listed
        .into_iter()
        .map(|(session, status)| view(&state, session, status));
    Ok(Json(views.collect()))
}

/// `GET /sessions/{id}/`.
///
/// # Errors
/// As the core says.
pub async fn show(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<SessionDetail>, Error> {
    let session = state.conversations.readable_session(&caller, &id).await?;
    let agent_config = state.conversations.config_of(&session).await?;
    let (status, ..) = state.conversations.state_of(&session).await?;
    Ok(Json(SessionDetail {
        view: view(&state, session, status),
        agent_config,
    }))
}

/// `DELETE /sessions/{id}/`: erases it with all that was said in it.
///
/// # Errors
/// As the core says.
pub async fn delete(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    state.conversations.delete_session(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn start(state: &AppState, caller: &keys::Caller, wanted: ByAgent) -> Result<SessionCreated, Error> {
    let entry = find_agent(state, caller, wanted)?;
    let session = state
        .conversations
        .open(caller, Opening::Agent(&entry), Map::new())
        .await?;
    Ok(created(session, Some(entry.agent.agent_key.clone())))
}

fn find_agent(state: &AppState, caller: &keys::Caller, wanted: ByAgent) -> Result<Arc<GateEntry>, Error> {
    let Some(name) = wanted.agent_key.or(wanted.agent_id) else {
        return Err(Error::malformed(
            "agent_key_missing",
            "Say which agent: `?agent_key=support_assistant`, or `agent_key` or `agent_id` in the body.",
        ));
    };
    let found = state.table.find_for_key(&caller.key, &name);
    found.ok_or(Error::NotFound("There is no such agent, or this key may not run it."))
}

fn created(session: Session, agent_key: Option<String>) -> SessionCreated {
    SessionCreated {
        success: true,
        session_id: session.id,
        agent_id: session.agent_id,
        agent_key,
        config_hash: session.config_hash,
        created_at: session.created_at.to_iso(),
    }
}

fn view(state: &AppState, session: Session, status: SessionState) -> SessionView {
    let agent = session.agent_id.as_ref().and_then(|id| state.table.find_by_id(id));
    SessionView {
        session_id: session.id,
        agent_key: agent.map(|entry| entry.agent.agent_key.clone()),
        agent_id: session.agent_id,
        config_hash: session.config_hash,
        status: status.as_str(),
        created_at: session.created_at.to_iso(),
        last_activity: session.last_activity_at.to_iso(),
    }
}

pub(super) fn has_body(request: &Request) -> bool {
    let headers = request.headers();
    headers.contains_key(TRANSFER_ENCODING)
        || headers
            .get(CONTENT_LENGTH)
            .is_some_and(|length| length.as_bytes() != b"0")
}
