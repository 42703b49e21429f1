//! `atthene knowledge ...`: folders become what an agent knows.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use atthene_protocol::ids::WorkspaceId;
use clap::Subcommand;

use super::agent::find;
use crate::domain::agents::{BASE_NAME_FORM, is_base_name, runnable_config};
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::knowledge::{Progress, add_folder};
use crate::model::agent::Agent;
use crate::store::Store;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a knowledge base hold the Markdown, text and HTML files of a folder, and nothing else
    Add {
        /// The folder
        dir: PathBuf,
        /// The agent key
        #[arg(long, value_name = "KEY")]
        agent: String,
        /// The knowledge base [default: the only one that the agent names]
        #[arg(long, value_name = "NAME")]
        base: Option<String>,
    },
}

/// Runs it.
pub(super) async fn run(command: &Command, store: &dyn Store) -> Result<()> {
    let Command::Add { dir, agent, base } = command;
    let workspace = WorkspaceId::default_workspace();
    let agent = find(agent, store, &workspace).await?;
    let base = choose_base(&agent, base.as_deref())?;
    let report = add_folder(store, &workspace, &agent.id, &base, dir, SystemClock.now(), &mut tell)
        .await
        .with_context(|| format!("The folder {} was not added whole", dir.display()))?;
    say!(
        "{base} of {}: {} indexed ({} passages), {} unchanged, {} left out, {} removed.",
        agent.agent_key,
        report.indexed,
        report.passages,
        report.unchanged,
        report.skipped,
        report.removed
    );
    Ok(())
}

fn tell(progress: Progress) {
    match progress {
        Progress::Files(count) => say!("{count} files"),
        Progress::Indexed { path, passages } => say!("  indexed   {path} ({passages} passages)"),
        Progress::Unchanged { path } => say!("  unchanged {path}"),
        Progress::Skipped { path, reason } => say!("  left out  {path}: {reason}"),
        Progress::Removed { path } => say!("  removed   {path}"),
    }
}

/// A base that the configuration does not name would be filled for nobody.
fn choose_base(agent: &Agent, asked: Option<&str>) -> Result<String> {
    let config = runnable_config(&agent.system_config).map_err(|error| anyhow::anyhow!(error))?;
    let named: Vec<String> = config.knowledge_bases.into_iter().map(|base| base.name).collect();
    match (asked, named.as_slice()) {
        (Some(base), _) if !is_base_name(base) => bail!("--base: {BASE_NAME_FORM}"),
        (Some(base), _) if named.iter().any(|name| name == base) => Ok(base.to_owned()),
        (None, [only]) => Ok(only.clone()),
        (None, []) => bail!(
            "The agent {} names no knowledge base. Write `knowledge_bases: [{{name: docs}}]` into its configuration and apply it.",
            agent.agent_key
        ),
        (None, _) => bail!(
            "The agent {} names several: give --base with one of {}.",
            agent.agent_key,
            named.join(", ")
        ),
        (Some(base), _) => bail!(
            "The agent {} does not name the knowledge base {base}. Add it to `knowledge_bases` in its configuration and apply it.",
            agent.agent_key
        ),
    }
}
