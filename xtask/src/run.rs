//! `cargo xtask run`: widget, console, server, demo. After the build this process becomes the server, so Ctrl-C and SIGTERM
//! reach it directly and its exit code is the command's.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{assets, cargo, process};

/// What is passed on.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Given to `atthene serve` as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    server_args: Vec<String>,
}

/// Builds what changed and serves the demo.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    assets::build_all(workspace, assets::Args::default())?;
    build_server(workspace)?;
    let binary = workspace.server_binary("debug");
    let mut server = Command::new(&binary);
    server
        .current_dir(&workspace.root)
        .args(["serve", "--demo"])
        .args(&args.server_args);
    become_server(server).with_context(|| format!("cannot run {}", workspace.shown(&binary)))
}

/// Compiles the server for development.
pub(crate) fn build_server(workspace: &Workspace) -> Result<()> {
    if !workspace.server_binary("debug").is_file() {
        println!(
            "server: the first build compiles some 300 crates, about four minutes on two cores; later ones take seconds"
        );
    }
    process::run(cargo::command().current_dir(&workspace.root).args([
        "build",
        "--locked",
        "--package",
        "atthene-server",
    ]))
}

#[cfg(unix)]
fn become_server(mut server: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(server.exec())
}

/// Elsewhere the server is a child; the console hands Ctrl-C to both.
#[cfg(not(unix))]
fn become_server(mut server: Command) -> std::io::Result<ExitCode> {
    let status = server.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
