//! `/ws/amas`: the conversation over a socket. Who may open one is settled before the 101, by the layers: the gate for
//! pages, as for every other transport, and the guard for back ends.

mod frames;
mod party;
mod talk;

use atthene_protocol::socket::SUBPROTOCOL;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::visitor::Admitted;
use crate::http::layer::request_id::{current_request_id, with_request_id};
use crate::http::websocket::{Handshake, Tracked};
use crate::state::AppState;
use party::Knock;

/// Opens a socket, or says in an error body of ours why not.
pub async fn connect(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match open(state, &mut parts).await {
        Ok(response) => response,
        Err(refusal) => *refusal,
    }
}

async fn open(state: AppState, parts: &mut Parts) -> Result<Response, Box<Response>> {
    let refuse = |error: Error| Box::new(error.into_response());
    let mut knock = knock(&state, parts).await?;
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

/// Who is at the door; without a word of the guard or the gate nobody.
async fn knock(state: &AppState, parts: &mut Parts) -> Result<Knock, Box<Response>> {
    if let Some(caller) = parts.extensions.get::<Caller>() {
        return Ok(Knock::back_end(caller.clone()));
    }
    let admitted = Admitted::from_request_parts(parts, state).await;
    let Admitted(admission) = admitted.map_err(Box::new)?;
    let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
    Ok(Knock::page(admission, address))
}
