//! The versions of an agent's configuration: reading them, and going back to one. A version that is deployed keeps its
//! number; the next change gets the number after the highest.

use serde_json::json;

use super::apply::record;
use super::catalogue::{Catalogue, NO_AGENT};
use super::configuration::read_config;
use super::fields::FieldNote;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::agent::{Agent, AgentVersion};
use crate::model::time::Timestamp;

const NO_VERSION: Error = Error::NotFound("This agent has no such version.");

impl Catalogue {
    /// An agent and its versions, the latest first.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn list_versions(&self, caller: &Caller, agent: &str) -> Result<(Agent, Vec<AgentVersion>), Error> {
        let agent = self.find(caller, agent).await?;
        let versions = self.store.list_agent_versions(&agent.workspace, &agent.id).await?;
        Ok((agent, versions))
    }

    /// An agent and one of its versions, by its number.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn find_version(
        &self,
        caller: &Caller,
        agent: &str,
        number: &str,
    ) -> Result<(Agent, AgentVersion), Error> {
        let agent = self.find(caller, agent).await?;
        let number: u32 = number.parse().map_err(|_| NO_VERSION)?;
        let version = self
            .store
            .find_agent_version(&agent.workspace, &agent.id, number)
            .await?;
        version.map(|version| (agent, version)).ok_or(NO_VERSION)
    }

    /// Makes a version the agent's configuration again. Sessions that run keep theirs.
    ///
    /// # Errors
    /// `NotFound`, `Malformed` where it cannot run any more, `Internal`.
    pub async fn deploy(&self, caller: &Caller, agent: &str, number: &str) -> Result<Agent, Error> {
        let _changing = self.changing.lock().await;
        let (current, version) = self.find_version(caller, agent, number).await?;
        if version.version_number == current.version_number {
            return Ok(current);
        }
        self.check_runs(&version)
            .map_err(|notes| cannot_run(version.version_number, notes))?;
        let deployed = with_version(&current, version, self.clock.now());
        if !self.store.update_agent(&deployed).await? {
            return Err(NO_AGENT);
        }
        let detail = json!({
            "before": current.version_number,
            "version": deployed.version_number,
            "config_hash": deployed.config_hash,
        });
        let (store, actor) = (self.store.as_ref(), caller.key.id.as_str());
        let action = "agent.version_deployed";
        record(store, &deployed, deployed.updated_at, actor, action, detail).await?;
        self.table.refresh(store).await?;
        Ok(deployed)
    }

    /// Whether a version could still be asked: models go away, and so does the moderation endpoint.
    pub(super) fn check_runs(&self, version: &AgentVersion) -> Result<(), Vec<FieldNote>> {
        let checked = read_config(&version.system_config, &|model| self.knows(model));
        checked.and_then(|(config, _)| self.check_moderation("", &config))
    }
}

pub(super) fn cannot_run(version: u32, notes: Vec<FieldNote>) -> Error {
    let message = format!("Version {version} cannot run any more.");
    Error::invalid_fields("invalid_configuration", message, notes)
}

fn with_version(current: &Agent, version: AgentVersion, now: Timestamp) -> Agent {
    let name = version.system_config["name"]
        .as_str()
        .unwrap_or(&current.name)
        .to_owned();
    Agent {
        name,
        system_config: version.system_config,
        config_hash: version.config_hash,
        version_number: version.version_number,
        updated_at: now,
        ..current.clone()
    }
}
