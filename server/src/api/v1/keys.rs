//! `/api/v1/api-keys/`: make, list, revoke.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::domain::keys::{KeyDraft, named_agents};
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::problem::Failure;
use crate::model::key::{ApiKey, Scope};
use crate::model::time::Timestamp;
use crate::state::AppState;

/// What is wanted of a new key.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewKey {
    /// What people call it.
    pub name: String,
    /// When it stops working, ISO 8601.
    #[serde(default)]
    pub expires_at: Option<String>,
    /// What it may do; `chat` where nothing is said.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The agents that it may run, by key or id.
    #[serde(default)]
    pub agents: Option<Vec<String>>,
    /// Where it may come from: addresses and networks.
    #[serde(default)]
    pub addresses: Option<Vec<String>>,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Its public id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The first characters of the secret.
    pub prefix: String,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, written a little later.
    pub last_used_at: Option<String>,
    /// When it stops working.
    pub expires_at: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The agents that it may run; null means all.
    pub agents: Option<Vec<String>>,
    /// Where it may come from; null means anywhere.
    pub addresses: Option<Vec<String>>,
}

/// A key that was just made: the only time that its secret is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyCreated {
    /// What lists say, too.
    #[serde(flatten)]
    pub view: KeyView,
    /// The secret.
    pub key: String,
}

/// `POST /api-keys/`.
///
/// # Errors
/// As the core says.
pub async fn create(
    State(state): State<AppState>,
    Caller(caller): Caller,
    body: Document,
) -> Result<(StatusCode, Json<KeyCreated>), Failure> {
    let new: NewKey = body.into()?;
    let expires_at =
        match new.expires_at {
            Some(text) => Some(Timestamp::from_iso(&text).ok_or_else(|| {
                Error::malformed("expires_at", "`expires_at` is a time such as 2027-01-31T12:00:00Z.")
            })?),
            None => None,
        };
    let draft = KeyDraft {
        name: new.name,
        expires_at,
        scopes: new.scopes,
        agents: new.agents.map(named_agents),
        addresses: new.addresses,
    };
    let key = &caller.key;
    let minted = state
        .keys
        .create(
            draft,
            &key.workspace,
            caller.maker(),
            key.id.as_str(),
            state.clock.now(),
        )
        .await?;
    let created = KeyCreated {
        view: view(minted.key),
        key: minted.secret,
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// `GET /api-keys/`: newest first.
///
/// # Errors
/// As the core says.
pub async fn list(State(state): State<AppState>, Caller(caller): Caller) -> Result<Json<Vec<KeyView>>, Error> {
    let keys = state.keys.list(&caller.key.workspace).await?;
    Ok(Json(keys.into_iter().map(view).collect()))
}

/// `DELETE /api-keys/{id}/`: revokes at once.
///
/// # Errors
/// As the core says.
pub async fn revoke(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let key = &caller.key;
    state
        .keys
        .revoke(&key.workspace, &id, key.id.as_str(), state.clock.now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(key: ApiKey) -> KeyView {
    KeyView {
        id: key.id.0,
        name: key.name,
        prefix: key.prefix,
        created_by: key.created_by,
        created_at: key.created_at.to_iso(),
        last_used_at: key.last_used_at.map(Timestamp::to_iso),
        expires_at: key.expires_at.map(Timestamp::to_iso),
        scopes: key.scopes,
        agents: key.agents.map(|agents| agents.into_iter().map(|id| id.0).collect()),
        addresses: key.addresses,
    }
}
