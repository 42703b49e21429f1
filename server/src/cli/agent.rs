//! `atthene agent ...`: agents from files, and what is known of them.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use atthene_protocol::ids::WorkspaceId;
use clap::Subcommand;
use serde_json::json;

use super::ACTOR;
use crate::config::Settings;
use crate::domain::agents::{Change, Draft, FieldNote, apply, check_moderation, delete};
use crate::domain::clock::{Clock, SystemClock};
use crate::http::snippet::snippet;
use crate::model::agent::Agent;
use crate::store::Store;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an agent from a YAML or JSON file, or change it to what the file says
    Apply {
        /// The file; - reads standard input
        file: PathBuf,
    },
    /// List all agents
    List,
    /// Print an agent as `apply` takes it, and what else is known of it
    Show {
        /// The agent key
        agent_key: String,
    },
    /// Delete an agent with its conversations and its knowledge; its key is never given out again
    Delete {
        /// The agent key
        agent_key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Runs one.
pub(super) async fn run(command: &Command, settings: &Settings, store: &dyn Store) -> Result<()> {
    let workspace = WorkspaceId::default_workspace();
    match command {
        Command::Apply { file } => apply_file(file, settings, store, &workspace).await,
        Command::List => list(store, &workspace).await,
        Command::Show { agent_key } => show(agent_key, settings, store, &workspace).await,
        Command::Delete { agent_key, yes } => delete_agent(agent_key, *yes, store, &workspace).await,
    }
}

async fn apply_file(file: &Path, settings: &Settings, store: &dyn Store, workspace: &WorkspaceId) -> Result<()> {
    let text = read(file).with_context(|| format!("The file {} cannot be read", file.display()))?;
    let has_endpoint = settings.moderation.is_set();
    let read = Draft::read(&text, &|model| settings.knows_model(model)).and_then(|draft| {
        check_moderation("system_config", &draft.system_config, has_endpoint)?;
        Ok(draft)
    });
    let draft = match read {
        Ok(draft) => draft,
        Err(notes) => bail!("{} was not applied:\n{}", file.display(), lines(&notes)),
    };
    let applied = apply(store, workspace, &draft, SystemClock.now(), ACTOR).await?;
    let agent = &applied.agent;
    let what = match applied.change {
        Change::Created => "Made the agent",
        Change::NewVersion => "Changed the configuration of the agent",
        Change::Updated => "Changed the settings of the agent",
        Change::Unchanged => "Nothing to change in the agent",
    };
    say!(
        "{what} {} ({}), version {}.",
        agent.agent_key,
        agent.name,
        agent.version_number
    );
    if !draft.warnings.is_empty() {
        say!("\nPlease look at:\n{}", lines(&draft.warnings));
    }
    if draft.agent_key.is_none() {
        say!(
            "\nWrite `agent_key: {}` into the file, so that it still means this agent under another name.",
            agent.agent_key
        );
    }
    say!("\n{}", access(agent));
    say!(
        "\nThe snippet for your pages:\n\n{}",
        snippet(&settings.public_url, &agent.agent_key)
    );
    Ok(())
}

fn read(file: &Path) -> std::io::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
}

fn lines(notes: &[FieldNote]) -> String {
    let line = |note: &FieldNote| match note.field.as_str() {
        "" => format!("  {}", note.message),
        field => format!("  {field}: {}", note.message),
    };
    notes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Who may embed it, in words.
fn access(agent: &Agent) -> String {
    if !agent.is_public {
        return "Public access is off: no page can embed it. Set `is_public: true` to change that.".to_owned();
    }
    if agent.allow_any_origin {
        return "Any web site can embed it (allow_any_origin is on).".to_owned();
    }
    let mut places = agent.allowed_origins.clone();
    if agent.dev_mode {
        places.push("http://localhost, 127.0.0.1 and [::1] on any port (development mode)".to_owned());
    }
    if places.is_empty() {
        return "No page can embed it yet: `allowed_origins` is empty.".to_owned();
    }
    format!("Pages of these origins can embed it:\n  {}", places.join("\n  "))
}

async fn list(store: &dyn Store, workspace: &WorkspaceId) -> Result<()> {
    let agents = store.list_agents(workspace).await?;
    if agents.is_empty() {
        say!("There is no agent yet. Make one with: atthene agent apply FILE");
    }
    let width = agents.iter().map(|agent| agent.agent_key.len()).max().unwrap_or(0);
    for agent in agents {
        let access = if agent.is_public { "public" } else { "closed" };
        say!(
            "{:width$}  {access}  version {:<4} {}",
            agent.agent_key,
            agent.version_number,
            agent.name
        );
    }
    Ok(())
}

async fn show(agent_key: &str, settings: &Settings, store: &dyn Store, workspace: &WorkspaceId) -> Result<()> {
    let agent = find(agent_key, store, workspace).await?;
    let shown = json!({
        "id": agent.id,
        "agent_key": agent.agent_key,
        "name": agent.name,
        "is_public": agent.is_public,
        "is_default": agent.is_default,
        "dev_mode": agent.dev_mode,
        "allow_any_origin": agent.allow_any_origin,
        "allowed_origins": agent.allowed_origins,
        "system_config": agent.system_config,
        "widget": agent.widget,
        "token_budget_per_day": agent.token_budget_per_day,
        "version_number": agent.version_number,
        "config_hash": agent.config_hash,
        "created_at": agent.created_at.to_iso(),
        "updated_at": agent.updated_at.to_iso(),
    });
    say!("{shown:#}");
    // Beside the JSON, so that the output can be applied again.
    if std::io::stdout().is_terminal() {
        say!(
            "\n{}\n\n{}",
            access(&agent),
            snippet(&settings.public_url, &agent.agent_key)
        );
    }
    Ok(())
}

pub(super) async fn find(agent_key: &str, store: &dyn Store, workspace: &WorkspaceId) -> Result<Agent> {
    let found = store.find_agent_by_key(workspace, agent_key).await?;
    found.with_context(|| format!("There is no agent {agent_key}. `atthene agent list` shows all of them."))
}

async fn delete_agent(agent_key: &str, yes: bool, store: &dyn Store, workspace: &WorkspaceId) -> Result<()> {
    let agent = find(agent_key, store, workspace).await?;
    if !yes && !is_confirmed(&agent)? {
        bail!("Nothing was deleted. Give --yes to delete without being asked.");
    }
    match delete(store, workspace, agent_key, SystemClock.now(), ACTOR).await? {
        Some(agent) => say!("Deleted the agent {} ({}).", agent.agent_key, agent.name),
        None => bail!("The agent {agent_key} was deleted meanwhile."),
    }
    Ok(())
}

/// Asks, where there is somebody to ask.
fn is_confirmed(agent: &Agent) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(
        std::io::stdout(),
        "Delete {} ({}) with its conversations and its knowledge? Its key is never given out again. Type the key: ",
        agent.agent_key,
        agent.name
    )?;
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == agent.agent_key)
}
