//! A configuration by itself, without an agent around it: as `validate` takes it and as a session may bring it.

use serde_json::Value;

use super::fields::{FieldNote, Findings};
use super::system_config;

/// Checks a configuration, flat or full, and answers it in its normalised form (what `runnable_config` reads and
/// `hash::config_hash` takes), with what was found odd but does no harm. Paths are the configuration's own.
///
/// # Errors
/// Everything that is wrong, each with its field.
pub fn read_config(value: &Value, knows: &dyn Fn(&str) -> bool) -> Result<(Value, Vec<FieldNote>), Vec<FieldNote>> {
    let findings = Findings::default();
    let config = system_config::read("", value, &findings, knows);
    let (errors, warnings) = findings.into_parts();
    match config {
        Some(config) if errors.is_empty() => Ok((config, warnings)),
        _ => Err(errors),
    }
}
