//! The demo agent: made on the first start like any other agent, from a body that anybody could write. Its page is
//! `serve::demo`.

use std::path::Path;

use atthene_protocol::ids::WorkspaceId;
use serde_json::{Value, json};

use super::agents::{Applied, ApplyError, Draft, apply};
use super::knowledge::{self, AddError, Progress, Report};
use crate::model::agent::Agent;
use crate::model::time::Timestamp;
use crate::store::{Store, StoreError};

/// The demo agent's key.
pub const AGENT_KEY: &str = "demo";
/// What it knows, by name.
pub const BASE: &str = "docs";
const ACTOR: &str = "demo";

/// Why there is no demo agent.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Our own body was refused: the settings give it an origin that cannot be one.
    #[error("the demo agent was refused: {0}")]
    Refused(String),
    /// It could not be saved.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Its knowledge could not be read.
    #[error(transparent)]
    Knowledge(#[from] AddError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The body of the demo agent.
pub fn body(allowed_origin: &str) -> Value {
    json!({
        "agent_key": AGENT_KEY,
        "is_public": true,
        "dev_mode": false,
        "allowed_origins": [allowed_origin],
        "system_config": {
            "name": "Support Assistant",
            "agent_type": "llm_agent",
            "system_prompt": "You answer questions about AttheneChat, the chat widget on this page, from its documentation. Be short and exact. Say so when the documentation does not hold the answer.",
            "llm_config": { "model": "builtin" },
            "knowledge_bases": [{ "name": BASE }],
        },
        "widget": {
            "title": "Support Assistant",
            "subtitle": "Ask about the widget",
            "welcomeMessage": "Hello. I answer from the documentation of AttheneChat. What would you like to know?",
            "starterPrompts": [
                "How do I embed the widget in my site?",
                "Which options does init take?",
                "Why does the widget not show on my page?",
            ],
        },
    })
}

/// Makes the demo agent if it is not there. One that was changed stays as it is; a deleted one stays deleted (an
/// `ApplyError::KeyTaken`).
///
/// # Errors
/// It could not be made.
pub async fn make_agent(store: &dyn Store, allowed_origin: &str, now: Timestamp) -> Result<Agent, DemoError> {
    let workspace = WorkspaceId::default_workspace();
    if let Some(agent) = store.find_agent_by_key(&workspace, AGENT_KEY).await? {
        return Ok(agent);
    }
    let draft = Draft::from_value(&body(allowed_origin), &|model| model == crate::config::BUILTIN_MODEL)
        .map_err(|notes| DemoError::Refused(notes.into_iter().map(|note| note.message).collect()))?;
    let Applied { agent, .. } = apply(store, &workspace, &draft, now, ACTOR).await?;
    Ok(agent)
}

/// Brings what it knows up to date with a folder.
///
/// # Errors
/// The folder cannot be read, or the store failed.
pub async fn fill_knowledge(
    store: &dyn Store,
    agent: &Agent,
    folder: &Path,
    now: Timestamp,
) -> Result<Report, DemoError> {
    let mut quiet = |_: Progress| {};
    Ok(knowledge::add_folder(store, &agent.workspace, &agent.id, BASE, folder, now, &mut quiet).await?)
}
