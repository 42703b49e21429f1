//! The keys of a workspace: making, listing, revoking, each with its line in the audit log.

use std::sync::Arc;

use atthene_protocol::ids::{AgentId, KeyId, WorkspaceId};
use serde_json::json;

use super::draft::{KeyDraft, Minted, mint};
use crate::domain::agents::{FieldNote, GateTable};
use crate::domain::error::Error;
use crate::model::audit::AuditEntry;
use crate::model::key::ApiKey;
use crate::model::time::Timestamp;
use crate::store::Store;

/// The keys, over the store.
pub struct KeyBook {
    store: Arc<dyn Store>,
    table: Option<Arc<GateTable>>,
}

impl KeyBook {
    /// Over a store; a change counts at once in the table that is given, and within a second in others.
    pub fn new(store: Arc<dyn Store>, table: Option<Arc<GateTable>>) -> Self {
        Self { store, table }
    }

    async fn follow(&self) -> Result<(), Error> {
        if let Some(table) = &self.table {
            table.refresh(self.store.as_ref()).await?;
        }
        Ok(())
    }

    /// Makes a key. `maker` is the key that asks, none for the command line.
    ///
    /// # Errors
    /// `Malformed`, `Forbidden`, `Internal`.
    pub async fn create(
        &self,
        draft: KeyDraft,
        workspace: &WorkspaceId,
        maker: Option<&ApiKey>,
        actor: &str,
        now: Timestamp,
    ) -> Result<Minted, Error> {
        let draft = self.with_agent_ids(draft, workspace).await?;
        let minted = mint(draft, workspace, maker, actor, now)?;
        let key = &minted.key;
        self.store.create_key(key).await?;
        self.follow().await?;
        let detail = json!({
            "name": key.name,
            "scopes": key.scopes,
            "agents": key.agents,
            "addresses": key.addresses,
        });
        self.record(workspace, &key.id, actor, "key.created", detail, now)
            .await?;
        Ok(minted)
    }

    /// The live keys of a workspace, newest first.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list(&self, workspace: &WorkspaceId) -> Result<Vec<ApiKey>, Error> {
        Ok(self.store.list_keys(workspace).await?)
    }

    /// Revokes a key; its open streams end when the table follows.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn revoke(&self, workspace: &WorkspaceId, id: &str, actor: &str, now: Timestamp) -> Result<(), Error> {
        let id = KeyId(id.to_owned());
        if !self.store.revoke_key(workspace, &id, now).await? {
            return Err(Error::NotFound("There is no such key, or it was revoked before."));
        }
        self.follow().await?;
        self.record(workspace, &id, actor, "key.revoked", json!({}), now).await
    }

    /// Agents may be named by their keys; kept are their ids.
    async fn with_agent_ids(&self, mut draft: KeyDraft, workspace: &WorkspaceId) -> Result<KeyDraft, Error> {
        let mut unknown = Vec::new();
        for (index, agent) in draft.agents.iter_mut().flatten().enumerate() {
            if self.store.find_agent(workspace, agent).await?.is_some() {
                continue;
            }
            match self.store.find_agent_by_key(workspace, agent.as_str()).await? {
                Some(found) => *agent = found.id,
                None => unknown.push(FieldNote {
                    field: format!("agents[{index}]"),
                    message: "There is no such agent; name it by its agent key or its id.".to_owned(),
                }),
            }
        }
        if unknown.is_empty() {
            return Ok(draft);
        }
        Err(Error::invalid_fields("invalid_key", "The key cannot be made.", unknown))
    }

    async fn record(
        &self,
        workspace: &WorkspaceId,
        id: &KeyId,
        actor: &str,
        action: &str,
        detail: serde_json::Value,
        now: Timestamp,
    ) -> Result<(), Error> {
        let entry = AuditEntry {
            workspace: workspace.clone(),
            at: now,
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject: id.to_string(),
            detail,
        };
        Ok(self.store.append_audit(&entry).await?)
    }
}

/// Agents as somebody named them: keys or ids.
pub fn named_agents(names: Vec<String>) -> Vec<AgentId> {
    names.into_iter().map(AgentId).collect()
}
