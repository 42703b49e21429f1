//! `cargo xtask bench`: figures of the release build beside what is possible on the same machine, in one run. What is
//! measured lives in the test crate; this file only builds and calls it.

use anyhow::Result;
use clap::ValueEnum;

use crate::workspace::Workspace;
use crate::{cargo, process};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The transport
    what: What,
    /// Only so many requests that one sees that it runs; the figures say nothing
    #[arg(long)]
    short: bool,
}

/// The transports that have a bench.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// Whole turns over REST, and their first token
    #[value(alias = "turn")]
    Rest,
    /// Streams over sockets
    Stream,
    /// The memory of ten thousand sockets that wait (needs `ulimit -n 25000`)
    Sockets,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Stream => "stream",
            Self::Sockets => "sockets",
        }
    }
}

/// Builds the release form and measures.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let mut command = cargo::command();
    command.current_dir(&workspace.root).args([
        "run",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "atthene-tests",
        "--bin",
        "bench",
        "--",
        args.what.word(),
    ]);
    if args.short {
        command.arg("--short");
    }
    process::run(&mut command)
}
