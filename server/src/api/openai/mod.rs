//! OpenAI's chat completions, `/v1/chat/completions` and `/v1/models`: a model is an agent, by its agent key. Stateless: the
//! given messages are the history, and no session is kept. Errors are `{"error":{"message","type","param","code"}}`.

pub mod completions;
pub mod convert;
pub mod models;
pub mod openapi;
pub mod stream;
pub mod types;

use http::StatusCode;
use serde_json::{Value, json};

use self::types::{ErrorBody, ErrorDetail};
use crate::http::problem::Failure;

/// A failure in this dialect, which knows no 422.
pub fn write_failure(failure: &Failure) -> (StatusCode, Value) {
    let status = match failure.status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    let error = ErrorDetail {
        message: &failure.message,
        r#type: failure.kind,
        param: failure.fields.first().map(|field| field.field.as_str()),
        code: &failure.code,
    };
    (status, json!(ErrorBody { error }))
}
