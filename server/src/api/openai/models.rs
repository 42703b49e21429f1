//! `GET /v1/models` and `/v1/models/{model}`: the agents that a key may run.

use axum::Json;
use axum::extract::{Path, State};

use super::types::{Model, ModelList};
use crate::domain::agents::GateEntry;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::state::AppState;

/// Every agent that the key may run, by agent key.
pub async fn list(State(state): State<AppState>, Caller(caller): Caller) -> Json<ModelList> {
    let entries = state.table.list_for_key(&caller.key);
    let data = entries.iter().map(|entry| model(entry)).collect();
    Json(ModelList { object: "list", data })
}

/// One of them.
///
/// # Errors
/// `NoModel`.
pub async fn show(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<Json<Model>, Error> {
    let entry = state.table.find_for_key(&caller.key, &name).ok_or(Error::NoModel)?;
    Ok(Json(model(&entry)))
}

fn model(entry: &GateEntry) -> Model {
    let agent = &entry.agent;
    Model {
        id: agent.agent_key.clone(),
        object: "model",
        created: agent.created_at.0.div_euclid(1_000),
        owned_by: agent.workspace.to_string(),
    }
}
