//! The text of a configuration, YAML or JSON, read into a plain tree within limits. Knows nothing of its fields.

use serde_json::Value;

use super::json::Tree;

/// The largest text, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// How many times aliases may be used, over the whole text.
const MAX_ALIASES: usize = 100;
/// How many nodes aliases may add, over the whole text.
const MAX_ALIASED_NODES: usize = 10_000;

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// A sentence or two that say where and what.
    pub message: String,
    /// The line, from 1 on, where it is one line's fault.
    pub line: Option<u64>,
}

impl From<String> for Unreadable {
    fn from(message: String) -> Self {
        Self { message, line: None }
    }
}

/// Reads YAML or JSON. The error is a sentence or two that says where and what.
///
/// # Errors
/// It is neither, too long, too deep, or empty.
pub fn read(text: &str) -> Result<Value, String> {
    read_located(text).map_err(|unreadable| unreadable.message)
}

/// The same, with the line of what is wrong.
///
/// # Errors
/// As `read`.
pub fn read_located(text: &str) -> Result<Value, Unreadable> {
    if text.len() > MAX_BYTES {
        let bytes = text.len();
        return Err(format!("The text is {bytes} bytes long; at most {MAX_BYTES} are read.").into());
    }
    let at = |line: usize, message: String| Unreadable {
        message,
        line: u64::try_from(line).ok(),
    };
    // JSON first: a few of its escapes (surrogate pairs) are no YAML.
    let is_like_json = text.trim_start().starts_with('{');
    let value = match serde_json::from_str::<Tree>(text) {
        Ok(Tree(value)) => value,
        // It is JSON, but says something twice.
        Err(error) if error.is_data() => return Err(at(error.line(), format!("This cannot be taken: {error}."))),
        Err(error) if is_like_json && !error.is_syntax() => {
            return Err(at(error.line(), format!("This is not JSON: {error}.")));
        }
        Err(_) => read_yaml(text)?,
    };
    if depth(&value) > MAX_DEPTH {
        return Err(too_deep().into());
    }
    if value.is_null() {
        return Err("The text is empty.".to_owned().into());
    }
    Ok(value)
}

/// Reads JSON (RFC 8259), nothing else. The error is a sentence that says where and what.
///
/// # Errors
/// It is not JSON, or nests too deep.
pub fn read_json(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| format!("The body is not JSON: {error}."))?;
    if depth(&value) > MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(value)
}

fn read_yaml(text: &str) -> Result<Value, Unreadable> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let detail = error.to_string();
        let at = error.location();
        let message = match at {
            Some(at) if !detail.contains("line") => {
                let (line, column) = (at.line(), at.column());
                format!("This is not YAML: {detail} (line {line}, column {column}).")
            }
            _ => format!("This is not YAML: {detail}."),
        };
        Unreadable {
            message,
            line: at.map(|at| at.line()).filter(|line| *line > 0),
        }
    })
}

/// How every YAML text is read, whatever for.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH + 1,
            flow_nesting_limit: MAX_DEPTH + 1,
            max_aliases: MAX_ALIASES,
            max_anchors: MAX_ALIASES,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_ALIASED_NODES,
            max_replay_stack_depth: 8,
        },
        // `yes` and `no` are words, as in YAML 1.2: what a page may do should not hang on a guess.
        strict_booleans: true,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::Reject,
        with_snippet: false,
    }
}

fn too_deep() -> String {
    format!("The text nests deeper than {MAX_DEPTH} levels.")
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
