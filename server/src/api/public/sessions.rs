//! `POST /sessions`, `POST /sessions/{id}/token` and `DELETE /sessions/{id}`: start, go on, stay in, be forgotten.

use atthene_protocol::event::Status;
use atthene_protocol::visitor::{RenewToken, RunView, SessionStarted, StartSession, TokenRenewed};
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;

use super::widget_settings;
use crate::domain::conversation::{StartRequest, message_view, open_interrupt};
use crate::domain::error::Error;
use crate::http::extract::address::ClientAddress;
use crate::http::extract::json::JsonBody;
use crate::http::extract::visitor::{Admitted, Visitor};
use crate::state::AppState;

/// Goes on with the session of a good resume secret, else starts a new one.
///
/// # Errors
/// As the core says.
pub async fn start_session(
    State(state): State<AppState>,
    Admitted(admission): Admitted,
    ClientAddress(address): ClientAddress,
    JsonBody(body): JsonBody<StartSession>,
) -> Result<(StatusCode, Json<SessionStarted>), Error> {
    let request = StartRequest {
        admission: &admission,
        address,
        body,
    };
    let started = state.conversations.start(request).await?;
    let run = started.turn.filter(|turn| turn.status != Status::Completed);
    let answer = SessionStarted {
        last_seq: started.session.last_seq,
        session_id: started.session.id,
        token: started.token,
        expires_at: started.expires_at.to_iso(),
        resume: started.resume,
        messages: started.messages.iter().map(message_view).collect(),
        run: run.map(|turn| RunView {
            run_id: turn.run_id.clone(),
            status: turn.status,
            interrupt: open_interrupt(turn),
        }),
        widget: widget_settings(&state, &admission),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A new access token for the session of the resume secret.
///
/// # Errors
/// As the core says.
pub async fn renew_token(
    State(state): State<AppState>,
    Admitted(admission): Admitted,
    Path((_, session_id)): Path<(String, String)>,
    JsonBody(body): JsonBody<RenewToken>,
) -> Result<Json<TokenRenewed>, Error> {
    let (token, expires_at) = state
        .conversations
        .renew_token(&admission, &session_id, &body.resume)
        .await?;
    Ok(Json(TokenRenewed {
        token,
        expires_at: expires_at.to_iso(),
    }))
}

/// Erases the conversation with all that was said in it, and tells everyone who follows it.
///
/// # Errors
/// As the core says.
pub async fn erase_session(State(state): State<AppState>, visitor: Visitor) -> Result<StatusCode, Error> {
    state.conversations.erase(&visitor.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
