//! Agents, their versions and who may embed them.

use http::Method;
use serde_json::{Value, json};

use super::forms;
use super::{AGENT, HASH, TIME};
use crate::api::operation::{Operation, Schema};
use crate::api::v1::access::{OriginSeen, OriginTested, TestOrigin};
use crate::api::v1::agents::AgentView;
use crate::api::v1::validate::ConfigChecked;
use crate::api::v1::versions::{VersionView, WholeVersionView};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        list(),
        create(),
        validate(),
        show(),
        change(),
        delete(),
        list_versions(),
        show_version(),
        deploy(),
        test_origin(),
        seen_origins(),
    ]
}

fn list() -> Operation {
    let number = || json!({ "type": "integer", "minimum": 0 });
    Operation::new(Method::GET, "/api/v1/agent", "list_agents", "List agents")
        .query(
            "q",
            json!({ "type": "string" }),
            "Words that the name, the agent key or the origins hold, whatever their case.",
            json!("shop"),
        )
        .query(
            "limit",
            number(),
            "At most so many; all where nothing is said.",
            json!(50),
        )
        .query("offset", number(), "Leave out so many at the beginning.", json!(0))
        .described("The header `X-Total-Count` says how many there are whatever `limit` and `offset` are.")
        .answers(
            200,
            "The agents that the key sees, by agent key, as a bare array.",
            Schema::of::<AgentView>().list(),
            json!([view()]),
        )
}

fn create() -> Operation {
    Operation::new(Method::POST, "/api/v1/agent", "create_agent", "Make an agent")
        .described("What pages may embed it needs the scope `access:write`, too. 400 names every field that is wrong.")
        .reads_document(forms::agent_schema(), forms::agent())
        .answers(201, "The agent.", Schema::of::<AgentView>(), view())
        .leads_to(
            201,
            &["show_agent", "change_agent", "delete_agent"],
            "agent",
            "/agent_key",
        )
}

fn validate() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/agent/validate",
        "validate_agent",
        "Say whether a configuration can run",
    )
    .described(
        "Reads a configuration, or the body that makes an agent. What is wrong with it is the answer, not a failure of \
         the request. A configuration that can run comes back in the one form that is kept, as JSON and as YAML.",
    )
    .reads_document(
        Schema::inline(json!({ "description": "Anything: what is wrong with it is the answer." })),
        forms::config(),
    )
    .answers(
        200,
        "What was found.",
        Schema::of::<ConfigChecked>(),
        json!({
            "valid": false,
            "errors": [{ "field": "llm_config.model", "message": "There is no such model." }],
            "warnings": [],
        }),
    )
}

fn show() -> Operation {
    Operation::new(Method::GET, "/api/v1/agent/{agent}", "show_agent", "Look at an agent")
        .answers(200, "The agent.", Schema::of::<AgentView>(), view())
        .refuses(&[404])
}

fn change() -> Operation {
    Operation::new(
        Method::PATCH,
        "/api/v1/agent/{agent}",
        "change_agent",
        "Change an agent",
    )
    .described("Only what the body names. Another configuration is another version.")
    .reads_document(forms::change_schema(), json!({ "is_public": false }))
    .answers(200, "The agent.", Schema::of::<AgentView>(), view())
    .refuses(&[404, 409])
}

fn delete() -> Operation {
    Operation::new(
        Method::DELETE,
        "/api/v1/agent/{agent}",
        "delete_agent",
        "Delete an agent",
    )
    .described("With all that is its own.")
    .answers_empty(204, "It is gone.")
    .refuses(&[404])
}

fn list_versions() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/agent/{agent}/versions",
        "list_versions",
        "List the versions of an agent",
    )
    .answers(
        200,
        "The versions, the latest first, as a bare array.",
        Schema::of::<VersionView>().list(),
        json!([version()]),
    )
    .refuses(&[404])
}

fn show_version() -> Operation {
    let mut whole = version();
    whole["system_config"] = forms::config();
    Operation::new(
        Method::GET,
        "/api/v1/agent/{agent}/versions/{number}",
        "show_version",
        "Look at a version with its configuration",
    )
    .answers(200, "The version.", Schema::of::<WholeVersionView>(), whole)
    .refuses(&[404])
}

fn deploy() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/agent/{agent}/versions/{number}/deploy",
        "deploy_version",
        "Go back to a version",
    )
    .answers(200, "The agent.", Schema::of::<AgentView>(), view())
    .refuses(&[404])
}

fn test_origin() -> Operation {
    Operation::new(
        Method::POST,
        "/api/v1/agent/{agent}/origins/test",
        "test_origin",
        "Ask whether a page may embed an agent",
    )
    .described("Asks the same gate that pages meet, and says why.")
    .reads(
        Schema::of::<TestOrigin>(),
        json!({ "origin": "https://www.shop.example" }),
    )
    .answers(
        200,
        "What the gate says.",
        Schema::of::<OriginTested>(),
        json!({
            "origin": "https://www.shop.example",
            "allowed": false,
            "code": "origin_not_allowed",
            "reason": "No entry of the list is this host.",
            "missing_entry": "https://www.shop.example",
        }),
    )
    .refuses(&[404])
}

fn seen_origins() -> Operation {
    Operation::new(
        Method::GET,
        "/api/v1/agent/{agent}/origins/seen",
        "seen_origins",
        "List the pages that came of late",
    )
    .answers(
        200,
        "The origins, the latest first, as a bare array.",
        Schema::of::<OriginSeen>().list(),
        json!([{ "origin": "https://shop.example", "accepted": true, "code": null, "seen_at": TIME }]),
    )
    .refuses(&[404])
}

fn view() -> Value {
    json!({
        "id": AGENT,
        "agent_key": "shop_assistant",
        "name": "Support",
        "architecture": "workflow",
        "entry_point": "main",
        "is_public": true,
        "is_shared": false,
        "is_default": false,
        "allow_any_origin": false,
        "origin_url": "https://shop.example",
        "allowed_origins": ["https://shop.example"],
        "dev_mode": false,
        "owner": "cli",
        "company": "default",
        "system_config": forms::config(),
        "widget": {},
        "version_number": 1,
        "config_hash": HASH,
        "created_at": TIME,
        "updated_at": TIME,
    })
}

fn version() -> Value {
    json!({ "version_number": 1, "config_hash": HASH, "created_at": TIME, "is_deployed": true })
}
