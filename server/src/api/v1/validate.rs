//! `/agent/validate`: whether a configuration can run, what it says in one form, and where in a YAML text it is wrong.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::agents::FieldNote;
use crate::domain::agents::hash::config_hash;
use crate::domain::agents::lines::Lines;
use crate::domain::agents::yaml::{is_deep, to_yaml};
use crate::http::extract::json::Source;
use crate::http::problem::Failure;
use crate::state::AppState;

/// Whether a configuration can run.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ConfigChecked {
    /// Whether it can.
    valid: bool,
    /// A sentence, where it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// What is wrong, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<ConfigNote>>,
    /// What is odd, but does no harm.
    warnings: Vec<ConfigNote>,
    /// The configuration in the one form that is kept, where it can run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    config: Option<Value>,
    /// The same as a text in YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    yaml: Option<String>,
    /// Its hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    config_hash: Option<String>,
}

/// Something to say about a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfigNote {
    /// Its path, for example `llm_config.model`; empty for the whole.
    field: String,
    /// What is wrong, and what would be right.
    message: String,
    /// Its line, from 1 on, where the body was YAML; of a field that is missing, the line of the one around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

/// Says whether a configuration can run. What is wrong with it is the answer, not a failure of the request.
///
/// # Errors
/// A body that is too large, too slow or of a foreign type.
pub async fn validate_config(
    State(state): State<AppState>,
    source: Result<Source, Failure>,
) -> Result<Json<ConfigChecked>, Failure> {
    let source = match source {
        Ok(source) => source,
        Err(failure) if failure.status == StatusCode::BAD_REQUEST => return Ok(unreadable(failure.message, None)),
        Err(failure) => return Err(failure),
    };
    let body = match source.read() {
        Ok(body) => body,
        Err(problem) => return Ok(unreadable(problem.message, problem.line)),
    };
    let checked = state.agents.check(&body);
    // The text is looked through once more only where there is something to show in it.
    let has_notes = !checked.errors.is_empty() || !checked.warnings.is_empty();
    let lines = (has_notes && !is_deep(&body)).then(|| source.lines()).flatten();
    let valid = checked.errors.is_empty();
    Ok(Json(ConfigChecked {
        valid,
        message: valid.then_some("The configuration is valid."),
        errors: (!valid).then(|| placed(checked.errors, lines.as_ref())),
        warnings: placed(checked.warnings, lines.as_ref()),
        yaml: checked.config.as_ref().map(to_yaml),
        config_hash: checked.config.as_ref().map(config_hash),
        config: checked.config,
    }))
}

fn unreadable(message: String, line: Option<u64>) -> Json<ConfigChecked> {
    let field = String::new();
    Json(ConfigChecked {
        errors: Some(vec![ConfigNote { field, message, line }]),
        ..ConfigChecked::default()
    })
}

fn placed(notes: Vec<FieldNote>, lines: Option<&Lines>) -> Vec<ConfigNote> {
    let place = |note: FieldNote| ConfigNote {
        line: lines.map(|lines| lines.line_of(&note.field)),
        field: note.field,
        message: note.message,
    };
    notes.into_iter().map(place).collect()
}
