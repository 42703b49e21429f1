//! This dialect in the OpenAPI document.

use http::Method;
use serde_json::{Value, json};

use super::types::{Chat, ChatDeleted, ChatMessage, ChatTold, ErrorBody, NewChat, NewMessage};
use super::write_failure;
use crate::api::document::Dialect;
use crate::api::operation::{Operation, Schema};

const CHAT: &str = "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718";
const TIME: &str = "2026-11-22T10:00:00.000Z";

/// Its operations.
pub fn dialect() -> Dialect {
    Dialect {
        tag: "Agentok",
        description: "Chats. A chat is a session; a flow, a project or a template is an agent.",
        write: write_failure,
        error: Schema::of::<ErrorBody<'_>>(),
        is_of_console: false,
        alias: Some(("/v1/chats", "/chats")),
        operations: vec![list(), create(), show(), delete(), messages(), send(), input(), abort()],
    }
}

fn list() -> Operation {
    Operation::new(Method::GET, "/chats", "list_chats", "List chats")
        .described("Newest first, as a bare array.")
        .pages(200, 200)
        .answers(200, "The chats.", Schema::of::<Chat>().list(), json!([chat()]))
}

/// What is done with a chat, by the names of the operations.
const OF_A_CHAT: [&str; 5] = [
    "show_chat",
    "send_chat_message",
    "list_chat_messages",
    "abort_chat",
    "delete_chat",
];

fn create() -> Operation {
    Operation::new(Method::POST, "/chats", "create_chat", "Begin a chat")
        .described("Names an agent, by its key or its id, in `from_flow`, `from_project` or `from_template`.")
        .reads(
            Schema::of::<NewChat>(),
            json!({ "name": "An order", "from_type": "flow", "from_flow": "support_assistant" }),
        )
        .answers(201, "The chat.", Schema::of::<Chat>(), chat())
        .leads_to(201, &OF_A_CHAT, "chat_id", "/id")
        .refuses(&[404])
}

fn show() -> Operation {
    Operation::new(Method::GET, "/chats/{chat_id}", "show_chat", "Look at a chat")
        .answers(200, "The chat.", Schema::of::<Chat>(), chat())
        .refuses(&[404])
}

fn delete() -> Operation {
    Operation::new(Method::DELETE, "/chats/{chat_id}", "delete_chat", "Erase a chat")
        .described("With all that was said in it.")
        .answers(
            200,
            "It is gone.",
            Schema::of::<ChatDeleted>(),
            json!({ "result": "success" }),
        )
        .refuses(&[404])
}

fn messages() -> Operation {
    Operation::new(
        Method::GET,
        "/chats/{chat_id}/messages",
        "list_chat_messages",
        "Read the messages of a chat",
    )
    .described("Oldest first, as a bare array.")
    .pages(1_000, 1_000)
    .answers(
        200,
        "The messages.",
        Schema::of::<ChatMessage>().list(),
        json!([message()]),
    )
    .refuses(&[404])
}

fn send() -> Operation {
    Operation::new(
        Method::POST,
        "/chats/{chat_id}/messages",
        "send_chat_message",
        "Write into a chat",
    )
    .described("Answers with the assistant's message when the run has ended, or at once with `?wait=false`.")
    .query(
        "wait",
        json!({ "type": "boolean" }),
        "Whether to wait for the whole answer; true where nothing is said.",
        json!(true),
    )
    .reads(Schema::of::<NewMessage>(), json!({ "message": "Where is my order?" }))
    .answers(200, "The assistant's message.", Schema::of::<ChatMessage>(), message())
    .refuses(&[404, 409, 502, 503, 504])
}

fn input() -> Operation {
    Operation::new(
        Method::POST,
        "/chats/{chat_id}/input",
        "send_chat_input",
        "Answer an agent that waits for a human",
    )
    .described("While the chat's status is `wait_for_human_input`. The run goes on by itself.")
    .reads(Schema::of::<NewMessage>(), json!({ "message": "Yes." }))
    .answers(
        200,
        "The answer is taken.",
        Schema::of::<ChatTold>(),
        json!({ "detail": "Input sent to assistant." }),
    )
    .refuses(&[404, 409, 503])
}

fn abort() -> Operation {
    Operation::new(
        Method::POST,
        "/chats/{chat_id}/abort",
        "abort_chat",
        "Stop the running turn of a chat",
    )
    .answers(
        200,
        "What became of it.",
        Schema::of::<ChatTold>(),
        json!({ "detail": "The run is being stopped." }),
    )
    .refuses(&[404])
}

fn chat() -> Value {
    json!({
        "id": CHAT,
        "name": "An order",
        "from_type": "flow",
        "from_flow": "support_assistant",
        "from_project": null,
        "from_template": null,
        "user_id": "key_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "status": "ready",
        "status_detail": null,
        "created_at": TIME,
        "updated_at": TIME,
    })
}

fn message() -> Value {
    json!({
        "id": "msg_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "chat_id": CHAT,
        "type": "assistant",
        "content": "Your order is on its way.",
        "sender": "assistant",
        "receiver": "user",
        "metadata": { "status": "completed", "run_id": "run_019a2b3c4d5e7f60a1b2c3d4e5f60718" },
        "created_at": TIME,
    })
}
