//! Who calls a visitor route: what the gate said, and for all but the first two routes the session that the token opens.
//! Where the session is not in the path, the token and what it says.

use std::net::IpAddr;

use atthene_protocol::visitor::{SendInput, SendMessage};
use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HeaderMap};
use http::request::Parts;

use crate::domain::conversation::{Answer, NewMessage};
use crate::domain::error::Error;
use crate::domain::gate::Admission;
use crate::domain::limits::Author;
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

impl Visitor {
    /// Who holds this token, in their own session; `session_id` is what they call it.
    ///
    /// # Errors
    /// `TokenInvalid`, `TokenExpired`, `NotFound`, `Internal`.
    pub async fn of_token(
        state: &AppState,
        admission: Admission,
        token: &str,
        session_id: Option<&str>,
    ) -> Result<Self, Error> {
        let claims = state.conversations.tokens().verify(token, state.clock.now())?;
        let session_id = session_id.unwrap_or(claims.session.as_str());
        let session = state.conversations.own_session(&admission, &claims, session_id).await?;
        Ok(Self {
            admission,
            claims,
            session,
        })
    }

    /// The visitor as the limits count them.
    pub fn author(&self, address: IpAddr) -> Author {
        Author::Visitor {
            visitor: self.claims.visitor.clone(),
            address,
        }
    }

    /// A message of theirs.
    pub fn message(&self, state: &AppState, address: IpAddr, body: SendMessage) -> NewMessage {
        let most_chars = state.limits.message_chars(&self.admission.entry.agent);
        text_message(self.author(address), most_chars, body)
    }

    /// An answer of theirs.
    pub fn answer(&self, state: &AppState, address: IpAddr, body: SendInput) -> Answer {
        let most_chars = state.limits.message_chars(&self.admission.entry.agent);
        input_answer(self.author(address), most_chars, body)
    }
}

/// The answer to a question on which a turn waits, from whomever.
pub fn input_answer(author: Author, most_chars: u32, body: SendInput) -> Answer {
    Answer {
        author,
        most_chars,
        interrupt_id: Some(body.interrupt_id),
        content: body.content,
        correlation_id: None,
    }
}

/// A message of text alone, from whomever.
pub fn text_message(author: Author, most_chars: u32, body: SendMessage) -> NewMessage {
    NewMessage {
        author,
        most_chars,
        client_id: body.client_id,
        content: body.content,
        blocks: Vec::new(),
        correlation_id: body.correlation_id,
        inputs: body.inputs.unwrap_or_default(),
    }
}

/// A visitor with a good token; which session they mean, the caller reads elsewhere.
pub struct TokenHolder {
    /// The gate's word.
    pub admission: Admission,
    /// The token.
    pub token: String,
}

impl FromRequestParts<AppState> for TokenHolder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Admitted(admission) = Admitted::from_request_parts(parts, state).await?;
        let token = bearer(&parts.headers).map_err(IntoResponse::into_response)?.to_owned();
        let verified = state.conversations.tokens().verify(&token, state.clock.now());
        verified.map_err(IntoResponse::into_response)?;
        Ok(Self { admission, token })
    }
}

async fn identify(parts: &mut Parts, state: &AppState, admission: Admission) -> Result<Visitor, Error> {
    const NO_PATH: Error = Error::NotFound("There is no such session for this visitor.");
    let token = bearer(&parts.headers)?.to_owned();
    let Path((_, session_id)) = Path::<(String, String)>::from_request_parts(parts, state)
        .await
        .map_err(|_| NO_PATH)?;
    Visitor::of_token(state, admission, &token, Some(&session_id)).await
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
