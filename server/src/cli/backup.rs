//! `atthene backup ...`: copy the database while the server runs, and check a copy or the database itself.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::config::Settings;
use crate::store::{self, Checked};

/// Where to, or what to check.
#[derive(Debug, clap::Args)]
pub(super) struct BackupFlags {
    /// The new file; with --check, the copy that is checked
    #[arg(value_name = "FILE", required_unless_present = "check")]
    file: Option<PathBuf>,
    /// Check a copy, or without FILE the database itself, and write nothing
    #[arg(long)]
    check: bool,
}

/// Copies, or checks.
pub(super) async fn run(flags: &BackupFlags, settings: &Settings) -> Result<()> {
    let checked = match (&flags.file, flags.check) {
        (Some(file), false) => store::back_up(&settings.database_url, file).await?,
        (Some(copy), true) => store::check(&format!("sqlite:{}", copy.display())).await?,
        (None, _) => store::check(&settings.database_url).await?,
    };
    tell(&checked)
}

fn tell(checked: &Checked) -> Result<()> {
    if !checked.problems.is_empty() {
        bail!(
            "{} is not sound:\n  {}",
            checked.path.display(),
            checked.problems.join("\n  ")
        );
    }
    say!(
        "{}: {}, {}, {}, {} bytes. The integrity check found nothing wrong.",
        checked.path.display(),
        counted(checked.agents, "agent"),
        counted(checked.sessions, "conversation"),
        counted(checked.messages, "message"),
        checked.bytes
    );
    Ok(())
}

fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
