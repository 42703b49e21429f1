//! The error body of our own surfaces: `{"error":{"type","message","code","request_id"}}`.

use serde::{Deserialize, Serialize};

/// An error answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What went wrong.
    pub error: ProblemDetail,
    /// The same field by field, where fields are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Its path, for example `llm_config.model`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What went wrong, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProblemDetail {
    /// The family, for example `invalid_request_error`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One or two sentences for the developer of the page.
    pub message: String,
    /// The stable code, for example `origin_not_allowed`.
    pub code: String,
    /// To be named when asking for help.
    pub request_id: String,
    /// How long to wait, with 429.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}
