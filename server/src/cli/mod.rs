//! The command line: what each command reads, does through `domain`, and prints. No rule of the product lives here.

/// Prints a line of a command's output.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::write_line(format_args!($($words)*)) };
}

mod agent;
mod backup;
mod flags;
mod key;
mod knowledge;
mod user;

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::boot::make_private_folder;
use crate::config::Settings;
use crate::domain::error::Error;
use crate::store::{self, Store};
use flags::Flags;

/// Who the audit log names.
const ACTOR: &str = "cli";

/// AttheneChat: an assistant that site owners embed in their pages.
#[derive(Debug, Parser)]
#[command(name = "atthene", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(flags::ServeFlags),
    /// Make, change, look at and delete agents
    #[command(subcommand)]
    Agent(agent::Command),
    /// Fill what agents know
    #[command(subcommand)]
    Knowledge(knowledge::Command),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(key::Command),
    /// Make, list, invite and disable the users of the console
    #[command(subcommand)]
    User(user::Command),
    /// Copy the database while the server runs, and check the copy
    Backup(backup::BackupFlags),
    /// Print every setting with its default and what it does
    DefaultConfig,
    /// Print the OpenAPI document of the HTTP API
    Openapi,
}

/// Runs one command.
///
/// # Errors
/// Whatever went wrong, in sentences for the person at the terminal.
pub async fn run(cli: Cli) -> Result<()> {
    match &cli.command {
        Command::DefaultConfig => {
            say!("{}", Settings::DEFAULT_FILE.trim_end());
            Ok(())
        }
        Command::Openapi => {
            say!("{:#}", crate::serve::document());
            Ok(())
        }
        Command::Serve(serve) => {
            let settings = cli.flags.settings(Some(serve))?;
            crate::log::start(&settings.log)?;
            make_folders(&settings)?;
            crate::serve::serve(settings).await
        }
        Command::Agent(command) => {
            let settings = cli.flags.settings(None)?;
            agent::run(command, &settings, open(&settings).await?.as_ref()).await
        }
        Command::Key(command) => {
            let settings = cli.flags.settings(None)?;
            key::run(command, open(&settings).await?).await
        }
        Command::User(command) => {
            let settings = cli.flags.settings(None)?;
            let store = open(&settings).await?;
            user::run(command, settings, store).await
        }
        Command::Backup(flags) => backup::run(flags, &cli.flags.settings(None)?).await,
        Command::Knowledge(command) => {
            let settings = cli.flags.settings(None)?;
            knowledge::run(command, open(&settings).await?.as_ref()).await
        }
    }
}

/// A reader that has seen enough (`| head`) is no mistake, so what cannot be written is dropped.
fn write_line(words: fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

async fn open(settings: &Settings) -> Result<Arc<dyn Store>> {
    make_folders(settings)?;
    let url = &settings.database_url;
    store::open(url)
        .await
        .with_context(|| format!("The database {url} cannot be opened"))
}

/// The folders of the database and of the server's own files.
fn make_folders(settings: &Settings) -> Result<()> {
    let database = settings.database_url.strip_prefix("sqlite:").map(std::path::Path::new);
    let folders = [
        Some(settings.data_dir.as_path()),
        database.and_then(std::path::Path::parent),
    ];
    for folder in folders
        .into_iter()
        .flatten()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        make_private_folder(folder).with_context(|| format!("The folder {} cannot be made", folder.display()))?;
    }
    Ok(())
}

/// A refusal for the person at the terminal, with every field that is wrong.
fn sentences(error: &Error) -> String {
    match error {
        Error::Malformed { message, fields, .. } | Error::InvalidFields { message, fields, .. } => {
            let lines = fields
                .iter()
                .map(|note| format!("\n  {}: {}", note.field, note.message));
            format!("{message}{}", lines.collect::<String>())
        }
        Error::Internal(inside) => inside.clone(),
        other => other.to_string(),
    }
}
