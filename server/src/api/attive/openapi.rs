//! This dialect in the OpenAPI document.

use http::Method;
use serde_json::json;

use super::{Answer, Ask, ErrorBody, write_failure};
use crate::api::document::Dialect;
use crate::api::operation::{Operation, Schema};

/// Its one operation.
pub fn dialect() -> Dialect {
    let ask = Operation::new(Method::POST, "/api/chat", "attive_chat", "Ask an agent")
        .described(
            "Without `chatId` a new chat begins; without `agentId` the workspace's default agent answers. Waits for the \
             whole answer.",
        )
        .reads(
            Schema::of::<Ask>(),
            json!({ "message": "Where is my order?", "agentId": "support_assistant" }),
        )
        .answers(
            200,
            "The whole answer.",
            Schema::of::<Answer>(),
            json!({
                "chatId": "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718",
                "response": "Your order is on its way.",
                "messageId": "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718",
            }),
        )
        .refuses(&[404, 409, 502, 503, 504]);
    Dialect {
        tag: "Attive",
        description: "One route: a message in, the answer out.",
        write: write_failure,
        error: Schema::of::<ErrorBody<'_>>(),
        is_of_console: false,
        alias: None,
        operations: vec![ask],
    }
}
