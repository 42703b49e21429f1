//! After which event a stream goes on: `Last-Event-ID`, as browsers send it, or `?after=`.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use serde::Deserialize;

use crate::domain::error::Error;
use crate::state::AppState;

const LAST_EVENT_ID: &str = "last-event-id";

/// The number of the last event that the reader has; 0 where it says nothing: from the beginning.
pub struct After(pub u64);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: Option<u64>,
}

impl FromRequestParts<AppState> for After {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let number = || Error::malformed("after", "`after` and `Last-Event-ID` are event numbers.");
        let query = Query::<Asked>::from_request_parts(parts, state).await;
        let header = parts.headers.get(LAST_EVENT_ID);
        let from_header = header.map(|value| {
            let text = value.to_str().ok();
            text.and_then(|text| text.trim().parse().ok()).ok_or_else(number)
        });
        let from_header = from_header.transpose()?;
        let from_query = || query.map(|Query(asked)| asked.after).map_err(|_| number());
        match from_header {
            Some(after) => Ok(Self(after)),
            None => Ok(Self(from_query()?.unwrap_or(0))),
        }
    }
}
