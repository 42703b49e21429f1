//! Everybody's conversations.

use http::Method;
use serde_json::{Value, json};

use super::{AGENT, MESSAGE, SESSION, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::conversations::{ConversationPage, ConversationView};
use crate::api::v1::export::Export;

const TABLE: &str = "\u{feff}session_id,agent_key,agent_name,kind,origin,visitor_id,page_url,title,status,created_at,\
     last_activity,message_id,role,message_status,timestamp,content,rating,comment\r\n";

pub(super) fn operations() -> Vec<Operation> {
    vec![list(), show(), export()]
}

fn list() -> Operation {
    filtered(Operation::new(
        Method::GET,
        "/api/v1/conversations",
        "list_conversations",
        "Look through everybody's conversations",
    ))
    .described(
        "The latest activity first. A search looks through the messages for a while and may answer fewer conversations than \
         there are: go on with `next` until it is null.",
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
        "Where to go on: `next` of the page before.",
        json!(format!("1795341600000~{SESSION}")),
    )
    .answers(200, "A page of them.", Schema::of::<ConversationPage>(), page())
}

fn show() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/conversations/{session_id}",
        "show_conversation",
        "Look at a conversation",
    )
    .described("As the list tells it. Its messages are those of the session.")
    .answers(
        200,
        "The conversation.",
        Schema::of::<ConversationView>(),
        page()["conversations"][0].clone(),
    )
    .refuses(&[404])
}

fn export() -> Operation {
    let mut exported = page();
    if let Some(line) = exported["conversations"].get_mut(0) {
        line["messages"] = json!([{
            "id": MESSAGE,
            "role": "assistant",
            "content": "Your order is on its way.",
            "status": "completed",
            "timestamp": TIME,
            "feedback": { "rating": "up" },
        }]);
    }
    if let Some(fields) = exported.as_object_mut() {
        fields.remove("next");
    }
    filtered(Operation::new(
        Method::GET,
        "/api/v1/conversations/export",
        "export_conversations",
        "Export everybody's conversations",
    ))
    .described("Everything that fits, with its messages, as one file. The audit log notes it.")
    .query(
        "format",
        json!({ "type": "string", "enum": ["json", "csv"] }),
        "JSON where nothing is said.",
        json!("json"),
    )
    .answers(200, "The file.", Schema::of::<Export>(), exported)
    .answers_file(200, "The file.", "text/csv", TABLE)
}

/// With the filters of the list.
fn filtered(operation: Operation) -> Operation {
    let text = || json!({ "type": "string" });
    let one_of = |words: &[&str]| json!({ "type": "string", "enum": words });
    operation
        .query(
            "q",
            text(),
            "With this text in a message or in the page's title.",
            json!("refund"),
        )
        .query("agent_key", text(), "Those of this agent.", json!("support_assistant"))
        .query(
            "status",
            one_of(&["active", "processing", "idle", "error"]),
            "Those in this state.",
            json!("idle"),
        )
        .query(
            "kind",
            one_of(&["visitor", "backend", "preview"]),
            "Whose they are; previews are left out where nothing is said.",
            json!("visitor"),
        )
        .query(
            "origin",
            text(),
            "Those of pages on this origin.",
            json!("https://shop.example"),
        )
        .query(
            "feedback",
            one_of(&["up", "down", "any"]),
            "Those with an answer that a visitor rated so, or at all.",
            json!("down"),
        )
        .query(
            "from",
            text(),
            "In which something happened at this time or day, or later.",
            json!("2026-11-01"),
        )
        .query(
            "to",
            text(),
            "That began at this time or day, or earlier.",
            json!("2026-11-30"),
        )
}

fn page() -> Value {
    json!({
        "conversations": [{
            "session_id": SESSION,
            "agent_id": AGENT,
            "agent_key": "support_assistant",
            "agent_name": "Support Assistant",
            "kind": "visitor",
            "origin": "https://shop.example",
            "visitor_id": "vis_019a2b3c4d5e7f60a1b2c3d4e5f60718",
            "page_url": "https://shop.example/cart",
            "title": "Where is my order?",
            "last_message": "Your order is on its way.",
            "message_count": 2,
            "feedback": { "up": 1, "down": 0 },
            "status": "idle",
            "created_at": TIME,
            "last_activity": TIME,
        }],
        "next": null,
    })
}
