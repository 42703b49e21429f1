//! The binary: reads the command line, runs the command, and turns an error into sentences and exit code 1.

use std::process::ExitCode;

use atthene_server::cli::{Cli, run};
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "the person at the terminal is told what went wrong")]
fn tell(error: &anyhow::Error) {
    eprintln!("{error:#}");
}
