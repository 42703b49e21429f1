//! Agents and what belongs to one.

use gloo_net::http::Method;
use serde_json::{Value, json};

use super::Failure;
use super::client::{Body, get, send, tell};
use super::types::{
    Added, Agent, Checked, Embed, Knowledge, ModelTested, NewAgent, OriginSeen, OriginTested, Preview, Settings, Trace,
    Usage, Version,
};
use crate::route::escaped;

fn at(agent: &str, rest: &str) -> String {
    format!("/agent/{}{rest}", escaped(agent))
}

/// Every agent.
///
/// # Errors
/// As the client says.
pub async fn list_agents() -> Result<Vec<Agent>, Failure> {
    get("/agent").await
}

/// One agent by its key.
///
/// # Errors
/// As the client says.
pub async fn find_agent(agent: &str) -> Result<Agent, Failure> {
    get(&at(agent, "")).await
}

/// Makes an agent.
///
/// # Errors
/// Fields, and as the client says.
pub async fn create_agent(new: &NewAgent) -> Result<Agent, Failure> {
    send(Method::POST, "/agent", Body::json(new)).await
}

/// Changes an agent; `system_config` is merged into what it has.
///
/// # Errors
/// Fields, and as the client says.
pub async fn change_agent(agent: &str, change: &Value) -> Result<Agent, Failure> {
    send(Method::PATCH, &at(agent, ""), Body::json(change)).await
}

/// Removes an agent.
///
/// # Errors
/// As the client says.
pub async fn delete_agent(agent: &str) -> Result<(), Failure> {
    tell(Method::DELETE, &at(agent, ""), Body::None).await
}

/// Holds a configuration against the rules; it may be JSON or YAML.
///
/// # Errors
/// As the client says; a configuration that cannot run is no failure.
pub async fn check_config(body: Body) -> Result<Checked, Failure> {
    send(Method::POST, "/agent/validate", body).await
}

/// Every version, the latest first.
///
/// # Errors
/// As the client says.
pub async fn list_versions(agent: &str) -> Result<Vec<Version>, Failure> {
    get(&at(agent, "/versions")).await
}

/// One version with its configuration.
///
/// # Errors
/// As the client says.
pub async fn find_version(agent: &str, number: u32) -> Result<Version, Failure> {
    get(&at(agent, &format!("/versions/{number}"))).await
}

/// Makes a version the one that answers.
///
/// # Errors
/// As the client says.
pub async fn deploy_version(agent: &str, number: u32) -> Result<Agent, Failure> {
    send(
        Method::POST,
        &at(agent, &format!("/versions/{number}/deploy")),
        Body::None,
    )
    .await
}

/// Asks the real gate about an origin.
///
/// # Errors
/// As the client says.
pub async fn test_origin(agent: &str, origin: &str) -> Result<OriginTested, Failure> {
    let body = json!({ "origin": origin });
    send(Method::POST, &at(agent, "/origins/test"), Body::json(&body)).await
}

/// The origins of late.
///
/// # Errors
/// As the client says.
pub async fn seen_origins(agent: &str) -> Result<Vec<OriginSeen>, Failure> {
    get(&at(agent, "/origins/seen")).await
}

/// An agent key for the widget in the console; without a configuration, of the deployed version.
///
/// # Errors
/// As the client says.
pub async fn preview(agent: &str, draft: Option<&Value>, version: u32) -> Result<Preview, Failure> {
    let body = match draft {
        Some(config) => json!({ "draft": { "system_config": config } }),
        None => json!({ "version": version }),
    };
    send(Method::POST, &at(agent, "/preview"), Body::json(&body)).await
}

/// What is pasted into a page.
///
/// # Errors
/// As the client says.
pub async fn embed(agent: &str) -> Result<Embed, Failure> {
    get(&at(agent, "/embed")).await
}

/// What an agent may look up.
///
/// # Errors
/// As the client says.
pub async fn knowledge(agent: &str) -> Result<Knowledge, Failure> {
    get(&at(agent, "/knowledge")).await
}

/// Adds a file to a knowledge base.
///
/// # Errors
/// As the client says; a file that cannot be read is a problem in the answer.
pub async fn add_knowledge(agent: &str, base: &str, file: &web_sys::File) -> Result<Added, Failure> {
    let form = web_sys::FormData::new().map_err(|_| Failure::default())?;
    let is_filled = form.append_with_str("base", base).is_ok()
        && form.append_with_blob_and_filename("file", file, &file.name()).is_ok();
    if !is_filled {
        return Err(Failure::default());
    }
    send(Method::POST, &at(agent, "/knowledge"), Body::Form(form)).await
}

/// Takes a document out of a knowledge base.
///
/// # Errors
/// As the client says.
pub async fn remove_knowledge(agent: &str, base: &str, document: &str) -> Result<(), Failure> {
    let rest = format!("/knowledge/{}/{}", escaped(base), escaped(document));
    tell(Method::DELETE, &at(agent, &rest), Body::None).await
}

/// Figures of the last days, of one agent or of all.
///
/// # Errors
/// As the client says.
pub async fn usage(days: u32, agent: Option<&str>) -> Result<Usage, Failure> {
    let of_agent = agent
        .map(|key| format!("&agent_key={}", escaped(key)))
        .unwrap_or_default();
    get(&format!("/usage?days={days}{of_agent}")).await
}

/// The latest traces of an agent.
///
/// # Errors
/// As the client says.
pub async fn latest_traces(query: &str) -> Result<Vec<Trace>, Failure> {
    get(&format!("/traces?{query}")).await
}

/// What can be chosen from.
///
/// # Errors
/// As the client says.
pub async fn settings() -> Result<Settings, Failure> {
    get("/settings").await
}

/// Asks a model for a word.
///
/// # Errors
/// As the client says; a model that does not answer is no failure.
pub async fn test_model(model: &str) -> Result<ModelTested, Failure> {
    send(Method::POST, "/providers/test", Body::json(&json!({ "model": model }))).await
}
