//! Agentok's chats, `/chats` and `/v1/chats`: a chat is a session, a flow or project or template is an agent.
//! Errors are `{"detail": ...}`.

pub mod handlers;
pub mod types;

use http::StatusCode;
use serde_json::{Value, json};

use crate::http::problem::Failure;

/// A failure in this dialect: a sentence, or a list of fields where the request is wrong.
pub fn write_failure(failure: &Failure) -> (StatusCode, Value) {
    if failure.fields.is_empty() {
        return (failure.status, json!({ "detail": failure.message }));
    }
    let fields: Vec<Value> = failure
        .fields
        .iter()
        .map(|field| json!({ "loc": ["body", field.field], "msg": field.message, "type": failure.code }))
        .collect();
    (failure.status, json!({ "detail": fields }))
}
