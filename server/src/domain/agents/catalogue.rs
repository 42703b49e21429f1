//! The agents of a workspace, for those who look after them with a key: find, make, change, delete. Other workspaces'
//! agents, and those that a key is not bound to, look like none.

use std::sync::Arc;

use atthene_protocol::ids::AgentId;
use serde_json::Value;
use tokio::sync::Mutex;

use super::apply::{self, Applied, ApplyError};
use super::content_policy::check_moderation;
use super::draft::Draft;
use super::fields::FieldNote;
use super::table::GateTable;
use super::{configuration, rights};
use crate::config::Settings;
use crate::domain::clock::Clock;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::agent::Agent;
use crate::store::Store;

/// Where the configuration stands in an agent's body.
pub(super) const PATH: &str = "system_config";
pub(super) const NO_AGENT: Error = Error::NotFound("There is no such agent.");

/// The agents, over the store.
pub struct Catalogue {
    pub(super) store: Arc<dyn Store>,
    pub(super) table: Arc<GateTable>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Arc<Settings>,
    /// Held from reading an agent to saving it, so that two changes at once both count.
    pub(super) changing: Mutex<()>,
}

/// What a check of a configuration says.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The normalised configuration, where it can run.
    pub config: Option<Value>,
    /// What is wrong; none: it can run.
    pub errors: Vec<FieldNote>,
    /// What is odd, but does no harm.
    pub warnings: Vec<FieldNote>,
}

impl Catalogue {
    /// Over its seams.
    pub fn new(store: Arc<dyn Store>, table: Arc<GateTable>, clock: Arc<dyn Clock>, settings: Arc<Settings>) -> Self {
        Self {
            store,
            table,
            clock,
            settings,
            changing: Mutex::new(()),
        }
    }

    /// The agents that the key sees, by agent key.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Agent>, Error> {
        let mut agents = self.store.list_agents(&caller.key.workspace).await?;
        agents.retain(|agent| caller.key.may_run(&agent.id));
        Ok(agents)
    }

    /// Those of them whose name, agent key or origins hold all of the words, whatever their case.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn search(&self, caller: &Caller, words: &str) -> Result<Vec<Agent>, Error> {
        let words = words.to_lowercase();
        let mut agents = self.list(caller).await?;
        agents.retain(|agent| {
            let origins = agent.allowed_origins.join("\n");
            let text = format!("{}\n{}\n{origins}", agent.name, agent.agent_key).to_lowercase();
            words.split_whitespace().all(|word| text.contains(word))
        });
        Ok(agents)
    }

    /// One agent, by its id or its agent key.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn find(&self, caller: &Caller, id_or_key: &str) -> Result<Agent, Error> {
        let workspace = &caller.key.workspace;
        let by_id = self.store.find_agent(workspace, &AgentId(id_or_key.to_owned())).await?;
        let found = match by_id {
            Some(agent) => Some(agent),
            None => self.store.find_agent_by_key(workspace, id_or_key).await?,
        };
        found.filter(|agent| caller.key.may_run(&agent.id)).ok_or(NO_AGENT)
    }

    /// Makes an agent. A name that gives an agent key in use gets one with a suffix.
    ///
    /// # Errors
    /// `Malformed` with every field that is wrong, `Forbidden`, `Conflict` where the key that was asked for is taken.
    pub async fn create(&self, caller: &Caller, body: &Value) -> Result<Agent, Error> {
        let draft = Draft::from_value(body, &|model| self.knows(model)).map_err(refuse)?;
        self.check_moderation(PATH, &draft.system_config).map_err(refuse)?;
        rights::may_create(caller, &draft)?;
        let (workspace, actor) = (&caller.key.workspace, caller.key.id.as_str());
        let applied = {
            let _changing = self.changing.lock().await;
            apply::apply_new(self.store.as_ref(), workspace, &draft, self.clock.now(), actor).await
        };
        self.saved(applied).await
    }

    /// Changes an agent: what is not named stays, groups are merged, `null` takes away.
    ///
    /// # Errors
    /// `NotFound`, `Malformed` with every field that is wrong, `Forbidden`.
    pub async fn change(&self, caller: &Caller, id_or_key: &str, body: &Value) -> Result<Agent, Error> {
        let applied = {
            let _changing = self.changing.lock().await;
            let agent = self.find(caller, id_or_key).await?;
            let draft = Draft::from_change(&agent, body, &|model| self.knows(model)).map_err(refuse)?;
            if draft.config_hash != agent.config_hash {
                self.check_moderation(PATH, &draft.system_config).map_err(refuse)?;
            }
            rights::may_change(caller, &agent, &draft)?;
            let actor = caller.key.id.as_str();
            apply::apply_to(self.store.as_ref(), &agent, &draft, self.clock.now(), actor).await
        };
        self.saved(applied).await
    }

    /// Deletes an agent with its versions, sessions and knowledge.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn delete(&self, caller: &Caller, id_or_key: &str) -> Result<(), Error> {
        let deleted = {
            let _changing = self.changing.lock().await;
            let agent = self.find(caller, id_or_key).await?;
            let (workspace, actor) = (&caller.key.workspace, caller.key.id.as_str());
            apply::delete(
                self.store.as_ref(),
                workspace,
                &agent.agent_key,
                self.clock.now(),
                actor,
            )
            .await?
        };
        self.table.refresh(self.store.as_ref()).await?;
        deleted.map(drop).ok_or(NO_AGENT)
    }

    /// Checks a configuration by itself, or a whole body that holds one as `system_config`.
    pub fn check(&self, value: &Value) -> Checked {
        let knows = |model: &str| self.knows(model);
        let read = if value.get("system_config").is_some() {
            Draft::from_value(value, &knows).map(|draft| (PATH, draft.system_config, draft.warnings))
        } else {
            configuration::read_config(value, &knows).map(|(config, warnings)| ("", config, warnings))
        };
        let read = read.and_then(|(path, config, warnings)| {
            self.check_moderation(path, &config)?;
            Ok((config, warnings))
        });
        match read {
            Ok((config, warnings)) => Checked {
                config: Some(config),
                errors: Vec::new(),
                warnings,
            },
            Err(errors) => Checked {
                config: None,
                errors,
                warnings: Vec::new(),
            },
        }
    }

    pub(super) fn knows(&self, model: &str) -> bool {
        self.settings.knows_model(model)
    }

    pub(super) fn check_moderation(&self, path: &str, config: &Value) -> Result<(), Vec<FieldNote>> {
        check_moderation(path, config, self.settings.moderation.is_set())
    }

    /// The gate follows before the caller is told.
    async fn saved(&self, applied: Result<Applied, ApplyError>) -> Result<Agent, Error> {
        let applied = applied.map_err(|error| match error {
            ApplyError::KeyTaken(_) => Error::Conflict {
                code: "agent_key_taken",
                message: "This agent key is or was in use, and agent keys are never given out twice. Choose another.",
            },
            ApplyError::Gone(_) => NO_AGENT,
            ApplyError::Store(error) => error.into(),
        })?;
        self.table.refresh(self.store.as_ref()).await?;
        Ok(applied.agent)
    }
}

/// The refusal of a body.
pub(super) fn refuse(notes: Vec<FieldNote>) -> Error {
    Error::invalid_fields("invalid_agent", "The agent cannot be saved like this.", notes)
}
