//! Reads the fields of a tree one by one and keeps what was found wrong, each with its path. Knows no field by name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Something to say about a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldNote {
    /// Its path, for example `system_config.llm_config.model`; empty for the whole.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    errors: RefCell<Vec<FieldNote>>,
    warnings: RefCell<Vec<FieldNote>>,
}

impl Findings {
    /// Refuses.
    pub(super) fn error(&self, field: impl Into<String>, message: impl Into<String>) {
        let note = FieldNote {
            field: field.into(),
            message: message.into(),
        };
        let mut errors = self.errors.borrow_mut();
        // Two readers may look at one field; one sentence is enough.
        if !errors.contains(&note) {
            errors.push(note);
        }
    }

    /// Warns.
    pub(super) fn warn(&self, field: impl Into<String>, message: impl Into<String>) {
        let note = FieldNote {
            field: field.into(),
            message: message.into(),
        };
        self.warnings.borrow_mut().push(note);
    }

    /// Errors, then warnings.
    pub(super) fn into_parts(self) -> (Vec<FieldNote>, Vec<FieldNote>) {
        (self.errors.into_inner(), self.warnings.into_inner())
    }
}

/// One object of the tree. A field that is `null` counts as absent.
pub(super) struct Fields<'a> {
    path: String,
    map: &'a Map<String, Value>,
    seen: RefCell<BTreeSet<&'static str>>,
    findings: &'a Findings,
}

/// `a.b`, `a[0]`, or just `b` at the top.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

impl<'a> Fields<'a> {
    /// The fields of `value`, or an error at `path`.
    pub(super) fn of(path: impl Into<String>, value: &'a Value, findings: &'a Findings) -> Option<Self> {
        let path = path.into();
        match value.as_object() {
            Some(map) => Some(Self {
                path,
                map,
                seen: RefCell::default(),
                findings,
            }),
            None => {
                findings.error(path, "This must be a group of `key: value` pairs.");
                None
            }
        }
    }

    /// The path of one of its fields.
    pub(super) fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Refuses one of its fields.
    pub(super) fn error(&self, key: &str, message: impl Into<String>) {
        self.findings.error(self.path_of(key), message);
    }

    /// Where findings go.
    pub(super) fn findings(&self) -> &'a Findings {
        self.findings
    }

    /// Whether a field is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    /// Whether a field is there and says `null`.
    pub(super) fn is_null(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(Value::is_null)
    }

    /// A field as it is; from now on its key is known.
    pub(super) fn value(&self, key: &'static str) -> Option<&'a Value> {
        self.seen.borrow_mut().insert(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// All fields, whatever they are called.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.map.iter()
    }

    fn typed<T>(&self, key: &'static str, form: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let typed = read(value);
        if typed.is_none() {
            self.error(key, format!("This must be {form}."));
        }
        typed
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
    }

    /// A number within bounds.
    pub(super) fn number(&self, key: &'static str, least: f64, most: f64) -> Option<f64> {
        let form = format!("a number from {least} to {most}");
        self.typed(key, &form, |value| {
            value.as_f64().filter(|number| (least..=most).contains(number))
        })
    }

    /// A whole number within bounds.
    pub(super) fn whole_number(&self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        let form = format!("a whole number from {least} to {most}");
        self.typed(key, &form, |value| {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok())?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// Text of at most so many characters, without control characters other than line breaks and tabs.
    pub(super) fn text(&self, key: &'static str, most_chars: usize) -> Option<&'a str> {
        let text = self.typed(key, "text", Value::as_str)?;
        if let Some(problem) = text_problem(text, most_chars) {
            self.error(key, problem);
            return None;
        }
        Some(text)
    }

    /// Text on one line, with its outer blanks cut off; blank text is refused.
    pub(super) fn line(&self, key: &'static str, most_chars: usize) -> Option<&'a str> {
        let text = self.text(key, most_chars)?.trim();
        if text.is_empty() || text.contains(char::is_control) {
            self.error(key, "This must be one line of text, not empty.");
            return None;
        }
        Some(text)
    }

    /// One of a few words.
    pub(super) fn choice(&self, key: &'static str, words: &[&str]) -> Option<&'a str> {
        let form = words.join(" or ");
        self.typed(key, &form, |value| value.as_str().filter(|word| words.contains(word)))
    }

    /// A list.
    pub(super) fn list(&self, key: &'static str) -> Option<&'a [Value]> {
        self.typed(key, "a list", |value| value.as_array().map(Vec::as_slice))
    }

    /// A list of texts; each that is none is refused by its index.
    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        let items = self.list(key)?;
        let texts: Vec<String> = items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect();
        if texts.len() == items.len() {
            return Some(texts);
        }
        for (index, _) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
            self.error(&format!("{key}[{index}]"), "This must be text.");
        }
        None
    }

    /// An object inside.
    pub(super) fn object(&self, key: &'static str) -> Option<Fields<'a>> {
        let value = self.value(key)?;
        Fields::of(self.path_of(key), value, self.findings)
    }

    /// Keys that are known, but say nothing here.
    pub(super) fn ignore(&self, keys: &[&'static str]) {
        self.seen.borrow_mut().extend(keys);
    }

    /// Warns of every key that nobody asked for.
    pub(super) fn finish(self) {
        let seen = self.seen.into_inner();
        for key in self.map.keys().filter(|key| !seen.contains(key.as_str())) {
            self.findings
                .warn(join(&self.path, key), "This key is not known; it has no effect.");
        }
    }
}

fn text_problem(text: &str, most_chars: usize) -> Option<String> {
    let count = text.chars().count();
    if count > most_chars {
        return Some(format!(
            "This is {count} characters long; at most {most_chars} are allowed."
        ));
    }
    let is_bad = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    text.contains(is_bad)
        .then(|| "This holds control characters; take them out.".to_owned())
}
