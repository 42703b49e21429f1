//! Keys, traces and the audit log.

use http::Method;
use serde_json::{Value, json};

use super::{AGENT, HASH, RUN, SESSION, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::audit::AuditPage;
use crate::api::v1::keys::{KeyCreated, KeyView, NewKey};
use crate::api::v1::traces::TraceView;

pub(super) fn operations() -> Vec<Operation> {
    vec![list(), create(), revoke(), list_traces(), show_trace(), list_audit()]
}

fn list() -> Operation {
    Operation::new(Method::GET, "/api/v1/api-keys", "list_keys", "List keys").answers(
        200,
        "The keys, newest first, without their secrets.",
        Schema::of::<KeyView>().list(),
        json!([key()]),
    )
}

fn create() -> Operation {
    let mut created = key();
    created["key"] = json!("atk_shown-once-and-never-again");
    Operation::new(Method::POST, "/api/v1/api-keys", "create_key", "Make a key")
        .described("No key makes one that may do more than itself. The secret is shown this once.")
        .reads_document(
            Schema::of::<NewKey>(),
            json!({ "name": "Shop back end", "scopes": ["chat"] }),
        )
        .answers(201, "The key with its secret.", Schema::of::<KeyCreated>(), created)
        .leads_to(201, &["revoke_key"], "key_id", "/id")
}

fn revoke() -> Operation {
    Operation::new(
        Method::DELETE,
        "/api/v1/api-keys/{key_id}",
        "revoke_key",
        "Revoke a key",
    )
    .described("At once; streams that it opened end.")
    .answers_empty(204, "It is revoked.")
    .refuses(&[404])
}

fn list_traces() -> Operation {
    let text = json!({ "type": "string" });
    Operation::new(Method::GET, "/api/v1/traces", "list_traces", "List traces")
        .described("What agents received and did. Newest first, as a bare array.")
        .query("session_id", text.clone(), "Those of this session.", json!(SESSION))
        .query("agent_id", text.clone(), "Those of this agent.", json!(AGENT))
        .query("agent_key", text, "Those of this agent.", json!("support_assistant"))
        .query(
            "status",
            json!({ "type": "string", "enum": ["completed", "interrupted", "stopped", "error"] }),
            "Those that ended so.",
            json!("completed"),
        )
        .query(
            "before",
            json!({ "type": "string" }),
            "After this one: the `run_id` of the last trace of the page before.",
            json!(RUN),
        )
        .query(
            "previews",
            json!({ "type": "boolean" }),
            "Those of previews, too; they are left out otherwise, but for those of a session that is asked for.",
            json!(false),
        )
        .query(
            "brief",
            json!({ "type": "boolean" }),
            "Without `received` and `steps`, and only the beginning of `answer`.",
            json!(true),
        )
        .pages(50, 200)
        .answers(200, "The traces.", Schema::of::<TraceView>().list(), json!([trace()]))
        .refuses(&[400, 404])
}

fn show_trace() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/traces/{run_id}",
        "show_trace",
        "Look at the trace of a turn",
    )
    .answers(200, "The trace.", Schema::of::<TraceView>(), trace())
    .refuses(&[404])
}

fn list_audit() -> Operation {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
    Operation::new(Method::GET, "/api/v1/audit", "list_audit", "Read the audit log")
        .described("What was done, and by whom; newest first. It is only ever added to.")
        .query(
            "limit",
            number.clone(),
            "At most so many, 1 to 200; 50 where nothing is said.",
            json!(20),
        )
        .query("before", number, "Those older than the entry of this id.", json!(1000))
        .query(
            "action",
            text.clone(),
            "Those of this action, or of all that begin with it and a dot.",
            json!("agent"),
        )
        .query("actor", text.clone(), "Those by this actor.", json!("cli"))
        .query("subject", text, "Those about this subject.", json!(AGENT))
        .answers(
            200,
            "The entries.",
            Schema::of::<AuditPage>(),
            json!({
                "entries": [{
                    "id": 17,
                    "at": TIME,
                    "actor": "cli",
                    "actor_name": null,
                    "action": "agent.created",
                    "subject": AGENT,
                    "detail": { "version_number": 1 },
                }],
                "has_more": false,
            }),
        )
        .refuses(&[400])
}

fn key() -> Value {
    json!({
        "id": "key_019a2b3c4d5e7f60a1b2c3d4e5f60718",
        "name": "Shop back end",
        "prefix": "atk_shown-onc",
        "created_by": "cli",
        "created_at": TIME,
        "last_used_at": null,
        "expires_at": null,
        "scopes": ["chat"],
        "agents": null,
        "addresses": null,
    })
}

fn trace() -> Value {
    json!({
        "run_id": RUN,
        "session_id": SESSION,
        "agent_id": AGENT,
        "config_hash": HASH,
        "status": "completed",
        "started_at": TIME,
        "finished_at": TIME,
        "duration_ms": 1_250,
        "first_token_ms": 310,
        "received": {
            "model": "builtin",
            "system_prompt": "You help the customers of a shop.",
            "messages": [{ "role": "user", "content": "Where is my order?" }],
            "sources": [],
        },
        "steps": [{
            "kind": "model",
            "name": "builtin",
            "started_at": TIME,
            "finished_at": TIME,
            "start_ms": 20,
            "duration_ms": 1_200,
            "input_tokens": 21,
            "output_tokens": 7,
            "error": null,
        }],
        "answer": "Your order is on its way.",
        "input_tokens": 21,
        "output_tokens": 7,
        "error_code": null,
        "correlation_id": null,
    })
}
