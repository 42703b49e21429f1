//! Who calls a route that is open to pages and to back ends alike.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use super::api_key::Caller;
use super::visitor::TokenHolder;
use crate::domain::keys;
use crate::state::AppState;

/// One of both; the form of the credential has told which, before a body is read.
pub enum Either {
    /// A back end with a good key.
    Key(keys::Caller),
    /// A visitor with a good token, in a page that the gate let in.
    Visitor(TokenHolder),
}

impl FromRequestParts<AppState> for Either {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        if parts.extensions.get::<keys::Caller>().is_some() {
            let caller = Caller::from_request_parts(parts, state).await;
            return caller
                .map(|Caller(caller)| Self::Key(caller))
                .map_err(IntoResponse::into_response);
        }
        TokenHolder::from_request_parts(parts, state).await.map(Self::Visitor)
    }
}
