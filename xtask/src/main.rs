//! `cargo xtask`: the one build tool beside cargo. It parses the command line and hands over to one file per command.
//! It is not part of the product: nothing here is linked into the server, the widget or the console.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build tool talks to the terminal, it has no log"
)]

mod assets;
mod bench;
mod cargo;
mod dist;
mod fuzz;
mod process;
mod run;
mod size;
mod soak;
mod test;
mod trunk;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs and tests AttheneChat",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build widget, console and server, then run the server with the demo (Ctrl-C stops it)
    Run(run::Args),
    /// Run every check and test there is
    Test(test::Args),
    /// Build the widget for the browser into target/assets/widget
    Widget(assets::Args),
    /// Build the console for the browser into target/assets/console
    Console(assets::Args),
    /// Build the single release binary into dist/
    Dist,
    /// Print what a page loads, beside the goals
    Size,
    /// Measure the release build beside what is possible, and print ratios
    Bench(bench::Args),
    /// Throw generated input at a rule of the product
    Fuzz(fuzz::Args),
    /// Treat the server roughly and see what it keeps
    Soak(soak::Args),
    /// Bring what Trunk wants for `trunk build` and `trunk serve`, and run it
    Trunk(trunk::Args),
}

fn main() -> ExitCode {
    if trunk::is_bindgen() {
        return told(trunk::act_as_bindgen().map(|()| ExitCode::SUCCESS));
    }
    let cli = Cli::parse();
    told(Workspace::find().and_then(|workspace| match cli.command {
        Command::Run(args) => run::run(&workspace, &args),
        Command::Test(args) => test::run(&workspace, &args),
        Command::Widget(args) => assets::build(&workspace, assets::Part::Widget, args).map(|()| ExitCode::SUCCESS),
        Command::Console(args) => assets::build(&workspace, assets::Part::Console, args).map(|()| ExitCode::SUCCESS),
        Command::Dist => dist::run(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Size => size::run(&workspace),
        Command::Bench(args) => bench::run(&workspace, &args).map(|()| ExitCode::SUCCESS),
        Command::Fuzz(args) => fuzz::run(&workspace, &args).map(|()| ExitCode::SUCCESS),
        Command::Soak(args) => soak::run(&workspace, &args).map(|()| ExitCode::SUCCESS),
        Command::Trunk(args) => trunk::run(&workspace, &args),
    }))
}

fn told(outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}
