//! The fields of the form of an agent's configuration: where each of them is in the configuration, whichever of its two
//! forms that has, and how its text is read and written. Pure.

#[cfg(test)]
mod tests;

use serde_json::{Map, Number, Value};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The agent's name.
    Name,
    /// What it is for.
    Description,
    /// What it is told.
    Prompt,
    /// Which model answers.
    Model,
    /// How freely.
    Temperature,
    /// How much at most.
    MaxTokens,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Description,
        Self::Prompt,
        Self::Model,
        Self::Temperature,
        Self::MaxTokens,
    ];

    /// The way to it inside of the part that it belongs to.
    fn way(self, home: &Value) -> &'static [&'static str] {
        match self {
            Self::Name => &["name"],
            Self::Description => &["description"],
            // Where both are given, this is the one that counts.
            Self::Prompt if home["prompt_config"]["system_prompt"].is_string() => &["prompt_config", "system_prompt"],
            Self::Prompt => &["system_prompt"],
            Self::Model => &["llm_config", "model"],
            Self::Temperature => &["llm_config", "temperature"],
            Self::MaxTokens => &["llm_config", "max_tokens"],
        }
    }

    /// Whether it belongs to the first of the agents, where there is a list of them.
    fn is_of_agent(self) -> bool {
        !matches!(self, Self::Name | Self::Description)
    }

    /// The path by which the server names it.
    pub fn path(self, config: &Value) -> String {
        let home = home(config, self);
        let way = self.way(home).join(".");
        if std::ptr::eq(home, config) {
            way
        } else {
            format!("agents[0].{way}")
        }
    }
}

fn home(config: &Value, field: Field) -> &Value {
    let first = config["agents"].get(0).filter(|_| field.is_of_agent());
    first.unwrap_or(config)
}

/// The text of a field; empty where the configuration does not have it.
pub fn read(config: &Value, field: Field) -> String {
    let home = home(config, field);
    let found = field.way(home).iter().fold(home, |value, part| &value[part]);
    match found {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Puts the text of a field in. An empty one leaves the configuration; what should be a number and is none goes in as it
/// was typed, so that the server says what is wrong with it.
pub fn write(config: &mut Value, field: Field, text: &str) {
    let way = field.way(home(config, field));
    let is_in_list = field.is_of_agent() && config["agents"].get(0).is_some();
    let home = if is_in_list { &mut config["agents"][0] } else { config };
    let Some((last, above)) = way.split_last() else {
        return;
    };
    let mut place = home;
    for part in above {
        if !place[part].is_object() {
            if text.is_empty() {
                return;
            }
            place[part] = Value::Object(Map::new());
        }
        place = &mut place[part];
    }
    if text.is_empty() && field != Field::Name {
        if let Some(place) = place.as_object_mut() {
            place.remove(*last);
        }
    } else {
        place[*last] = value(field, text);
    }
}

fn value(field: Field, text: &str) -> Value {
    let number = match field {
        Field::Temperature => text.trim().parse::<f64>().ok().and_then(Number::from_f64),
        Field::MaxTokens => text.trim().parse::<u64>().ok().map(Number::from),
        _ => None,
    };
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// The names of the knowledge bases that a configuration names.
pub fn knowledge_bases(config: &Value) -> Vec<String> {
    let home = home(config, Field::Prompt);
    let named = home["knowledge_bases"].as_array().into_iter().flatten();
    let names = named.filter_map(|base| base["name"].as_str().or(base.as_str()));
    names.map(str::to_owned).collect()
}

/// Names one more knowledge base.
pub fn add_knowledge_base(config: &mut Value, name: &str) {
    if knowledge_bases(config).iter().any(|own| own == name) {
        return;
    }
    let is_in_list = config["agents"].get(0).is_some();
    let home = if is_in_list { &mut config["agents"][0] } else { config };
    if !home["knowledge_bases"].is_array() {
        home["knowledge_bases"] = Value::Array(Vec::new());
    }
    if let Some(bases) = home["knowledge_bases"].as_array_mut() {
        bases.push(serde_json::json!({ "name": name }));
    }
}

/// What is new in a configuration, as the merge that turns the old one into it: `null` takes a field away.
pub fn patch(old: &Value, new: &Value) -> Value {
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else {
        return new.clone();
    };
    let mut changes = Map::new();
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        changes.insert(name.clone(), Value::Null);
    }
    for (name, value) in after {
        match before.get(name) {
            Some(own) if own == value => {}
            Some(own) => {
                changes.insert(name.clone(), patch(own, value));
            }
            None => {
                changes.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(changes)
}
