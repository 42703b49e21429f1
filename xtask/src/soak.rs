//! `cargo xtask soak`: the real binary under rough treatment, for as long as one likes. What is done to it, and how it is
//! judged, lives in the test crate; this file only builds and calls it.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{cargo, process};

/// What to do to it.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Kill it at random moments while clients talk, and compare what it kept with what they were told
    Kill {
        /// How often
        #[arg(long, default_value_t = 500)]
        kills: u32,
        /// Where chance begins; every run prints it
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Let many readers take nothing of what waits for them, and print what that costs the server and the others
    Readers {
        /// How many
        #[arg(long, default_value_t = 1_000)]
        stalled: u32,
    },
}

impl Args {
    /// The short form that belongs to the test command.
    pub(crate) fn short() -> Self {
        Self {
            what: What::Kill { kills: 25, seed: None },
        }
    }
}

/// Builds the binaries and runs the soak.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    // What survives does not depend on the profile, and the tests have built this one; figures do.
    let release = matches!(args.what, What::Readers { .. }).then_some("--release");
    let cargo = |what: &[&str]| {
        let mut command = cargo::command();
        command.current_dir(&workspace.root).args(what).args(release);
        command.args(["--locked", "--package", "atthene-tests"]);
        command
    };
    process::run(cargo(&["build"]).arg("--bins"))?;
    let mut command = cargo(&["run", "--quiet"]);
    command.args(["--bin", "soak", "--"]);
    match args.what {
        What::Readers { stalled } => {
            command.args(["readers", "--stalled"]).arg(stalled.to_string());
        }
        What::Kill { kills, seed } => {
            command.args(["kill", "--kills"]).arg(kills.to_string());
            if let Some(seed) = seed {
                command.arg("--seed").arg(seed.to_string());
            }
        }
    }
    process::run(&mut command)
}
