//! Agents.
pub mod refusals;
pub mod table;
/// stub
pub fn runnable_config(value: &serde_json::Value) -> Result<crate::model::agent::RunnableConfig, String> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}
