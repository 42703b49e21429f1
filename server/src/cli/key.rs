//! `atthene key ...`: make, list and revoke API keys.

use std::sync::Arc;

use anyhow::{Result, bail};
use atthene_protocol::ids::WorkspaceId;

use super::{ACTOR, sentences};
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::keys::{KeyBook, KeyDraft, named_agents};
use crate::store::Store;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a key and print it, once
    Create {
        /// What people call it, such as "Production"
        #[arg(long)]
        name: String,
        /// What it may do (may be given several times) [default: chat]
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// The agents that it may run, by agent key (may be given several times) [default: all]
        #[arg(long = "agent", value_name = "AGENT_KEY")]
        agents: Vec<String>,
        /// Where it may come from, such as 192.0.2.7 or 2001:db8::/32 (may be given several times) [default: anywhere]
        #[arg(long = "address", value_name = "ADDRESS")]
        addresses: Vec<String>,
        /// After how many days it stops working [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
        expires_in_days: Option<u16>,
    },
    /// List the keys that work
    List,
    /// Revoke a key at once, by its id
    Revoke {
        /// The id, such as key_0190...
        id: String,
    },
}

/// Runs one of them.
pub(super) async fn run(command: &Command, store: Arc<dyn Store>) -> Result<()> {
    let workspace = WorkspaceId::default_workspace();
    let now = SystemClock.now();
    let keys = KeyBook::new(store, None);
    match command {
        Command::Create {
            name,
            scopes,
            agents,
            addresses,
            expires_in_days,
        } => {
            let some = |list: &Vec<String>| (!list.is_empty()).then(|| list.clone());
            let draft = KeyDraft {
                name: name.clone(),
                expires_at: expires_in_days.map(|days| now.plus_ms(i64::from(days) * DAY_MS)),
                scopes: some(scopes),
                agents: some(agents).map(named_agents),
                addresses: some(addresses),
            };
            match keys.create(draft, &workspace, None, ACTOR, now).await {
                Ok(minted) => say!("{}", minted.secret),
                Err(error) => bail!("{}", sentences(&error)),
            }
        }
        Command::List => list(&keys, &workspace).await?,
        Command::Revoke { id } => match keys.revoke(&workspace, id, ACTOR, now).await {
            Ok(()) => say!("Revoked {id}."),
            Err(error) => bail!("{}", sentences(&error)),
        },
    }
    Ok(())
}

async fn list(keys: &KeyBook, workspace: &WorkspaceId) -> Result<()> {
    let keys = keys.list(workspace).await?;
    if keys.is_empty() {
        say!("There is no key yet. Make one with: atthene key create --name NAME");
    }
    for key in keys {
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let used = key
            .last_used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("used {}", at.to_iso()));
        let end = key
            .expires_at
            .map_or_else(String::new, |at| format!("  expires {}", at.to_iso()));
        say!(
            "{}  {}...  {}  [{}]  by {}  {used}{end}",
            key.id,
            key.prefix,
            key.name,
            scopes.join(" "),
            key.created_by
        );
    }
    Ok(())
}
