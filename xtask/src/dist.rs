//! `cargo xtask dist`: the one file that is put on a server, with widget and console inside. It packages nothing around it.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{assets, cargo, process};

/// Builds `dist/atthene`.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    assets::build_all(workspace, assets::Args::optimised())?;
    println!("server: release build, about five minutes on two cores");
    process::run(cargo::command().current_dir(&workspace.root).args([
        "build",
        "--locked",
        "--release",
        "--package",
        "atthene-server",
    ]))?;
    let built = workspace.server_binary("release");
    let folder = workspace.root.join("dist");
    fs::create_dir_all(&folder)?;
    let target = folder.join(built.file_name().context("the server has no name")?);
    let bytes = fs::copy(&built, &target).with_context(|| format!("cannot copy {}", built.display()))?;
    println!("dist: {} ({:.1} MB)", workspace.shown(&target), bytes as f64 / 1e6);
    Ok(())
}
