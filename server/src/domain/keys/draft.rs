//! What somebody wants of a new key, checked against who asks: no key makes a key wider than itself.

use std::net::IpAddr;

use atthene_protocol::ids::{AgentId, WorkspaceId};

use super::new_secret;
use crate::domain::agents::FieldNote;
use crate::domain::clock::new_key_id;
use crate::domain::error::Error;
use crate::domain::visitors::hash_secret;
use crate::model::key::{ApiKey, Scope};
use crate::model::time::Timestamp;

const MAX_NAME_CHARS: usize = 100;
const MAX_ADDRESSES: usize = 100;
/// How much of a secret is shown in lists.
const SHOWN_CHARS: usize = 13;

/// The wish.
#[derive(Clone, Debug, Default)]
pub struct KeyDraft {
    /// What people call it.
    pub name: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// Words of scopes; none means `chat`.
    pub scopes: Option<Vec<String>>,
    /// The agents that it may run; none means all.
    pub agents: Option<Vec<AgentId>>,
    /// Where it may come from; none means anywhere.
    pub addresses: Option<Vec<String>>,
}

/// A key that was just made; the secret is seen here once and never again.
pub struct Minted {
    /// The key as it is kept.
    pub key: ApiKey,
    /// The secret.
    pub secret: String,
}

/// Makes a key of a draft. `maker` is the key that asks, none for the command line.
///
/// # Errors
/// `Malformed` with every field that is wrong; `Forbidden` where the new key would be wider than its maker.
pub fn mint(
    draft: KeyDraft,
    workspace: &WorkspaceId,
    maker: Option<&ApiKey>,
    created_by: &str,
    now: Timestamp,
) -> Result<Minted, Error> {
    let mut notes = Vec::new();
    let mut note = |field: &str, message: String| {
        notes.push(FieldNote {
            field: field.to_owned(),
            message,
        });
    };
    let name = draft.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.contains(char::is_control) {
        note(
            "name",
            format!("A name is one line of 1 to {MAX_NAME_CHARS} characters."),
        );
    }
    if draft.expires_at.is_some_and(|end| end <= now) {
        note("expires_at", "This is in the past.".to_owned());
    }
    let mut scopes = Vec::new();
    for (index, word) in draft.scopes.iter().flatten().enumerate() {
        match Scope::from_word(word) {
            Some(scope) if scopes.contains(&scope) => {}
            Some(scope) => scopes.push(scope),
            None => {
                let known: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
                note(
                    &format!("scopes[{index}]"),
                    format!("A scope is one of {}.", known.join(", ")),
                );
            }
        }
    }
    if draft.scopes.is_none() {
        scopes.push(Scope::Chat);
    } else if draft.scopes.as_ref().is_some_and(Vec::is_empty) {
        note(
            "scopes",
            "A key without any scope could do nothing; leave `scopes` out for `chat`.".to_owned(),
        );
    }
    if draft.agents.as_ref().is_some_and(Vec::is_empty) {
        note(
            "agents",
            "A key without any agent could run nothing; leave `agents` out for all.".to_owned(),
        );
    }
    let addresses = draft.addresses.as_deref().unwrap_or_default();
    if draft.addresses.is_some() && !(1..=MAX_ADDRESSES).contains(&addresses.len()) {
        note(
            "addresses",
            format!("Give 1 to {MAX_ADDRESSES} addresses, or leave `addresses` out for all."),
        );
    }
    for (index, text) in addresses.iter().enumerate() {
        if parse_network(text).is_none() {
            let right = "Write an address such as 192.0.2.7 or a network such as 2001:db8::/32.";
            note(&format!("addresses[{index}]"), right.to_owned());
        }
    }
    if !notes.is_empty() {
        return Err(Error::invalid_fields("invalid_key", "The key cannot be made.", notes));
    }
    if let Some(maker) = maker {
        check_width(
            maker,
            &scopes,
            draft.agents.as_deref(),
            draft.addresses.as_deref(),
            draft.expires_at,
        )?;
    }
    let secret = new_secret();
    let key = ApiKey {
        id: new_key_id(),
        workspace: workspace.clone(),
        hash: hash_secret(&secret),
        name,
        prefix: secret.chars().take(SHOWN_CHARS).collect(),
        scopes,
        agents: draft.agents,
        addresses: draft.addresses,
        created_by: created_by.to_owned(),
        created_at: now,
        last_used_at: None,
        expires_at: draft.expires_at,
    };
    Ok(Minted { key, secret })
}

/// No key makes a key wider than itself.
fn check_width(
    maker: &ApiKey,
    scopes: &[Scope],
    agents: Option<&[AgentId]>,
    addresses: Option<&[String]>,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    let too_wide = |what: &str| {
        Err(Error::Forbidden {
            code: "key_too_wide",
            message: format!("A key cannot make one that may do more than itself: {what}."),
        })
    };
    if let Some(scope) = scopes.iter().find(|scope| !maker.may(**scope)) {
        return too_wide(&format!("it lacks the scope `{}`", scope.as_str()));
    }
    if let Some(own) = &maker.agents
        && !agents.is_some_and(|agents| agents.iter().all(|agent| own.contains(agent)))
    {
        return too_wide("name only agents of its own in `agents`");
    }
    if let Some(own) = &maker.addresses
        && !addresses.is_some_and(|addresses| addresses.iter().all(|address| own.contains(address)))
    {
        return too_wide("name only addresses of its own in `addresses`");
    }
    if let Some(end) = maker.expires_at
        && expires_at.is_none_or(|wanted| wanted > end)
    {
        return too_wide("it must expire no later than its maker");
    }
    Ok(())
}

/// An address or a network: the base and how many bits count.
pub(super) fn parse_network(text: &str) -> Option<(IpAddr, u8)> {
    let (base, bits) = match text.split_once('/') {
        Some((base, bits)) if bits.bytes().all(|byte| byte.is_ascii_digit()) => (base, Some(bits.parse::<u8>().ok()?)),
        Some(_) => return None,
        None => (text, None),
    };
    let base: IpAddr = base.parse().ok()?;
    let most = if base.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((base, bits))
}
