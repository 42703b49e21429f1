//! A configuration as a text that people read and change. What it says is read back as the same configuration.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::body;
use super::hash::config_hash;

/// In this order people think of it; what is not named here follows.
const FIRST: [&str; 4] = ["name", "description", "agent_type", "system_prompt"];

/// Trees deeper than this are not written as YAML, nor looked for in its text: each level of either costs kilobytes of the
/// stack, and a body may have 64 of them.
const DEEPEST: usize = 24;

/// Texts longer than this are not written as YAML, nor looked through for lines: nobody edits them by hand, and reading
/// one takes a second.
pub(super) const MOST_BYTES: usize = 128 * 1024;

/// Whether a tree is too deep for more than being read.
pub fn is_deep(value: &Value) -> bool {
    is_deeper(value, DEEPEST)
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let is_below = |item: &Value| levels == 0 || is_deeper(item, levels - 1);
    match value {
        Value::Array(items) => items.iter().any(is_below),
        Value::Object(fields) => fields.values().any(is_below),
        _ => false,
    }
}

/// The text. Where YAML would not be read back as the same, or is too long or too deep, it is JSON, which is YAML too.
pub fn to_yaml(config: &Value) -> String {
    let json = serde_json::to_string_pretty(config).unwrap_or_else(|_| config.to_string());
    if json.len() > MOST_BYTES || is_deep(config) {
        return json;
    }
    let options = serde_saphyr::ser_options! {
        // Lines stay as they were written: a prompt is not folded.
        folded_wrap_chars: usize::MAX,
    };
    let text = serde_saphyr::to_string_with_options(&Ordered(config), options).ok();
    let is_same = |text: &String| body::read(text).is_ok_and(|back| config_hash(&back) == config_hash(config));
    text.filter(is_same).unwrap_or(json)
}

/// The outermost group in its order.
struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(fields) = self.0.as_object() else {
            return self.0.serialize(serializer);
        };
        let first = FIRST.iter().filter_map(|key| fields.get_key_value(*key));
        let others = fields.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (key, value) in first.chain(others) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
