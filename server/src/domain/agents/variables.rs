//! What is given with an execution (`inputs`) put together with what a session has kept. Pure; who keeps it is the
//! caller's business. Defaults are not put in here: they are text of the configuration and stay with it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::declared::SEPARATOR;
use super::fields::FieldNote;
use crate::model::agent::{Variable, VariableKind, VariableMode};

/// The most that a session keeps in variables, in bytes of JSON.
pub const MAX_KEPT_BYTES: usize = 256 * 1024;

const NOT_FOR_VISITORS: &str = "There is no such variable that a visitor can set.";

/// Who gives the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// A visitor, who may set only what the configuration marks `visitor: true`.
    Visitor,
    /// The holder of an API key.
    Api,
}

/// Why inputs are refused, each with its field, such as `inputs.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputsRefused {
    /// Something in them cannot be: unknown, of the wrong type, not for visitors, too much. A 422.
    Wrong(Vec<FieldNote>),
    /// Something is not in them and must be. A 400.
    Missing(Vec<FieldNote>),
}

impl InputsRefused {
    /// What is wrong.
    pub fn notes(&self) -> &[FieldNote] {
        match self {
            Self::Wrong(notes) | Self::Missing(notes) => notes,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wrong(_) => "inputs",
            Self::Missing(_) => "inputs_missing",
        }
    }
}

/// What the session has to keep from now on, and the runner to be given.
///
/// An input that is `null` counts as not given.
///
/// # Errors
/// The inputs are refused as a whole; what was kept stays as it was.
pub fn merge(
    declared: &BTreeMap<String, Variable>,
    kept: &Map<String, Value>,
    inputs: &Map<String, Value>,
    by: Giver,
) -> Result<Map<String, Value>, InputsRefused> {
    let mut merged = kept.clone();
    let mut wrong = Vec::new();
    for (name, value) in inputs {
        match declared.get(name) {
            // Unknown and not for them look the same to a visitor.
            Some(variable) if by == Giver::Visitor && !variable.visitor => {
                wrong.push(note(name, NOT_FOR_VISITORS));
            }
            None if by == Giver::Visitor => wrong.push(note(name, NOT_FOR_VISITORS)),
            None => wrong.push(note(name, "The agent has no such variable.")),
            Some(_) if value.is_null() => {}
            Some(variable) if !variable.kind.fits(value) => {
                wrong.push(note(
                    name,
                    &format!("This must be of the type {}.", variable.kind.as_str()),
                ));
            }
            Some(variable) => {
                let value = match kept.get(name) {
                    Some(before) if variable.mode == VariableMode::Concat => join(variable, before, value),
                    _ => value.clone(),
                };
                merged.insert(name.clone(), value);
            }
        }
    }
    if Value::Object(merged.clone()).to_string().len() > MAX_KEPT_BYTES {
        wrong.push(FieldNote {
            field: "inputs".to_owned(),
            message: format!("A session keeps at most {MAX_KEPT_BYTES} bytes of variables; give less."),
        });
    }
    if !wrong.is_empty() {
        return Err(InputsRefused::Wrong(wrong));
    }
    let missing = missing(declared, &merged, inputs);
    if missing.is_empty() {
        Ok(merged)
    } else {
        Err(InputsRefused::Missing(missing))
    }
}

fn missing(
    declared: &BTreeMap<String, Variable>,
    merged: &Map<String, Value>,
    inputs: &Map<String, Value>,
) -> Vec<FieldNote> {
    let is_given = |name: &str| inputs.get(name).is_some_and(|value| !value.is_null());
    declared
        .iter()
        .filter_map(|(name, variable)| {
            if variable.require_every_execution && !is_given(name) {
                return Some(note(
                    name,
                    "This variable must be given with every execution; it is missing.",
                ));
            }
            let has_value = merged.contains_key(name) || variable.default.is_some();
            (variable.required && !has_value).then(|| note(name, "This variable is required and missing."))
        })
        .collect()
}

fn join(variable: &Variable, before: &Value, value: &Value) -> Value {
    match (variable.kind, before, value) {
        (VariableKind::String, Value::String(before), Value::String(value)) => {
            let separator = variable.separator.as_deref().unwrap_or(SEPARATOR);
            Value::String(format!("{before}{separator}{value}"))
        }
        (VariableKind::Array, Value::Array(before), Value::Array(value)) => {
            Value::Array(before.iter().chain(value).cloned().collect())
        }
        _ => value.clone(),
    }
}

fn note(name: &str, message: &str) -> FieldNote {
    FieldNote {
        field: format!("inputs.{name}"),
        message: message.to_owned(),
    }
}
