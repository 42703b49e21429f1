//! `cargo xtask fuzz`: many generated inputs against a rule and its independent oracle. The rules and the generators
//! live in the test crate; this file only calls them.

use anyhow::Result;
use clap::ValueEnum;

use crate::workspace::Workspace;
use crate::{cargo, process};

/// What to throw, and how much of it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The rule under test
    rule: Rule,
    /// How many generated inputs
    #[arg(long, default_value_t = 10_000_000)]
    cases: u64,
    /// Where the generator begins; a failure prints it
    #[arg(long)]
    seed: Option<u64>,
}

/// The rules that have a generator.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Rule {
    /// Which Origin headers an agent's list admits
    Origins,
}

impl Args {
    /// The short form that belongs to the test command.
    pub(crate) fn short() -> Self {
        Self {
            rule: Rule::Origins,
            cases: 100_000,
            seed: None,
        }
    }
}

/// Runs the generator until it finds a wrong answer or has none left to try.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let Rule::Origins = args.rule;
    let mut command = cargo::command();
    command
        .current_dir(&workspace.root)
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "atthene-tests",
            "--bin",
            "fuzz",
            "--",
            "origins",
            "--cases",
        ])
        .arg(args.cases.to_string());
    if let Some(seed) = args.seed {
        command.arg("--seed").arg(seed.to_string());
    }
    process::run(&mut command)
}
