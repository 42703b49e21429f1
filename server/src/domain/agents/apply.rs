//! Saves a checked draft: makes or updates the agent, counts versions, writes the audit log. Checks nothing itself.

use atthene_protocol::ids::WorkspaceId;
use serde_json::json;

use super::draft::Draft;
use super::key;
use crate::domain::clock::new_agent_id;
use crate::domain::origins::Entry;
use crate::model::agent::Agent;
use crate::model::audit::AuditEntry;
use crate::model::time::Timestamp;
use crate::store::{AgentStore, AuditStore, StoreError, StoreResult};

/// How often a random suffix is tried.
const MAX_KEY_ATTEMPTS: usize = 8;

/// What was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The agent as it is now.
    pub agent: Agent,
    /// What happened to it.
    pub change: Change,
}

/// What saving did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none.
    Created,
    /// Its configuration changed: a new version.
    NewVersion,
    /// Something beside its configuration changed.
    Updated,
    /// It was like that already.
    Unchanged,
}

/// Why a draft could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The agent key that was asked for belongs or belonged to another agent.
    #[error("The agent key {0} is or was in use, and agent keys are never given out twice. Choose another.")]
    KeyTaken(String),
    /// It went away meanwhile.
    #[error("The agent {0} was deleted meanwhile.")]
    Gone(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves a draft. With an agent key it makes or updates that agent; without one, the agent of this name.
///
/// # Errors
/// The key is taken, or the store failed.
pub async fn apply<S>(
    store: &S,
    workspace: &WorkspaceId,
    draft: &Draft,
    now: Timestamp,
    actor: &str,
) -> Result<Applied, ApplyError>
where
    S: AgentStore + AuditStore + ?Sized,
{
    match find_current(store, workspace, draft).await? {
        Some(current) => apply_to(store, &current, draft, now, actor).await,
        None => apply_new(store, workspace, draft, now, actor).await,
    }
}

/// Makes an agent of a draft, and never changes one that is there.
pub(super) async fn apply_new<S>(
    store: &S,
    workspace: &WorkspaceId,
    draft: &Draft,
    now: Timestamp,
    actor: &str,
) -> Result<Applied, ApplyError>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let applied = create(store, workspace, draft, now, actor).await?;
    clear_other_defaults(store, &applied, now, actor).await?;
    Ok(applied)
}

/// Saves a draft in the place of an agent.
pub(super) async fn apply_to<S>(
    store: &S,
    current: &Agent,
    draft: &Draft,
    now: Timestamp,
    actor: &str,
) -> Result<Applied, ApplyError>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let applied = update(store, current, draft, now, actor).await?;
    clear_other_defaults(store, &applied, now, actor).await?;
    Ok(applied)
}

/// Deletes an agent with all that is its own. `None`: there is no such agent.
///
/// # Errors
/// The store failed.
pub async fn delete<S>(
    store: &S,
    workspace: &WorkspaceId,
    agent_key: &str,
    now: Timestamp,
    actor: &str,
) -> StoreResult<Option<Agent>>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let Some(agent) = store.find_agent_by_key(workspace, agent_key).await? else {
        return Ok(None);
    };
    if !store.delete_agent(workspace, &agent.id).await? {
        return Ok(None);
    }
    record(
        store,
        &agent,
        now,
        actor,
        "agent.deleted",
        json!({ "agent_key": agent.agent_key }),
    )
    .await?;
    Ok(Some(agent))
}

/// Without a key the name decides: two names may give one key, so the key alone is not enough.
async fn find_current<S>(store: &S, workspace: &WorkspaceId, draft: &Draft) -> StoreResult<Option<Agent>>
where
    S: AgentStore + ?Sized,
{
    if let Some(agent_key) = &draft.agent_key {
        return store.find_agent_by_key(workspace, agent_key).await;
    }
    let plain = key::from_name(&draft.name);
    let with_suffix = format!("{plain}_");
    let agents = store.list_agents(workspace).await?;
    let same_name = agents.into_iter().filter(|agent| agent.name == draft.name);
    Ok(same_name
        .filter(|agent| agent.agent_key == plain || agent.agent_key.starts_with(&with_suffix))
        .min_by_key(|agent| agent.created_at))
}

async fn create<S>(
    store: &S,
    workspace: &WorkspaceId,
    draft: &Draft,
    now: Timestamp,
    actor: &str,
) -> Result<Applied, ApplyError>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let plain = draft.agent_key.clone().unwrap_or_else(|| key::from_name(&draft.name));
    let mut agent = Agent {
        id: new_agent_id(),
        workspace: workspace.clone(),
        agent_key: plain.clone(),
        name: draft.name.clone(),
        is_public: draft.is_public.unwrap_or(false),
        is_default: draft.is_default.unwrap_or(false),
        dev_mode: draft.dev_mode.unwrap_or(false),
        allow_any_origin: draft.allow_any_origin.unwrap_or(false),
        allowed_origins: draft.allowed_origins.as_deref().map(texts).unwrap_or_default(),
        system_config: draft.system_config.clone(),
        config_hash: draft.config_hash.clone(),
        version_number: 1,
        widget: draft.widget.clone().unwrap_or_default(),
        token_budget_per_day: draft.token_budget_per_day.flatten(),
        created_by: Some(actor.to_owned()),
        created_at: now,
        updated_at: now,
    };
    for _ in 0..MAX_KEY_ATTEMPTS {
        if store.create_agent(&agent).await? {
            let detail = json!({
                "agent_key": agent.agent_key,
                "config_hash": agent.config_hash,
                "is_public": agent.is_public,
                "dev_mode": agent.dev_mode,
                "allow_any_origin": agent.allow_any_origin,
                "allowed_origins": agent.allowed_origins,
            });
            record(store, &agent, now, actor, "agent.created", detail).await?;
            return Ok(Applied {
                agent,
                change: Change::Created,
            });
        }
        if draft.agent_key.is_some() {
            break;
        }
        agent.agent_key = key::with_random_suffix(&plain);
    }
    Err(ApplyError::KeyTaken(plain))
}

async fn update<S>(
    store: &S,
    current: &Agent,
    draft: &Draft,
    now: Timestamp,
    actor: &str,
) -> Result<Applied, ApplyError>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let mut agent = current.clone();
    agent.name.clone_from(&draft.name);
    agent.is_public = draft.is_public.unwrap_or(current.is_public);
    agent.is_default = draft.is_default.unwrap_or(current.is_default);
    agent.dev_mode = draft.dev_mode.unwrap_or(current.dev_mode);
    agent.allow_any_origin = draft.allow_any_origin.unwrap_or(current.allow_any_origin);
    if let Some(entries) = &draft.allowed_origins {
        agent.allowed_origins = texts(entries);
    }
    if let Some(widget) = &draft.widget {
        agent.widget = widget.clone();
    }
    if let Some(budget) = draft.token_budget_per_day {
        agent.token_budget_per_day = budget;
    }
    if agent.config_hash != draft.config_hash {
        agent.system_config = draft.system_config.clone();
        agent.config_hash.clone_from(&draft.config_hash);
        // Not the next after its own: an earlier version may be deployed.
        let latest = store.latest_agent_version(&agent.workspace, &agent.id).await?;
        agent.version_number = latest.unwrap_or(current.version_number) + 1;
    }
    if agent == *current {
        return Ok(Applied {
            agent,
            change: Change::Unchanged,
        });
    }
    agent.updated_at = now;
    if !store.update_agent(&agent).await? {
        return Err(ApplyError::Gone(agent.agent_key));
    }
    record_changes(store, current, &agent, now, actor).await?;
    let is_new_version = agent.version_number != current.version_number;
    let change = if is_new_version {
        Change::NewVersion
    } else {
        Change::Updated
    };
    Ok(Applied { agent, change })
}

async fn record_changes<S>(store: &S, before: &Agent, after: &Agent, now: Timestamp, actor: &str) -> StoreResult<()>
where
    S: AuditStore + ?Sized,
{
    let detail = json!({ "version": after.version_number, "config_hash": after.config_hash });
    record(store, after, now, actor, "agent.updated", detail).await?;
    if before.allowed_origins != after.allowed_origins {
        let detail = json!({ "before": before.allowed_origins, "after": after.allowed_origins });
        record(store, after, now, actor, "agent.origins_changed", detail).await?;
    }
    if before.token_budget_per_day != after.token_budget_per_day {
        let detail = json!({ "before": before.token_budget_per_day, "after": after.token_budget_per_day });
        record(store, after, now, actor, "agent.budget_changed", detail).await?;
    }
    let switches = [
        ("agent.access_changed", "is_public", before.is_public, after.is_public),
        ("agent.dev_mode_changed", "dev_mode", before.dev_mode, after.dev_mode),
        (
            "agent.any_origin_changed",
            "allow_any_origin",
            before.allow_any_origin,
            after.allow_any_origin,
        ),
        (
            "agent.default_changed",
            "is_default",
            before.is_default,
            after.is_default,
        ),
    ];
    for (action, field, was, is) in switches {
        if was != is {
            record(store, after, now, actor, action, json!({ field: is })).await?;
        }
    }
    Ok(())
}

/// A workspace has one default agent.
async fn clear_other_defaults<S>(store: &S, applied: &Applied, now: Timestamp, actor: &str) -> StoreResult<()>
where
    S: AgentStore + AuditStore + ?Sized,
{
    let chosen = &applied.agent;
    if !chosen.is_default || applied.change == Change::Unchanged {
        return Ok(());
    }
    for other in store.list_agents(&chosen.workspace).await? {
        if other.is_default && other.id != chosen.id {
            let mut changed = other.clone();
            changed.is_default = false;
            changed.updated_at = now;
            if store.update_agent(&changed).await? {
                record_changes(store, &other, &changed, now, actor).await?;
            }
        }
    }
    Ok(())
}

/// Writes into the audit log.
pub(super) async fn record<S>(
    store: &S,
    agent: &Agent,
    now: Timestamp,
    actor: &str,
    action: &str,
    detail: serde_json::Value,
) -> StoreResult<()>
where
    S: AuditStore + ?Sized,
{
    let entry = AuditEntry {
        workspace: agent.workspace.clone(),
        at: now,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: agent.id.to_string(),
        detail,
    };
    store.append_audit(&entry).await
}

fn texts(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.as_str().to_owned()).collect()
}
