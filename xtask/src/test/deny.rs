//! cargo-deny: licences, bans and sources from deny.toml, and known vulnerabilities where their database can be had.
//! The tool is built into target/tools when the machine has none.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{cargo, process};

/// Fails on a breach; comes back with a note when the advisory database could not be fetched.
pub(crate) fn run(workspace: &Workspace) -> Result<Option<String>> {
    let tool = find_or_install(workspace)?;
    let deny = |options: &[&str]| {
        let mut command = Command::new(&tool);
        command.current_dir(&workspace.root).args(options);
        command
    };
    process::run(&mut deny(&["--locked", "check", "licenses", "bans", "sources"]))?;
    // Without the network this fails in the fetch; with it, only on an advisory.
    if process::run(&mut deny(&["fetch", "db"])).is_err() {
        return Ok(Some(
            "advisories NOT CHECKED: their database could not be fetched".to_owned(),
        ));
    }
    process::run(&mut deny(&["--locked", "check", "--disable-fetch", "advisories"]))?;
    Ok(None)
}

fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.root.join("target/tools");
    let installed = folder
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if let Some(found) =
        process::find_on_path(&["cargo-deny"]).or_else(|| installed.is_file().then(|| installed.clone()))
    {
        return Ok(found);
    }
    println!("cargo-deny is not installed: building it into target/tools, once");
    // --debug: it reads a lock file, and an optimised build of it takes twice as long as all of ours.
    let mut command = cargo::command();
    command
        .current_dir(&workspace.root)
        .args(["install", "--debug", "--locked", "cargo-deny", "--root"])
        .arg(&folder);
    if process::run(&mut command).is_err() || !installed.is_file() {
        bail!("cargo-deny cannot be built; type: cargo install --locked cargo-deny");
    }
    Ok(installed)
}
