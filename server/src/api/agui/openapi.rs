//! This dialect in the OpenAPI document.

use atthene_protocol::problem::Problem;
use http::Method;
use serde_json::json;

use super::types::RunInput;
use crate::api::document::Dialect;
use crate::api::operation::{Operation, Schema};
use crate::api::refusals::write_own_failure;

const EVENTS: &str = "id: 8\ndata: {\"type\":\"RUN_STARTED\",\"threadId\":\"order-4711\",\"runId\":\"run-1\",\
     \"protocolVersion\":\"1.0\",\"timestamp\":1795000000000,\
     \"metadata\":{\"sessionId\":\"sess_019a2b3c4d5e7f60a1b2c3d4e5f60718\",\
     \"runId\":\"run_019a2b3c4d5e7f60a1b2c3d4e5f60718\"}}\n\n\
     id: 9\ndata: {\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"msg_019a2b3c4d5e7f60a1b2c3d4e5f60719\",\
     \"role\":\"assistant\"}\n\n\
     id: 10\ndata: {\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"msg_019a2b3c4d5e7f60a1b2c3d4e5f60719\",\
     \"delta\":\"Your order is on its way.\"}\n\n\
     id: 11\ndata: {\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"msg_019a2b3c4d5e7f60a1b2c3d4e5f60719\"}\n\n\
     id: 12\ndata: {\"type\":\"RUN_FINISHED\",\"threadId\":\"order-4711\",\"runId\":\"run-1\",\
     \"outcome\":{\"type\":\"success\"}}\n\n";

/// Its one operation.
pub fn dialect() -> Dialect {
    let run = Operation::new(Method::POST, "/agui/{agent_key}", "run_agent", "Run an agent in a thread")
        .described(
            "The last message of the user is asked, or a `resume` answers the question that the run before ended with. \
             With a key, a thread that the key has not used yet is a new session. With a visitor's token, the thread is \
             its session, and the page's Origin must be on the agent's list.",
        )
        .reads(
            Schema::of::<RunInput>(),
            json!({
                "threadId": "order-4711",
                "runId": "run-1",
                "messages": [{ "id": "m-1", "role": "user", "content": "Where is my order?" }],
                "state": {},
                "tools": [],
                "context": [],
                "forwardedProps": {},
            }),
        )
        .streams(200, "The run's events, to RUN_FINISHED or RUN_ERROR.", EVENTS)
        .refuses(&[404, 409, 503]);
    Dialect {
        tag: "AG-UI",
        description: "AG-UI 1.0 for its clients: a run in, its events out. A thread is a session.",
        write: write_own_failure,
        error: Schema::of::<Problem>(),
        is_of_console: false,
        alias: None,
        operations: vec![run],
    }
}
