//! Previews: an agent key for an hour, under which the console's own pages try the deployed configuration, a version or a
//! draft, whatever the agent's switches and its list say. The gate treats it like any other key (`table`).

use atthene_protocol::widget::WidgetSettings;
use serde_json::{Value, json};

use super::apply::record;
use super::catalogue::{Catalogue, NO_AGENT, PATH, refuse};
use super::draft::Draft;
use super::fields::FieldNote;
use super::key;
use super::versions::cannot_run;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::agent::Agent;
use crate::model::preview::Preview;

/// So long a preview works.
const PREVIEW_MS: i64 = 60 * 60 * 1_000;
/// So many previews an agent has at a time; the oldest goes.
const MOST_PREVIEWS: u32 = 50;

/// What the audit log calls it.
const PREVIEWED: &str = "agent.previewed";
/// So many notes of the last hour are looked through.
const MOST_NOTED: u32 = 200;

/// What is to be tried.
#[derive(Clone, Debug)]
pub enum PreviewWish {
    /// The agent as it is.
    Deployed,
    /// One of its versions.
    Version(u32),
    /// What is not saved: `system_config`, `widget`, or both, each as a whole.
    Draft(Value),
}

impl Catalogue {
    /// Makes a preview.
    ///
    /// # Errors
    /// `NotFound`, `Malformed` with every field of a draft that is wrong, as when it is saved; `Internal`.
    pub async fn preview(&self, caller: &Caller, agent: &str, wish: PreviewWish) -> Result<Preview, Error> {
        let agent = self.find(caller, agent).await?;
        let is_draft = matches!(wish, PreviewWish::Draft(_));
        let (shown, version) = match wish {
            PreviewWish::Deployed => (agent.clone(), Some(agent.version_number)),
            PreviewWish::Version(number) => (self.at_version(caller, &agent, number).await?, Some(number)),
            PreviewWish::Draft(draft) => (self.with_draft(&agent, &draft)?, None),
        };
        let now = self.clock.now();
        let preview = Preview {
            agent_key: key::new_preview_key(),
            workspace: agent.workspace.clone(),
            agent_id: agent.id.clone(),
            origin: self.settings.console_url.clone(),
            config_hash: shown.config_hash,
            system_config: shown.system_config,
            widget: shown.widget,
            created_at: now,
            expires_at: now.plus_ms(PREVIEW_MS),
        };
        if !self.store.create_preview(&preview, MOST_PREVIEWS).await? {
            return Err(NO_AGENT);
        }
        let (store, actor) = (self.store.as_ref(), caller.key.id.as_str());
        let since = now.plus_ms(-PREVIEW_MS + 1);
        let noted = store
            .list_audit_of(&agent.workspace, agent.id.as_str(), PREVIEWED, since, MOST_NOTED)
            .await?;
        // An open page makes one after the other: that somebody tried the agent is noted once in an hour.
        if noted.iter().all(|entry| entry.actor != actor) {
            let detail = json!({ "version": version, "draft": is_draft, "config_hash": preview.config_hash });
            record(store, &agent, now, actor, PREVIEWED, detail).await?;
        }
        self.table.refresh(store).await?;
        Ok(preview)
    }

    async fn at_version(&self, caller: &Caller, agent: &Agent, number: u32) -> Result<Agent, Error> {
        let (agent, version) = self
            .find_version(caller, agent.id.as_str(), &number.to_string())
            .await?;
        self.check_runs(&version).map_err(|notes| cannot_run(number, notes))?;
        Ok(Agent {
            system_config: version.system_config,
            config_hash: version.config_hash,
            ..agent
        })
    }

    /// The agent as the draft would have it; what the draft does not name stays.
    fn with_draft(&self, agent: &Agent, draft: &Value) -> Result<Agent, Error> {
        if !draft.is_object() {
            let message = "A draft is a group of `system_config`, `widget` or both.".to_owned();
            let field = "draft".to_owned();
            return Err(refuse(vec![FieldNote { field, message }]));
        }
        let knows = |model: &str| self.knows(model);
        let widget = draft.get("widget").cloned().unwrap_or_else(|| json!(agent.widget));
        let draft = match draft.get(PATH).filter(|config| !config.is_null()) {
            Some(config) => Draft::from_value(&json!({ PATH: config, "widget": widget }), &knows),
            // A configuration that does not change is not checked; of the widget nothing is left from before.
            None => {
                let bare = Agent {
                    widget: WidgetSettings::default(),
                    ..agent.clone()
                };
                Draft::from_change(&bare, &json!({ "widget": widget }), &knows)
            }
        };
        let draft = draft.map_err(refuse)?;
        self.check_moderation(PATH, &draft.system_config).map_err(refuse)?;
        Ok(Agent {
            widget: draft.widget.unwrap_or_default(),
            system_config: draft.system_config,
            config_hash: draft.config_hash,
            ..agent.clone()
        })
    }
}
