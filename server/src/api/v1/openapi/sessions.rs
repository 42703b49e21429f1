//! Sessions.

use http::Method;
use serde_json::{Value, json};

use super::forms;
use super::{AGENT, HASH, SESSION, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::sessions::SessionsDeleted;
use crate::api::v1::types::{FromAgent, SessionCreated, SessionDetail, SessionView};

/// What is done with a session, by the names of the operations.
const OF_A_SESSION: [&str; 6] = [
    "show_session",
    "execute",
    "list_messages",
    "show_status",
    "stop",
    "delete_session",
];
const BY_AGENT: &str = "/api/v1/sessions/from-agent";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        start_by_get(),
        start_by_post(),
        delete_of_agent(),
        start_by_id(),
        list(),
        start_from_config(),
        show(),
        delete(),
    ]
}

fn by_agent(operation: Operation) -> Operation {
    let text = json!({ "type": "string" });
    let by_key = operation.query(
        "agent_key",
        text.clone(),
        "The agent, by its key.",
        json!("support_assistant"),
    );
    by_key.query("agent_id", text, "The agent, by its id.", json!(AGENT))
}

fn start_by_get() -> Operation {
    let start = Operation::new(
        Method::GET,
        BY_AGENT,
        "start_session_by_get",
        "Start a session of an agent",
    );
    by_agent(start)
        .described("Needs `agent_key` or `agent_id`.")
        .answers(200, "The session.", Schema::of::<SessionCreated>(), created())
        .leads_to(200, &OF_A_SESSION, "session_id", "/session_id")
        .refuses(&[404, 503])
}

fn start_by_post() -> Operation {
    let start = Operation::new(Method::POST, BY_AGENT, "start_session", "Start a session of an agent");
    by_agent(start)
        .described("Needs `agent_key` or `agent_id`, in the query or in the body.")
        .may_read_document(Schema::of::<FromAgent>(), json!({ "agent_key": "support_assistant" }))
        .answers(201, "The session.", Schema::of::<SessionCreated>(), created())
        .leads_to(201, &OF_A_SESSION, "session_id", "/session_id")
        .refuses(&[404, 503])
}

fn delete_of_agent() -> Operation {
    let delete = Operation::new(
        Method::DELETE,
        BY_AGENT,
        "delete_sessions_of_agent",
        "Erase the key's own sessions of an agent",
    );
    by_agent(delete)
        .described("Needs `agent_key` or `agent_id`.")
        .answers(
            200,
            "How many there were.",
            Schema::of::<SessionsDeleted>(),
            json!({ "deleted": 3 }),
        )
        .refuses(&[404])
}

fn start_by_id() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/sessions/from-agent/{agent_id}",
        "start_session_by_id",
        "Start a session of an agent",
    )
    .answers(201, "The session.", Schema::of::<SessionCreated>(), created())
    .leads_to(201, &OF_A_SESSION, "session_id", "/session_id")
    .refuses(&[404, 503])
}

fn list() -> Operation {
    Operation::new(Method::GET, "/api/v1/sessions", "list_sessions", "List sessions")
        .described("Newest first, as a bare array.")
        .pages(50, 200)
        .query(
            "agent_key",
            json!({ "type": "string" }),
            "Those of this agent.",
            json!("support_assistant"),
        )
        .query(
            "status",
            json!({ "type": "string", "enum": ["active", "processing", "idle", "error"] }),
            "Those in this state.",
            json!("idle"),
        )
        .answers(
            200,
            "The sessions.",
            Schema::of::<SessionView>().list(),
            json!([view()]),
        )
}

fn start_from_config() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/sessions",
        "start_session_from_config",
        "Start a session with a configuration of its own",
    )
    .described("400 names every field that is wrong.")
    .reads_document(forms::config_schema(), forms::config())
    .answers(201, "The session.", Schema::of::<SessionCreated>(), created())
    .leads_to(201, &OF_A_SESSION, "session_id", "/session_id")
    .refuses(&[503])
}

fn show() -> Operation {
    let mut detail = view();
    detail["agent_config"] = forms::config();
    Operation::new(
        Method::GET,
        "/api/v1/sessions/{session_id}",
        "show_session",
        "Look at a session",
    )
    .answers(200, "The session.", Schema::of::<SessionDetail>(), detail)
    .refuses(&[404])
}

fn delete() -> Operation {
    Operation::new(
        Method::DELETE,
        "/api/v1/sessions/{session_id}",
        "delete_session",
        "Erase a session",
    )
    .described("With all that was said in it.")
    .answers_empty(204, "It is gone.")
    .refuses(&[404])
}

fn created() -> Value {
    json!({
        "success": true,
        "session_id": SESSION,
        "agent_id": AGENT,
        "agent_key": "support_assistant",
        "config_hash": HASH,
        "created_at": TIME,
    })
}

fn view() -> Value {
    json!({
        "session_id": SESSION,
        "agent_id": AGENT,
        "agent_key": "support_assistant",
        "config_hash": HASH,
        "status": "idle",
        "created_at": TIME,
        "last_activity": TIME,
    })
}
