//! Tells a mistake in the settings: which setting, set where, and what is right. Values are never repeated, because
//! any of them may be a secret.

use std::fmt;
use std::path::Path;

use figment::error::{Actual, Kind, OneOf};
use figment::{Figment, Profile};

/// What is wrong with the settings, one sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    mistakes: Vec<String>,
}

impl ConfigError {
    pub(super) fn one(mistake: String) -> Self {
        Self {
            mistakes: vec![mistake],
        }
    }

    /// The sentences.
    pub fn mistakes(&self) -> &[String] {
        &self.mistakes
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mistakes.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

/// `limits.message_chars` as a variable of the environment.
pub(super) fn env_name(keys: &[&str]) -> String {
    let upper: Vec<String> = keys.iter().map(|key| key.to_ascii_uppercase()).collect();
    format!("{}{}", super::load::ENV_PREFIX, upper.join("__"))
}

/// A file that is no TOML: the line, without what stands on it.
pub(super) fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ConfigError::one(format!(
        "The file {} is not TOML in line {line}: {}.",
        path.display(),
        error.message()
    ))
}

/// Settings that do not fit their types.
pub(super) fn unreadable(error: figment::Error) -> ConfigError {
    ConfigError {
        mistakes: error.into_iter().map(|error| sentence(&error)).collect(),
    }
}

/// Settings that fit their types and still cannot be.
pub(super) fn refused(figment: &Figment, mistakes: Vec<(String, String)>) -> ConfigError {
    let tell = |(key, form): (String, String)| {
        let Some(metadata) = figment.find_metadata(&key) else {
            return format!("{key}: {form}");
        };
        let keys: Vec<&str> = key.split('.').collect();
        let name = metadata.interpolate(&Profile::Default, &keys);
        format!("{name} (in {}): {form}", source_name(&metadata.name))
    };
    ConfigError {
        mistakes: mistakes.into_iter().map(tell).collect(),
    }
}

fn source_name(name: &str) -> &str {
    // The layer of defaults is named after our own type.
    if name.contains("Settings") {
        "the defaults"
    } else {
        name
    }
}

fn sentence(error: &figment::Error) -> String {
    let key = error.path.join(".");
    let form = form_of(&key, &error.kind);
    match &error.metadata {
        Some(metadata) => {
            let name = metadata.interpolate(&Profile::Default, &error.path);
            format!("{name} (in {}): {form}", source_name(&metadata.name))
        }
        None => format!("{key}: {form}"),
    }
}

fn form_of(key: &str, kind: &Kind) -> String {
    match (key, kind) {
        (_, Kind::UnknownField(_, known)) => format!("there is no such setting; here can stand {}.", OneOf(known)),
        (_, Kind::MissingField(field)) => format!("`{field}` is missing."),
        ("listen", _) => "this must be an address with a port, such as 127.0.0.1:8080.".to_owned(),
        (key, _) if key.starts_with("trusted_proxies") => {
            "this must be a list of addresses, such as [\"10.0.0.1\"].".to_owned()
        }
        (key, _) if key.starts_with("visitor.token_secrets") => {
            "this must be a list of texts, such as [\"a long random text\"].".to_owned()
        }
        (_, Kind::UnknownVariant(_, known)) => format!("this must be {}.", OneOf(known)),
        (_, Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected)) => {
            format!("this must be {}, not {}.", expected_word(expected), found_word(found))
        }
        (_, Kind::InvalidLength(..)) => "this has the wrong length.".to_owned(),
        (_, Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_)) => "this number is out of range.".to_owned(),
        _ => "this cannot be read; `atthene default-config` shows every setting with its form.".to_owned(),
    }
}

fn expected_word(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" => "a whole number, not below 0 and not too large",
        "a boolean" => "true or false",
        "a string" | "path string" => "text",
        "a sequence" => "a list",
        "a map" => "a section",
        other => match other.strip_prefix("struct ") {
            Some(_) => "a section",
            None => other,
        },
    }
}

fn found_word(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) => "a number like this",
        Actual::Float(_) => "a number with a fraction",
        Actual::Char(_) | Actual::Str(_) => "this text",
        Actual::Seq => "a list",
        Actual::Map => "a section",
        _ => "this",
    }
}
