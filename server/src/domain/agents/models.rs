//! The models as those who look after agents see them: what the settings name, and what agents ask for beside that.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use crate::config::BUILTIN_MODEL;
use crate::domain::error::Error;
use crate::domain::keys::Caller;

/// A model, or the name of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelState {
    /// How an agent's configuration names it.
    pub name: String,
    /// The provider of the settings that is asked.
    pub provider: String,
    /// The whole name, `provider/name`.
    pub target: String,
    /// Why it cannot be asked.
    pub problem: Option<String>,
}

impl Catalogue {
    /// `builtin`, the short names of the settings, and every other model that an agent's configuration names.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list_models(&self, caller: &Caller) -> Result<Vec<ModelState>, Error> {
        let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for agent in self.list(caller).await? {
            let model = agent.system_config["llm_config"]["model"].as_str().unwrap_or_default();
            users.entry(model.to_owned()).or_default().push(agent.agent_key);
        }
        let short = self.settings.models.keys();
        let mut names: Vec<String> = std::iter::once(BUILTIN_MODEL.to_owned())
            .chain(short.cloned())
            .collect();
        let others = users.keys().filter(|name| !name.is_empty() && !names.contains(*name));
        let others: Vec<String> = others.cloned().collect();
        names.extend(others);
        Ok(names.into_iter().map(|name| self.model_state(name, &users)).collect())
    }

    fn model_state(&self, name: String, users: &BTreeMap<String, Vec<String>>) -> ModelState {
        let target = self.settings.models.get(&name).unwrap_or(&name).clone();
        let problem = (!self.knows(&name)).then(|| {
            let agents = users.get(&name).map(|agents| agents.join(", ")).unwrap_or_default();
            format!("The settings know no such model; these agents ask for it: {agents}.")
        });
        ModelState {
            provider: target.split('/').next().unwrap_or_default().to_owned(),
            name,
            target,
            problem,
        }
    }
}
