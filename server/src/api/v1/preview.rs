//! `/agent/{id}/preview`: an agent key for an hour, for the console's own pages.

use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::sessions::has_body;
use crate::domain::agents::PreviewWish;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::json::Document;
use crate::http::problem::Failure;
use crate::state::AppState;

/// What is to be tried; nothing: the agent as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewPreview {
    /// One of its versions.
    version: Option<u32>,
    /// What is not saved: `system_config`, `widget`, or both, each as a whole.
    #[schema(value_type = Option<Object>)]
    draft: Option<Value>,
}

/// The agent key of a preview.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewMade {
    /// It, as good as any other on the pages of `console_url`, and nowhere else.
    agent_key: String,
    /// When it stops working.
    expires_at: String,
}

/// Makes a preview.
///
/// # Errors
/// As the catalogue says; 400 with every field of a draft that is wrong.
pub async fn make_preview(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(agent): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<PreviewMade>), Failure> {
    let body: NewPreview = if has_body(&request) {
        Document::from_request(request, &state).await?.into()?
    } else {
        NewPreview::default()
    };
    let preview = state.agents.preview(&caller, &agent, body.wish()?).await?;
    let made = PreviewMade {
        agent_key: preview.agent_key,
        expires_at: preview.expires_at.to_iso(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

impl NewPreview {
    fn wish(self) -> Result<PreviewWish, Error> {
        match (self.version, self.draft) {
            (None, None) => Ok(PreviewWish::Deployed),
            (Some(version), None) => Ok(PreviewWish::Version(version)),
            (None, Some(draft)) => Ok(PreviewWish::Draft(draft)),
            (Some(_), Some(_)) => Err(Error::malformed(
                "preview",
                "Give either `version` or `draft`, not both.",
            )),
        }
    }
}
