//! Has anything changed since the assets were written? One hash over every input answers, so that a second
//! `cargo xtask run` starts at once. It looks at bytes, never at times: a fresh checkout changes no fingerprint.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::Part;
use crate::workspace::Workspace;

/// Every file and folder that decides what the assets of both parts are; this tool's own part among them.
const INPUTS: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "protocol",
    "xtask/src/assets",
];

/// One line that stands for all inputs.
pub(crate) fn of_sources(workspace: &Workspace, part: Part, is_optimised: bool) -> Result<String> {
    let mut files = Vec::new();
    for input in INPUTS.iter().chain(part.inputs()) {
        collect(&workspace.root.join(input), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let name = workspace.shown(&file).to_string();
        let bytes = fs::read(&file).with_context(|| format!("cannot read {name}"))?;
        // Lengths keep "ab" + "c" apart from "a" + "bc".
        hash.update(format!("{} {name} {}\n", name.len(), bytes.len()));
        hash.update(&bytes);
    }
    hash.update(std::env::var("RUSTFLAGS").unwrap_or_default());
    let kind = if is_optimised { "optimised" } else { "plain" };
    Ok(format!("{kind} {}\n", super::file::hex(&hash.finalize())))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Whether the files on disk are those of this fingerprint, and are all there.
pub(crate) fn is_current(workspace: &Workspace, part: Part, fingerprint: &str) -> bool {
    let folder = part.folder(workspace);
    fs::read_to_string(note(workspace, part)).is_ok_and(|noted| noted == fingerprint)
        && part.names(workspace).is_ok_and(|names| {
            names.iter().all(|name| {
                ["", ".br", ".gz"]
                    .iter()
                    .all(|ending| folder.join(format!("{name}{ending}")).is_file())
            })
        })
}

/// Notes what the assets were made from.
pub(crate) fn remember(workspace: &Workspace, part: Part, fingerprint: &str) -> Result<()> {
    Ok(fs::write(note(workspace, part), fingerprint)?)
}

/// Beside the assets, not among them: the server embeds that whole folder.
fn note(workspace: &Workspace, part: Part) -> PathBuf {
    part.folder(workspace).with_extension("fingerprint")
}
