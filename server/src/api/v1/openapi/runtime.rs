//! Runs.

use http::Method;
use serde_json::{Value, json};

use super::forms;
use super::{MESSAGE, RUN, SESSION, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::runtime::RunStopped;
use crate::api::v1::types::{ExecutionResult, History, Input, SessionStatus};

const INTERRUPT: &str = "int_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const EVENTS: &str = "id: 7\ndata: {\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\
     \"msg_019a2b3c4d5e7f60a1b2c3d4e5f60718\",\"delta\":\"Your order\"}\n\n";

pub(super) fn operations() -> Vec<Operation> {
    vec![execute(), messages(), status(), events(), stop(), retry(), input()]
}

fn execute() -> Operation {
    let example = json!({ "content": "Where is my order?", "correlation_id": "c-1" });
    Operation::new(
        Method::POST,
        "/api/v1/runtime/{session_id}/execute",
        "execute",
        "Run one message",
    )
    .described(
        "Waits for the whole answer. With `Accept: text/event-stream` the run's events come as they happen, and the whole \
         answer after them. A run that failed is a 200 that says so.",
    )
    .reads_document(forms::execute_schema(), example)
    .reads_as(
        &["multipart/form-data"],
        true,
        forms::execute_form_schema(),
        &json!({ "content": "Where is my order?" }),
    )
    .answers(
        200,
        "The run, or its events.",
        Schema::of::<ExecutionResult>(),
        result(),
    )
    .streams(200, "The run, or its events.", EVENTS)
    .refuses(&[404, 409, 503])
}

fn messages() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/runtime/{session_id}/messages",
        "list_messages",
        "Read the messages of a session",
    )
    .pages(50, 200)
    .answers(
        200,
        "The messages, oldest first.",
        Schema::of::<History>(),
        json!({
            "messages": [
                { "id": MESSAGE, "role": "assistant", "content": "Your order is on its way.", "timestamp": TIME },
            ],
            "total": 1,
            "has_more": false,
        }),
    )
    .refuses(&[404])
}

fn status() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/runtime/{session_id}/status",
        "show_status",
        "Look at the state of a session",
    )
    .answers(
        200,
        "Its state.",
        Schema::of::<SessionStatus>(),
        json!({
            "session_id": SESSION,
            "status": "idle",
            "message_count": 2,
            "last_activity": TIME,
            "created_at": TIME,
            "health": "healthy",
        }),
    )
    .refuses(&[404])
}

fn events() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/runtime/{session_id}/events",
        "follow_session",
        "Follow a session as it goes on",
    )
    .described(
        "First what changed since the number that is given, then everything live, until the reader hangs up. It ends when \
         the key is revoked.",
    )
    .query(
        "after",
        json!({ "type": "integer", "minimum": 0 }),
        "The number of the last event that you have; the header `Last-Event-ID` says the same and goes first.",
        json!(0),
    )
    .streams(200, "The events.", EVENTS)
    .refuses(&[404, 422])
}

fn stop() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/runtime/{session_id}/stop",
        "stop",
        "Stop the turn that runs or waits",
    )
    .answers(
        202,
        "It is being stopped.",
        Schema::of::<RunStopped>(),
        json!({ "run_id": RUN }),
    )
    .refuses(&[404])
}

fn retry() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/runtime/{session_id}/retry",
        "retry",
        "Run the latest turn again",
    )
    .described("Waits for the whole answer.")
    .answers(200, "The run.", Schema::of::<ExecutionResult>(), result())
    .refuses(&[404, 409, 422, 503])
}

fn input() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/runtime/{session_id}/input",
        "input",
        "Answer an agent that waits for a human",
    )
    .described("Once, and waits for the whole answer of the run that goes on. Without `interrupt_id` it answers whatever the session waits for.")
    .reads_document(Schema::of::<Input>(), json!({ "interrupt_id": INTERRUPT, "content": "The blue one." }))
    .answers(200, "The run.", Schema::of::<ExecutionResult>(), result())
    .refuses(&[404, 409, 503])
}

fn result() -> Value {
    json!({
        "type": "execution_result",
        "object": "agent.session",
        "client_type": "backend",
        "success": true,
        "id": SESSION,
        "session_id": SESSION,
        "status": "completed",
        "message_id": MESSAGE,
        "response": { "content": "Your order is on its way.", "tool_calls": [] },
        "messages": [{
            "id": MESSAGE,
            "type": "assistant_message",
            "role": "assistant",
            "content": "Your order is on its way.",
            "timestamp": TIME,
            "created_at": 1_795_000_002,
        }],
        "execution_time": 1.25,
        "created_at": 1_795_000_001,
        "completed_at": 1_795_000_002,
        "timestamp": TIME,
        "config": {},
        "error": null,
        "events": [],
        "correlation_id": "c-1",
        "metadata": {
            "correlation_id": "c-1",
            "event_count": 0,
            "execution_id": RUN,
            "usage": { "input_tokens": 21, "output_tokens": 7 },
        },
    })
}
