//! The visitor routes in the OpenAPI document.

use atthene_protocol::visitor::{
    Accepted, History, MessageFeedback, RenewToken, SendInput, SendMessage, SessionStarted, StartSession, TokenRenewed,
};
use atthene_protocol::widget::WidgetSettings;
use http::Method;
use serde_json::{Value, json};

use super::turns::TurnStopped;
use crate::api::document::Dialect;
use crate::api::operation::{Operation, Schema};
use crate::api::refusals::write_own_failure;

const TIME: &str = "2026-11-22T10:00:00.000Z";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2aXMifQ.c2lnbmF0dXJl";
const EVENTS: &str = "id: 7\ndata: {\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\
     \"msg_019a2b3c4d5e7f60a1b2c3d4e5f60718\",\"delta\":\"Your order\"}\n\n";

/// Its operations.
pub fn dialect() -> Dialect {
    Dialect {
        tag: "Visitors",
        description: "What the widget calls from a page. The gate asks for the page's Origin before anything else.",
        write: write_own_failure,
        error: Schema::of::<atthene_protocol::problem::Problem>(),
        is_of_console: false,
        alias: None,
        operations: vec![
            settings(),
            start(),
            renew(),
            messages(),
            send(),
            events(),
            stop(),
            input(),
            retry(),
            feedback(),
            erase(),
        ],
    }
}

fn settings() -> Operation {
    Operation::new(
        Method::GET,
        "/public/v1/agents/{agent_key}",
        "show_widget_settings",
        "The widget's settings",
    )
    .answers(200, "The settings.", Schema::of::<WidgetSettings>(), widget())
}

fn start() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions",
        "start_visitor_session",
        "Start a session, or go on with one",
    )
    .described("With a good `resume` secret the session goes on; with a bad one, or none, a new one begins.")
    .reads(
        Schema::of::<StartSession>(),
        json!({ "page": { "url": "https://shop.example/cart" }, "locale": "en" }),
    )
    .answers(
        201,
        "The session.",
        Schema::of::<SessionStarted>(),
        json!({
            "session_id": "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718",
            "token": TOKEN,
            "expires_at": TIME,
            "resume": "a-secret-that-the-widget-keeps",
            "messages": [],
            "run": null,
            "last_seq": 0,
            "widget": widget(),
        }),
    )
    .refuses(&[429, 503])
}

fn renew() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/token",
        "renew_visitor_token",
        "A new access token",
    )
    .reads(
        Schema::of::<RenewToken>(),
        json!({ "resume": "a-secret-that-the-widget-keeps" }),
    )
    .answers(
        200,
        "The token.",
        Schema::of::<TokenRenewed>(),
        json!({ "token": TOKEN, "expires_at": TIME }),
    )
    .refuses(&[401, 429])
}

fn messages() -> Operation {
    Operation::new(
        Method::GET,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/messages",
        "list_visitor_messages",
        "Read the messages",
    )
    .query(
        "limit",
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "At most so many, 1 to 200; 50 where nothing is said.",
        json!(20),
    )
    .query(
        "before",
        json!({ "type": "string" }),
        "Those before this message.",
        json!("msg_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
    )
    .answers(
        200,
        "The messages, oldest first.",
        Schema::of::<History>(),
        json!({ "messages": [message()], "has_more": false }),
    )
}

fn send() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/messages",
        "send_visitor_message",
        "Send a message",
    )
    .described(
        "Answers 202 when the message is kept; with `Accept: text/event-stream` it streams the turn's events instead.",
    )
    .reads(
        Schema::of::<SendMessage>(),
        json!({ "client_id": "c-1", "content": "Where is my order?" }),
    )
    .streams(200, "The events of the turn.", EVENTS)
    .answers(202, "It is kept.", Schema::of::<Accepted>(), accepted())
    .refuses(&[409, 429, 503])
}

fn events() -> Operation {
    let number = json!({ "type": "integer", "minimum": 0 });
    let mut operation = Operation::new(
        Method::GET,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/events",
        "follow_visitor_events",
        "Follow the events",
    )
    .described("What changed since a number, then everything live.")
    .query("after", number.clone(), "The last number that was seen.", json!(7))
    .streams(200, "The events.", EVENTS)
    .refuses(&[429, 503]);
    operation.parameters.push(json!({
        "name": "Last-Event-ID", "in": "header", "required": false,
        "description": "The same as `after`, and before it.", "schema": number, "example": 7,
    }));
    operation
}

fn stop() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/stop",
        "stop_visitor_turn",
        "Stop the turn that runs or waits",
    )
    .answers(
        202,
        "It is being stopped.",
        Schema::of::<TurnStopped>(),
        json!({ "run_id": "run_019a2b3c4d5e7f60a1b2c3d4e5f60718" }),
    )
}

fn retry() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/retry",
        "retry_visitor_turn",
        "Try the last turn again",
    )
    .answers(202, "It runs again.", Schema::of::<Accepted>(), accepted())
    .refuses(&[409, 429, 503])
}

fn input() -> Operation {
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/input",
        "answer_visitor_interrupt",
        "Answer an agent that waits",
    )
    .described(
        "Once; the same answer again gives the same reply. The events of the turn that goes on follow on the stream.",
    )
    .reads(
        Schema::of::<SendInput>(),
        json!({ "interrupt_id": "int_019a2b3c4d5e7f60a1b2c3d4e5f60718", "content": "The blue one." }),
    )
    .answers(202, "It is kept.", Schema::of::<Accepted>(), accepted())
    .refuses(&[409, 429, 503])
}

fn feedback() -> Operation {
    let kept = json!({
        "message_id": "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "rating": "down",
        "comment": "That is last year's price.",
    });
    Operation::new(
        Method::POST,
        "/public/v1/agents/{agent_key}/sessions/{session_id}/feedback",
        "rate_visitor_answer",
        "Rate an answer",
    )
    .described(
        "A complete answer of the assistant, with `up` or `down`; null takes it back. The last one counts, its comment with \
         it: at most 2,000 characters of plain text.",
    )
    .reads(Schema::of::<MessageFeedback>(), kept.clone())
    .answers(200, "What is kept now.", Schema::of::<MessageFeedback>(), kept)
    .refuses(&[409, 429, 503])
}

fn erase() -> Operation {
    Operation::new(
        Method::DELETE,
        "/public/v1/agents/{agent_key}/sessions/{session_id}",
        "erase_visitor_session",
        "Erase the conversation",
    )
    .described("With all that was said in it. A running turn is stopped first, and everyone who follows it is told.")
    .answers_empty(204, "It is gone.")
    .refuses(&[503])
}

fn widget() -> Value {
    json!({ "title": "Support", "primaryColor": "#0b6bcb", "maxMessageChars": 10_000 })
}

fn accepted() -> Value {
    json!({
        "message_id": "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "run_id": "run_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "seq": 1,
    })
}

fn message() -> Value {
    json!({
        "id": "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "role": "assistant",
        "content": "Your order is on its way.",
        "status": "completed",
        "timestamp": TIME,
        "run_id": "run_019a2b3c4d5e7f60a1b2c3d4e5f60718",
    })
}
