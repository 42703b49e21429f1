//! What somebody wants saved: the body of an agent in YAML or JSON, checked whole before anything is stored.
//! An absent setting keeps what the agent has (or the default of a new one). How it is saved is `apply`.

use atthene_protocol::widget::WidgetSettings;
use serde_json::Value;

use super::fields::{FieldNote, Fields, Findings};
use super::hash::config_hash;
use super::{body, change, key, system_config, widget};
use crate::domain::origins::{self, Entry};
use crate::model::agent::Agent;

/// A checked body.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The agent key that was asked for.
    pub agent_key: Option<String>,
    /// The name, from the configuration.
    pub name: String,
    /// Whether pages may embed it.
    pub is_public: Option<bool>,
    /// The allowed origins, canonical, each once.
    pub allowed_origins: Option<Vec<Entry>>,
    /// Whether loopback origins are added.
    pub dev_mode: Option<bool>,
    /// Whether it answers where no agent is named.
    pub is_default: Option<bool>,
    /// Whether any origin is let in.
    pub allow_any_origin: Option<bool>,
    /// The widget's settings, as a whole.
    pub widget: Option<WidgetSettings>,
    /// The most tokens per day. `Some(None)` takes the budget away.
    pub token_budget_per_day: Option<Option<u64>>,
    /// The normalised configuration; reads as `RunnableConfig`.
    pub system_config: Value,
    /// Its hash.
    pub config_hash: String,
    /// What was found odd, but does no harm.
    pub warnings: Vec<FieldNote>,
}

/// The largest budget: a number that every reader of JSON has exactly.
const MOST_BUDGET: u64 = 1_000_000_000_000;

/// Fields that an answer of ours carries and that a body may hand back: they have no say.
const READ_ONLY: [&str; 13] = [
    "id",
    "name",
    "architecture",
    "entry_point",
    "is_shared",
    "owner",
    "company",
    "version_number",
    "config_hash",
    "created_at",
    "updated_at",
    "success",
    "message",
];

impl Draft {
    /// Reads and checks a body. `knows` tells whether a model can be asked.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field.
    pub fn read(text: &str, knows: &dyn Fn(&str) -> bool) -> Result<Self, Vec<FieldNote>> {
        match body::read(text) {
            Ok(value) => Self::from_value(&value, knows),
            Err(message) => Err(vec![FieldNote {
                field: String::new(),
                message,
            }]),
        }
    }

    /// Checks a body that is a tree already.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field.
    pub fn from_value(value: &Value, knows: &dyn Fn(&str) -> bool) -> Result<Self, Vec<FieldNote>> {
        Self::check(value, |fields| read_config(fields, knows))
    }

    /// Checks a change to an agent: a body with only what changes. A configuration that does not change is not checked
    /// either: whatever became of its model, the agent can still be closed.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field.
    pub fn from_change(agent: &Agent, change: &Value, knows: &dyn Fn(&str) -> bool) -> Result<Self, Vec<FieldNote>> {
        let body = change::merged(agent, change)?;
        Self::check(&body, |fields| {
            if fields.has("system_config") {
                return read_config(fields, knows);
            }
            fields.ignore(&["system_config"]);
            Some(Config {
                name: agent.name.clone(),
                hash: agent.config_hash.clone(),
                value: agent.system_config.clone(),
            })
        })
    }

    fn check(value: &Value, read: impl FnOnce(&Fields<'_>) -> Option<Config>) -> Result<Self, Vec<FieldNote>> {
        let findings = Findings::default();
        let draft = Fields::of("", value, &findings).and_then(|fields| read_fields(fields, read));
        let (errors, warnings) = findings.into_parts();
        match draft {
            Some(draft) if errors.is_empty() => Ok(Self { warnings, ..draft }),
            _ => Err(errors),
        }
    }
}

/// A checked configuration.
struct Config {
    name: String,
    hash: String,
    value: Value,
}

/// The configuration as a group of fields, or as a text in YAML or JSON.
fn read_config(fields: &Fields<'_>, knows: &dyn Fn(&str) -> bool) -> Option<Config> {
    const PATH: &str = "system_config";
    let is_bare = !fields.has("system_config") && (fields.has("agent_type") || fields.has("agents"));
    let value = match fields.value("system_config") {
        Some(Value::String(text)) => {
            let read = body::read(text).map_err(|message| fields.error(PATH, message)).ok()?;
            system_config::read(PATH, &read, fields.findings(), knows)?
        }
        Some(value) => system_config::read(PATH, value, fields.findings(), knows)?,
        None if is_bare => {
            fields.error(
                "system_config",
                "This is missing: put the whole configuration under `system_config:`.",
            );
            return None;
        }
        None => {
            fields.error(
                "system_config",
                "This is missing: the agent's configuration stands under it.",
            );
            return None;
        }
    };
    Some(Config {
        name: value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        hash: config_hash(&value),
        value,
    })
}

fn read_fields(fields: Fields<'_>, read: impl FnOnce(&Fields<'_>) -> Option<Config>) -> Option<Draft> {
    let config = read(&fields);
    let agent_key = fields.line("agent_key", 2 * key::MAX_KEY_CHARS).map(str::to_owned);
    if let Some(problem) = agent_key.as_deref().and_then(key::problem) {
        fields.error("agent_key", problem);
    }
    let is_public = fields.flag("is_public");
    let allowed_origins = read_origins(&fields);
    let dev_mode = fields.flag("dev_mode");
    let is_default = fields.flag("is_default");
    let allow_any_origin = fields.flag("allow_any_origin");
    let token_budget_per_day = read_budget(&fields);
    let widget = fields.object("widget").map(widget::read);
    fields.ignore(&READ_ONLY);
    warn_of_any_origin(&fields, allow_any_origin);
    fields.finish();
    let config = config?;
    Some(Draft {
        agent_key,
        name: config.name,
        is_public,
        allowed_origins,
        dev_mode,
        is_default,
        allow_any_origin,
        widget,
        token_budget_per_day,
        config_hash: config.hash,
        system_config: config.value,
        warnings: Vec::new(),
    })
}

/// A number, or `null` for no budget; 0 stops the agent.
fn read_budget(fields: &Fields<'_>) -> Option<Option<u64>> {
    const BUDGET: &str = "token_budget_per_day";
    if fields.is_null(BUDGET) {
        fields.ignore(&[BUDGET]);
        return Some(None);
    }
    let value = fields.value(BUDGET)?;
    let budget = value.as_u64().filter(|budget| *budget <= MOST_BUDGET);
    if budget.is_none() {
        let form = format!("This must be a whole number of tokens from 0 to {MOST_BUDGET}, or null for no budget.");
        fields.error(BUDGET, form);
    }
    budget.map(Some)
}

fn warn_of_any_origin(fields: &Fields<'_>, allow_any_origin: Option<bool>) {
    if allow_any_origin == Some(true) {
        fields.findings().warn(
            "allow_any_origin",
            "Any web site can embed this agent now, whatever the list says.",
        );
    }
}

/// `origin_url` is the first of the list; alone it is the list.
fn read_origins(fields: &Fields<'_>) -> Option<Vec<Entry>> {
    let first = fields
        .value("origin_url")
        .map(|value| value.as_str().unwrap_or_default().to_owned());
    let first = first.map(|text| ("origin_url".to_owned(), text));
    let list = fields.texts("allowed_origins");
    if first.is_none() && list.is_none() {
        return None;
    }
    let listed = list.unwrap_or_default();
    let listed = listed
        .into_iter()
        .enumerate()
        .map(|(index, text)| (format!("allowed_origins[{index}]"), text));
    let (paths, texts): (Vec<String>, Vec<String>) = first.into_iter().chain(listed).unzip();
    match origins::parse_list(&texts) {
        Ok(entries) => Some(entries),
        Err(errors) => {
            for (index, error) in errors {
                let path = paths.get(index).map_or("allowed_origins", String::as_str);
                fields.error(path, error.to_string());
            }
            None
        }
    }
}
