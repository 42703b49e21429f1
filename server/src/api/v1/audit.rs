//! `/api/v1/audit/`: what was done, and by whom.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::audit::AuditFilter;
use crate::domain::error::Error;
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::model::audit::AuditLine;
use crate::state::AppState;

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;

/// Which entries are asked for. Everything that is given must fit.
#[derive(Debug, Deserialize)]
pub struct AuditParameters {
    limit: Option<u32>,
    before: Option<u64>,
    action: Option<String>,
    actor: Option<String>,
    subject: Option<String>,
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// The entries, newest first.
    pub entries: Vec<AuditView>,
    /// Whether there are older ones that fit.
    pub has_more: bool,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Its number, which only rises.
    pub id: u64,
    /// When.
    pub at: String,
    /// Who: the id of a user or a key, `cli`, `setup` or `visitor`.
    pub actor: String,
    /// The name of that user or key, where there is one.
    pub actor_name: Option<String>,
    /// What.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// Further ids and codes.
    #[schema(value_type = Object)]
    pub detail: Value,
}

impl From<AuditLine> for AuditView {
    fn from(line: AuditLine) -> Self {
        Self {
            id: line.id,
            at: line.entry.at.to_iso(),
            actor: line.entry.actor,
            actor_name: line.actor_name,
            action: line.entry.action,
            subject: line.entry.subject,
            detail: line.entry.detail,
        }
    }
}

/// A page of entries.
///
/// # Errors
/// `Malformed` for a query that cannot be read, `Forbidden`, `Internal`.
pub async fn list_entries(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<AuditParameters>,
) -> Result<Json<AuditPage>, Error> {
    let filter = AuditFilter {
        before: query.before,
        action: query.action,
        actor: query.actor,
        subject: query.subject,
        limit: query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST),
    };
    let (lines, has_more) = state.audit.page(&caller, filter).await?;
    Ok(Json(AuditPage {
        entries: lines.into_iter().map(AuditView::from).collect(),
        has_more,
    }))
}
