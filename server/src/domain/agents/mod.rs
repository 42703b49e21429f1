//! Agents: validation of what is saved, the hash of a configuration, versions, and the table that the gate asks.
//! How a configuration runs is the runner's business.

pub mod apply;
pub mod body;
pub mod catalogue;
mod change;
mod configuration;
mod content_policy;
mod declared;
pub mod draft;
mod fields;
pub mod hash;
mod json;
pub mod key;
pub mod lines;
mod llm_agent;
mod models;
pub mod preview;
mod prompt;
pub mod refusals;
mod refused;
mod rights;
pub mod sightings;
mod system_config;
pub mod table;
mod tools;
pub mod variables;
pub mod versions;
mod widget;
pub mod yaml;

pub use apply::{Applied, ApplyError, Change, apply, delete};
pub use catalogue::Catalogue;
pub use configuration::read_config;
pub use content_policy::check_moderation;
pub use draft::Draft;
pub use fields::FieldNote;
pub use llm_agent::{BASE_NAME_FORM, is_base_name};
pub use models::ModelState;
pub use preview::PreviewWish;
pub use table::{GateEntry, GateTable};

use crate::model::agent::RunnableConfig;

/// What the runner needs of a stored configuration.
///
/// # Errors
/// The configuration was not written by `Draft`.
pub fn runnable_config(system_config: &serde_json::Value) -> Result<RunnableConfig, String> {
    serde_json::from_value(system_config.clone()).map_err(|error| error.to_string())
}
