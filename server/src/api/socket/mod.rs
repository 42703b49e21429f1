//! `/ws/amas`: the conversation over a socket. Who may open one is settled here, before the 101: the gate for pages, as
//! for every other transport, and the guard for back ends.

mod frames;
mod party;
mod talk;

use atthene_protocol::socket::SUBPROTOCOL;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, VARY};
use http::request::Parts;
use serde::Deserialize;

use crate::domain::error::Error;
use crate::domain::keys::PREFIX;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::api_key::identify;
use crate::http::layer::gate::ask;
use crate::http::layer::request_id::{current_request_id, with_request_id};
use crate::http::websocket::{Handshake, Tracked};
use crate::model::key::Scope;
use crate::state::AppState;
use party::Knock;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// `?agent_key`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    agent_key: String,
}

/// Opens a socket, or says in an error body of ours why not.
pub async fn connect(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let mut response = match open(state, &mut parts).await {
        Ok(response) => response,
        Err(refusal) => *refusal,
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    response
}

async fn open(state: AppState, parts: &mut Parts) -> Result<Response, Box<Response>> {
    let refuse = |error: Error| Box::new(error.into_response());
    let mut knock = knock(&state, parts).await.map_err(refuse)?;
    if state.draining.is_cancelled() {
        return Err(refuse(Error::ShuttingDown));
    }
    let handshake = Handshake::read(parts, SUBPROTOCOL)?;
    knock.hold(&state).map_err(refuse)?;
    let (response, upgrade) = handshake.accept();
    let tracked = parts.extensions.remove::<Tracked>();
    let talking = async move {
        let _tracked = tracked;
        // A client that went away before the 101 has no socket.
        if let Ok(upgraded) = upgrade.await {
            talk::run(state, upgraded, knock).await;
        }
    };
    tokio::spawn(with_request_id(current_request_id(), talking));
    Ok(response)
}

/// Who is at the door.
async fn knock(state: &AppState, parts: &mut Parts) -> Result<Knock, Error> {
    if presents_key(&parts.headers) {
        let caller = identify(parts, state).await?;
        state.limits.call(&caller.key.id).await?;
        caller.require(Scope::Chat)?;
        state.key_uses.note(&caller.key, state.clock.now());
        return Ok(Knock::back_end(caller));
    }
    let wanted = Query::<Wanted>::try_from_uri(&parts.uri);
    let agent_key = wanted.map(|Query(wanted)| wanted.agent_key).unwrap_or_default();
    let admission = ask(state, &agent_key, &parts.headers)?;
    let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
    Ok(Knock::page(admission, address))
}

/// Whether an API key is meant: told by its header and its form, never by trying. A page can send neither.
fn presents_key(headers: &HeaderMap) -> bool {
    let is_key = |value: &HeaderValue| {
        let token = value.to_str().ok().and_then(|text| text.split_once(' '));
        token.is_some_and(|(_, token)| token.trim_start().starts_with(PREFIX))
    };
    headers.contains_key(X_API_KEY) || headers.get_all(AUTHORIZATION).iter().any(is_key)
}
