//! A change to an agent, merged into what the agent is (RFC 7396: a group is merged, `null` takes away, anything else
//! replaces). What comes out is a whole body again and is checked like one; nothing is checked here.

use serde_json::{Map, Value, json};

use super::body;
use super::fields::FieldNote;
use crate::model::agent::Agent;

/// Ways to say one thing: giving one takes the other away.
const ALTERNATIVES: [[&str; 2]; 1] = [["model", "models"]];
/// What one agent's own fields say, and `agents` says in another way.
const FLAT: [&str; 5] = [
    "agent_type",
    "system_prompt",
    "prompt_config",
    "llm_config",
    "knowledge_bases",
];

/// The body that the agent would have been saved with. Without a `system_config` in it the configuration stays.
pub(super) fn merged(agent: &Agent, change: &Value) -> Result<Value, Vec<FieldNote>> {
    let Some(change) = change.as_object() else {
        return Err(refuse("", "A change is a group of `key: value` pairs."));
    };
    let other_key = change.get("agent_key").and_then(Value::as_str);
    if other_key.is_some_and(|key| key != agent.agent_key) {
        let kept = format!("An agent keeps its key; this one's is {}.", agent.agent_key);
        return Err(refuse("agent_key", kept));
    }
    let mut body = change.clone();
    body.insert("agent_key".to_owned(), json!(agent.agent_key));
    if let Some(config) = config_of(agent, change)? {
        body.insert("system_config".to_owned(), merge_config(&agent.system_config, &config));
    }
    if let Some(widget) = change.get("widget") {
        let merged = if widget.is_null() {
            json!({})
        } else {
            merge(&json!(agent.widget), widget)
        };
        body.insert("widget".to_owned(), merged);
    }
    for switch in ["is_public", "is_default", "dev_mode", "allow_any_origin"] {
        if change.get(switch).is_some_and(Value::is_null) {
            body.insert(switch.to_owned(), json!(false));
        }
    }
    place_origins(agent, &mut body);
    Ok(Value::Object(body))
}

/// What changes of the configuration. A new `name` beside it is one of these: the name stands in the configuration.
fn config_of(agent: &Agent, change: &Map<String, Value>) -> Result<Option<Value>, Vec<FieldNote>> {
    let mut config = match change.get("system_config") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(body::read(text).map_err(|message| refuse("system_config", message))?),
        Some(config) => Some(config.clone()),
    };
    let is_new = |name: &&Value| !name.is_null() && name.as_str() != Some(&agent.name);
    if let Some(name) = change.get("name").filter(is_new) {
        let inner = config.get_or_insert_with(|| json!({}));
        let has_own = inner.get("name").is_some_and(|own| is_new(&own));
        if let (Some(inner), false) = (inner.as_object_mut(), has_own) {
            inner.insert("name".to_owned(), name.clone());
        }
    }
    Ok(config)
}

fn refuse(field: &str, message: impl Into<String>) -> Vec<FieldNote> {
    vec![FieldNote {
        field: field.to_owned(),
        message: message.into(),
    }]
}

/// An answer of ours that comes back with a changed list still carries the first entry of the old one as `origin_url`:
/// the list is what is meant.
fn place_origins(agent: &Agent, body: &mut Map<String, Value>) {
    let first = agent.allowed_origins.first();
    let list_is_given = body.contains_key("allowed_origins");
    let is_kept = |url: &Value| url.is_null() || url.as_str() == first.map(String::as_str);
    if body.get("origin_url").is_some_and(is_kept) {
        let url = body.remove("origin_url");
        if !list_is_given && url.is_some_and(|url| url.is_null()) {
            body.insert("allowed_origins".to_owned(), json!([]));
        }
    }
    if body.get("allowed_origins").is_some_and(Value::is_null) {
        body.insert("allowed_origins".to_owned(), json!([]));
    }
}

fn merge_config(kept: &Value, change: &Value) -> Value {
    let mut base = kept.clone();
    if change.get("agents").is_some_and(|agents| !agents.is_null())
        && let Some(base) = base.as_object_mut()
    {
        base.retain(|key, _| !FLAT.contains(&key.as_str()));
    }
    merge(&base, change)
}

/// RFC 7396, and of two alternatives the one that is given.
fn merge(base: &Value, change: &Value) -> Value {
    let Some(change) = change.as_object() else {
        return change.clone();
    };
    let mut merged = base.as_object().cloned().unwrap_or_default();
    for [one, other] in ALTERNATIVES {
        match (change.contains_key(one), change.contains_key(other)) {
            (true, false) => drop(merged.remove(other)),
            (false, true) => drop(merged.remove(one)),
            _ => {}
        }
    }
    for (key, value) in change {
        if value.is_null() {
            merged.remove(key);
        } else {
            let inner = merge(merged.get(key).unwrap_or(&Value::Null), value);
            merged.insert(key.clone(), inner);
        }
    }
    Value::Object(merged)
}
