//! The variables that a configuration declares: read, checked, brought to one form. How values are given to them is
//! `variables`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::Fields;
use crate::model::agent::{Variable, VariableKind, VariableMode};
use crate::runner::template::{self, Filler, Values};

const MAX_VARIABLES: usize = 100;
const MAX_DEFAULT_BYTES: usize = 100_000;
const MAX_SEPARATOR_CHARS: usize = 100;
const MAX_DESCRIPTION_CHARS: usize = 2_000;
const KINDS: [VariableKind; 5] = [
    VariableKind::String,
    VariableKind::Number,
    VariableKind::Boolean,
    VariableKind::Object,
    VariableKind::Array,
];
const KIND_FORM: &str = "string, number, boolean, object or array";

/// What joins texts where nothing else is said.
pub(super) const SEPARATOR: &str = "\n";

/// Reads `variables`; the templates in their defaults are checked too.
pub(super) fn read(configuration: &Fields<'_>) -> BTreeMap<String, Variable> {
    let Some(fields) = configuration.object("variables") else {
        return BTreeMap::new();
    };
    if fields.entries().count() > MAX_VARIABLES {
        configuration.error("variables", format!("There may be at most {MAX_VARIABLES} variables."));
        return BTreeMap::new();
    }
    let mut declared = BTreeMap::new();
    for (name, value) in fields.entries() {
        if !template::is_variable_name(name) {
            fields.error(
                name,
                "A variable's name is 1 to 64 letters, digits and `_`, and does not begin with a digit.",
            );
            continue;
        }
        if let Some(of_variable) = Fields::of(fields.path_of(name), value, fields.findings()) {
            // One that is wrong counts as declared, so that templates which name it are not refused as well.
            declared.insert(name.clone(), read_one(of_variable));
        }
    }
    check_defaults(&fields, &declared);
    declared
}

fn read_one(fields: Fields<'_>) -> Variable {
    let kind = read_kind(&fields);
    let default = fields.value("default");
    if let (Some(kind), Some(value)) = (kind, default) {
        if !kind.fits(value) {
            fields.error(
                "default",
                format!("This must be of the type {}, as the variable is.", kind.as_str()),
            );
        } else if value.to_string().len() > MAX_DEFAULT_BYTES {
            fields.error(
                "default",
                format!("This is too long; at most {MAX_DEFAULT_BYTES} bytes are allowed."),
            );
        }
    }
    let mode = match fields.choice("mode", &["replace", "concat"]) {
        Some("concat") => VariableMode::Concat,
        _ => VariableMode::Replace,
    };
    let is_joined = mode == VariableMode::Concat;
    if is_joined && kind.is_some_and(|kind| !matches!(kind, VariableKind::String | VariableKind::Array)) {
        fields.error(
            "mode",
            "Only variables of the type string or array can be joined; write replace.",
        );
    }
    let separator = fields.text("separator", MAX_SEPARATOR_CHARS);
    if separator.is_some() && !(is_joined && kind.is_none_or(|kind| kind == VariableKind::String)) {
        fields.error(
            "separator",
            "Only a string with `mode: concat` has a separator; take this out.",
        );
    }
    let variable = Variable {
        kind: kind.unwrap_or_default(),
        default: default.cloned(),
        required: fields.flag("required").unwrap_or(false),
        require_every_execution: fields.flag("require_every_execution").unwrap_or(false),
        visitor: fields.flag("visitor").unwrap_or(false),
        mode,
        separator: separator.filter(|text| *text != SEPARATOR).map(str::to_owned),
        description: fields.text("description", MAX_DESCRIPTION_CHARS).map(str::to_owned),
    };
    fields.finish();
    variable
}

fn read_kind(fields: &Fields<'_>) -> Option<VariableKind> {
    let Some(word) = fields.value("type") else {
        fields.error("type", format!("This is missing; write {KIND_FORM}."));
        return None;
    };
    let kind = KINDS.into_iter().find(|kind| word.as_str() == Some(kind.as_str()));
    if kind.is_none() {
        fields.error("type", format!("This must be {KIND_FORM}."));
    }
    kind
}

/// A default is text of the configuration: its templates must be right, and come to an end.
fn check_defaults(fields: &Fields<'_>, declared: &BTreeMap<String, Variable>) {
    for (name, variable) in declared {
        if let Some(Value::String(text)) = &variable.default {
            check_template(fields, &format!("{name}.default"), text, declared);
        }
    }
}

/// Refuses templates in a text of the configuration that cannot be filled in.
pub(super) fn check_template(fields: &Fields<'_>, key: &str, text: &str, declared: &BTreeMap<String, Variable>) {
    for problem in template::problems(text, declared) {
        fields.error(key, problem);
    }
    let given = Map::new();
    let values = Values {
        user_input: "",
        history: "",
        given: &given,
        declared,
    };
    if let Err(error) = Filler::new(values).fill(text) {
        fields.error(key, format!("This cannot be filled in: {error}."));
    }
}
