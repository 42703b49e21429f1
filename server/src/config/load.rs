//! Puts the layers of settings together: defaults < file < environment < flags. What a setting may be is `validate`;
//! how a mistake is told is `report`.

use std::path::{Path, PathBuf};

use figment::providers::Serialized;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::report::{self, ConfigError};
use super::{Settings, validate};

/// The file that is read when none is named, if it is there.
pub const DEFAULT_PATH: &str = "atthene.toml";
/// What the environment's variables of ours begin with; `ATTHENE__LIMITS__MESSAGE_CHARS` sets `limits.message_chars`.
pub const ENV_PREFIX: &str = "ATTHENE__";

/// Settings that are text whatever they look like.
const TEXTS: [&str; 12] = [
    "public_url",
    "console_url",
    "console_listen",
    "database_url",
    "data_dir",
    "setup_token_file",
    "filter",
    "docs_dir",
    "api_key",
    "api_key_env",
    "base_url",
    "kind",
];

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file that was named; it must be there.
    pub file: Option<PathBuf>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// What was given on the command line: the flag, the setting, its value.
    pub flags: Vec<(&'static str, &'static str, String)>,
}

impl Sources {
    /// The process's environment, and a file.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let env =
            std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)));
        Self {
            file,
            env: env.collect(),
            flags: Vec::new(),
        }
    }
}

/// Reads all layers and checks the outcome.
///
/// # Errors
/// Every mistake, with the setting, where it was set, and the right form.
pub fn load(sources: &Sources) -> Result<Settings, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Settings::default()));
    if let Some(layer) = read_file(sources.file.as_deref())? {
        figment = figment.merge(layer);
    }
    figment = figment.merge(read_env(&sources.env)).merge(read_flags(&sources.flags));
    let settings: Settings = figment.extract().map_err(report::unreadable)?;
    match validate::check(&settings) {
        mistakes if mistakes.is_empty() => Ok(settings),
        mistakes => Err(report::refused(&figment, mistakes)),
    }
}

/// One source of settings.
struct Layer {
    metadata: Metadata,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

fn read_file(named: Option<&Path>) -> Result<Option<Layer>, ConfigError> {
    let path = named.unwrap_or(Path::new(DEFAULT_PATH));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(ConfigError::one(format!(
                "The file {} cannot be read: {error}.",
                path.display()
            )));
        }
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| report::not_toml(path, &text, &error))?;
    let values = Value::serialize(&table)
        .ok()
        .and_then(Value::into_dict)
        .unwrap_or_default();
    let metadata = Metadata::named(format!("the file {}", path.display())).interpolater(|_, keys| keys.join("."));
    Ok(Some(Layer { metadata, values }))
}

fn read_env(env: &[(String, String)]) -> Layer {
    let mut values = Dict::new();
    for (name, text) in env {
        let Some(key) = name.strip_prefix(ENV_PREFIX).filter(|key| !key.is_empty()) else {
            continue;
        };
        let path: Vec<String> = key.split("__").map(str::to_ascii_lowercase).collect();
        put(&mut values, &path, read_text(&path, text));
    }
    let metadata = Metadata::named("the environment").interpolater(|_, keys| report::env_name(keys));
    Layer { metadata, values }
}

fn read_flags(flags: &[(&'static str, &'static str, String)]) -> Layer {
    let mut values = Dict::new();
    let mut names: Vec<(String, &'static str)> = Vec::new();
    for (flag, key, text) in flags {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        put(&mut values, &path, read_text(&path, text));
        names.push(((*key).to_owned(), flag));
    }
    let metadata = Metadata::named("the command line").interpolater(move |_, keys| {
        let key = keys.join(".");
        names
            .iter()
            .find(|(known, _)| *known == key)
            .map_or(key.clone(), |(_, flag)| (*flag).to_owned())
    });
    Layer { metadata, values }
}

/// `true`, `8081` and `["a", "b"]` are what they look like, unless the setting is text.
fn read_text(path: &[String], text: &str) -> Value {
    let is_text = path.first().is_some_and(|first| first == "models")
        || path.last().is_some_and(|last| TEXTS.contains(&last.as_str()));
    if is_text {
        return Value::from(text);
    }
    text.parse().unwrap_or_else(|never| match never {})
}

fn put(values: &mut Dict, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        values.insert(first.clone(), value);
        return;
    }
    let inner = values.entry(first.clone()).or_insert_with(|| Value::from(Dict::new()));
    // A plain value in the way of a section: the section wins, and its fields are checked.
    if inner.as_dict().is_none() {
        *inner = Value::from(Dict::new());
    }
    if let Value::Dict(_, inner) = inner {
        put(inner, rest, value);
    }
}
