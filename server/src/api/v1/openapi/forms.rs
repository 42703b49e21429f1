//! The forms of bodies that no type has: their readers look at the fields one by one, so that a wrong one is told with
//! its path.

use serde_json::{Value, json};

use crate::api::operation::Schema;

/// A configuration, as it runs.
pub(super) fn config() -> Value {
    json!({
        "name": "Support",
        "agent_type": "llm_agent",
        "system_prompt": "You help the customers of a shop.",
        "llm_config": { "model": "builtin" },
    })
}

/// What a configuration may look like. A field that is null counts as absent; what cannot run is refused by name.
pub(super) fn config_schema() -> Schema {
    Schema::named(
        "AgentConfig",
        json!({
            "type": "object",
            "description": "A configuration: flat, one `llm_agent`; or full, with one of `agents` between start and end.",
            "properties": {
                "name": { "type": "string", "minLength": 1, "maxLength": 100 },
                "agent_type": { "type": "string", "description": "`llm_agent`, in a flat configuration." },
                "description": { "type": ["string", "null"], "maxLength": 2000 },
                "system_prompt": { "description": "Text, or what the full form writes of it." },
                "llm_config": {
                    "type": ["object", "null"],
                    "description": "`model`, `temperature` (0 to 2), `max_tokens`.",
                },
                "knowledge_bases": { "description": "The names of what it knows." },
                "agents": { "description": "The agents of a full configuration." },
            },
            "required": ["name"],
        }),
    )
}

/// The body that makes an agent.
pub(super) fn agent() -> Value {
    json!({
        "agent_key": "shop_assistant",
        "is_public": true,
        "allowed_origins": ["https://shop.example"],
        "system_config": config(),
    })
}

/// The form of a body that makes an agent.
pub(super) fn agent_schema() -> Schema {
    let mut schema = agent_fields();
    schema["required"] = json!(["system_config"]);
    Schema::named("NewAgent", schema)
}

/// The form of a body that changes one.
pub(super) fn change_schema() -> Schema {
    Schema::named("AgentChange", agent_fields())
}

fn agent_fields() -> Value {
    let flag = |description: &str| json!({ "type": ["boolean", "null"], "description": description });
    json!({
        "type": "object",
        "description": "Fields of an answer may be handed back; those that cannot be changed have no effect.",
        "properties": {
            "agent_key": { "type": ["string", "null"], "description": "Its name in addresses." },
            "system_config": {
                "type": ["object", "string"],
                "description": "The configuration, as an object or as a text in YAML or JSON.",
            },
            "is_public": flag("Whether pages may embed it."),
            "is_default": flag("Whether it answers where no agent is named."),
            "dev_mode": flag("Whether pages on this machine may embed it, too."),
            "allow_any_origin": flag("Whether every page may embed it."),
            "origin_url": { "type": ["string", "null"], "description": "The first of `allowed_origins`." },
            "allowed_origins": {
                "type": ["array", "null"], "items": { "type": "string" },
                "description": "The pages that may embed it.",
            },
            "widget": { "type": ["object", "null"], "description": "The widget's settings, as a whole." },
        },
    })
}

/// The form of the content of an execution.
pub(super) fn execute_schema() -> Schema {
    Schema::named(
        "Execute",
        json!({
            "type": "object",
            "properties": {
                "content": {
                    "description": "Text, or a list of blocks.",
                    "oneOf": [{ "type": "string" }, { "type": "array", "items": block_schema() }],
                },
                "correlation_id": { "type": ["string", "null"], "description": "The caller's own id, given back." },
                "inputs": { "type": ["object", "null"], "description": "Values for the configuration's variables." },
            },
            "required": ["content"],
        }),
    )
}

fn block_schema() -> Value {
    json!({
        "type": "object",
        "description": "`{\"type\":\"text\",\"text\":...}`, `{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:...\"}}` \
            or `{\"type\":\"file\",\"file\":{\"filename\":...,\"file_data\":...}}`.",
        "properties": { "type": { "type": "string", "enum": ["text", "image_url", "file"] } },
        "required": ["type"],
    })
}

/// The form of an execution that comes as a form.
pub(super) fn execute_form_schema() -> Schema {
    Schema::named(
        "ExecuteForm",
        json!({
            "type": "object",
            "description": "Everything with a file name is an image or a document, whatever its field is called.",
            "properties": {
                "content": { "type": "string", "description": "Text, or a list of blocks in JSON." },
                "correlation_id": { "type": "string", "description": "The caller's own id, given back." },
                "inputs": { "type": "string", "description": "Values for the variables, an object in JSON." },
            },
        }),
    )
}
