//! The query of an address, whose refusals every dialect can tell.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::domain::error::Error;
use crate::state::AppState;

/// The query, read as what the handler wants.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Error::malformed(
                "query",
                format!("The query of the address cannot be read: {rejection}."),
            )),
        }
    }
}
