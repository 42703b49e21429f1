//! The binary: reads the command line, runs the command, and turns an error into sentences and exit code 1.

use std::process::ExitCode;

use atthene_server::cli::{Cli, run};
use clap::Parser;

/// The stack of each thread, in bytes; only what is used of it takes memory. Bodies are trees of up to 64 levels, which
/// libraries read and write by calling themselves: with the usual 2 MiB there is little left in a build for development.
const STACK_BYTES: usize = 8 * 1024 * 1024;

fn main() -> ExitCode {
    let ran = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(Cli::parse())));
    match ran {
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
