//! Who calls a visitor route: what the gate said, and for all but the first two routes the session that the token opens.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HeaderMap};
use http::request::Parts;

use crate::domain::error::Error;
use crate::domain::gate::Admission;
use crate::domain::visitors::VisitorClaims;
use crate::model::conversation::Session;
use crate::state::AppState;

/// The gate's word; there on every visitor route.
pub struct Admitted(pub Admission);

impl FromRequestParts<AppState> for Admitted {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Response> {
        let admission = parts.extensions.get::<Admission>().cloned();
        // Without the gate there is no visitor: closed by default.
        admission.map(Self).ok_or_else(|| Error::NoPublicAgent.into_response())
    }
}

/// A visitor with a good token, in their own session.
pub struct Visitor {
    /// The gate's word.
    pub admission: Admission,
    /// What the token says.
    pub claims: VisitorClaims,
    /// The session of the path, which is theirs.
    pub session: Session,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Admitted(admission) = Admitted::from_request_parts(parts, state).await?;
        identify(parts, state, admission)
            .await
            .map_err(IntoResponse::into_response)
    }
}

async fn identify(parts: &mut Parts, state: &AppState, admission: Admission) -> Result<Visitor, Error> {
    const NO_PATH: Error = Error::NotFound("There is no such session for this visitor.");
    let token = bearer(&parts.headers)?;
    let claims = state.conversations.tokens().verify(token, state.clock.now())?;
    let Path((_, session_id)) = Path::<(String, String)>::from_request_parts(parts, state)
        .await
        .map_err(|_| NO_PATH)?;
    let session = state
        .conversations
        .own_session(&admission, &claims, &session_id)
        .await?;
    Ok(Visitor {
        admission,
        claims,
        session,
    })
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1); never from a URL.
fn bearer(headers: &HeaderMap) -> Result<&str, Error> {
    const MISSING: Error = Error::TokenInvalid("Send the access token of the session as `Authorization: Bearer`.");
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(MISSING);
    };
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(MISSING)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() {
        Ok(token.trim())
    } else {
        Err(MISSING)
    }
}
