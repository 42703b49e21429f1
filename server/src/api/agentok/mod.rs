//! Agentok's chats, `/chats` and `/v1/chats`: a chat is a session, a flow or project or template is an agent.
//! Errors are `{"detail": ...}`.

pub mod handlers;
pub mod openapi;
pub mod types;

use http::StatusCode;
use serde_json::{Value, json};

use self::types::{Detail, ErrorBody, WrongField};
use crate::http::problem::Failure;

/// A failure in this dialect: a sentence, or a list of fields where the request is wrong.
pub fn write_failure(failure: &Failure) -> (StatusCode, Value) {
    let detail = if failure.fields.is_empty() {
        Detail::Sentence(&failure.message)
    } else {
        let fields = failure.fields.iter().map(|field| WrongField {
            loc: ["body", &field.field],
            msg: &field.message,
            r#type: &failure.code,
        });
        Detail::Fields(fields.collect())
    };
    (failure.status, json!(ErrorBody { detail }))
}
