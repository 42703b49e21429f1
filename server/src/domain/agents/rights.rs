//! What a key may do to an agent beyond its scope: who may embed it is a right of its own, and a key that is bound to
//! agents reaches no other one.

use super::draft::Draft;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::agent::Agent;
use crate::model::key::Scope;

/// Whether the key may make this agent.
///
/// # Errors
/// `Forbidden`.
pub(super) fn may_create(caller: &Caller, draft: &Draft) -> Result<(), Error> {
    if caller.key.agents.is_some() {
        return Err(bound("it makes no others"));
    }
    let is_on = |switch: Option<bool>| switch == Some(true);
    let opens = is_on(draft.is_public) || is_on(draft.dev_mode) || is_on(draft.allow_any_origin);
    if opens || draft.allowed_origins.as_ref().is_some_and(|list| !list.is_empty()) {
        caller.require(Scope::AccessWrite)?;
    }
    Ok(())
}

/// Whether the key may change the agent so. What stays as it is needs no right.
///
/// # Errors
/// `Forbidden`.
pub(super) fn may_change(caller: &Caller, agent: &Agent, draft: &Draft) -> Result<(), Error> {
    let differs = |wanted: Option<bool>, is: bool| wanted.is_some_and(|wanted| wanted != is);
    let moves_origins = draft.allowed_origins.as_ref().is_some_and(|entries| {
        !entries
            .iter()
            .map(crate::domain::origins::Entry::as_str)
            .eq(agent.allowed_origins.iter().map(String::as_str))
    });
    let opens = differs(draft.is_public, agent.is_public)
        || differs(draft.dev_mode, agent.dev_mode)
        || differs(draft.allow_any_origin, agent.allow_any_origin);
    if opens || moves_origins {
        caller.require(Scope::AccessWrite)?;
    }
    // The place of the default agent is taken from another one.
    if draft.is_default == Some(true) && !agent.is_default && caller.key.agents.is_some() {
        return Err(bound("it takes no other agent's place as the default"));
    }
    Ok(())
}

fn bound(what: &str) -> Error {
    Error::Forbidden {
        code: "key_bound_to_agents",
        message: format!("This key is bound to agents: {what}."),
    }
}
