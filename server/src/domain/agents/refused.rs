//! What a configuration may say and this version cannot run yet: refused by name, never left out in silence.

use serde_json::Value;

use super::fields::Fields;

/// Fields of an agent or a flat configuration, and what each would do.
const OF_AN_AGENT: &[(&str, &str)] = &[
    ("structured_output", "Structured output"),
    ("supervised_agents", "Supervising other agents"),
    ("return_to_supervisor", "Supervising other agents"),
    ("max_handoffs", "Handing over to other agents"),
    ("supervisor_prompt", "Supervising other agents"),
];

/// Fields of a whole configuration.
const OF_A_CONFIGURATION: &[(&str, &str)] = &[("memory_config", "Memory settings")];

/// Fields that are on anyway, and may not be switched off yet.
const ALWAYS_ON: &[(&str, &str)] = &[
    ("save_messages", "Messages are always kept"),
    ("persistent_state", "A conversation always goes on where it was"),
];

/// Refuses what an agent cannot do yet.
pub(super) fn check_agent(fields: &Fields<'_>) {
    refuse_used(fields, OF_AN_AGENT);
    if let Some(streaming) = fields.object("streaming_config") {
        refuse_switched_off(&streaming, "enable_streaming", "Answers are always streamed");
        refuse_switched_off(
            &streaming,
            "show_output_to_user",
            "The answer of the only agent is always shown",
        );
        streaming.finish();
    }
}

/// Refuses what a configuration as a whole cannot do yet.
pub(super) fn check_configuration(fields: &Fields<'_>) {
    refuse_used(fields, OF_A_CONFIGURATION);
    for (key, what) in ALWAYS_ON {
        refuse_switched_off(fields, key, what);
    }
}

fn refuse_used(fields: &Fields<'_>, table: &'static [(&'static str, &'static str)]) {
    for (key, what) in table {
        if fields.value(key).is_some_and(|value| !is_off(value)) {
            fields.error(key, format!("{what} cannot run in this version; leave `{key}` out."));
        }
    }
}

fn refuse_switched_off(fields: &Fields<'_>, key: &'static str, what: &str) {
    if fields.value(key).is_some_and(|value| *value != Value::Bool(true)) {
        fields.error(
            key,
            format!("{what} in this version; leave `{key}` out or set it to true."),
        );
    }
}

/// `false`, nothing in it, or `enabled: false`: it asks for nothing.
fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty() || map.get("enabled") == Some(&Value::Bool(false)),
        Value::Bool(true) | Value::Number(_) => false,
    }
}
