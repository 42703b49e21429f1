//! Where things lie: the workspace's root, cargo's target directory, the built assets.
//! It only names places; nothing is built or read here beyond `cargo metadata`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo;

/// The places of one checkout.
pub(crate) struct Workspace {
    /// The folder that holds the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Where cargo writes; not always `root/target` (CARGO_TARGET_DIR, build.target-dir).
    pub(crate) cargo_target: PathBuf,
    /// The version that every crate of the workspace shares.
    pub(crate) version: String,
}

impl Workspace {
    /// Asks cargo; works from any folder of the checkout.
    pub(crate) fn find() -> Result<Self> {
        let mut command = cargo::command();
        // `cargo run` says where this crate lies; without it (the binary called by hand) the current folder decides.
        if let Some(manifest_dir) = std::env::var_os("CARGO_MANIFEST_DIR") {
            command.current_dir(manifest_dir);
        }
        let output = command
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cannot start cargo")?;
        if !output.status.success() {
            bail!(
                "cargo metadata failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let text = |value: &serde_json::Value, what: &str| -> Result<String> {
            value
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("cargo metadata names no {what}"))
        };
        let widget = metadata["packages"]
            .as_array()
            .and_then(|packages| packages.iter().find(|package| package["name"] == "atthene-widget"))
            .context("this is not the AttheneChat workspace: no package atthene-widget")?;
        Ok(Self {
            root: text(&metadata["workspace_root"], "workspace root")?.into(),
            cargo_target: text(&metadata["target_directory"], "target directory")?.into(),
            version: text(&widget["version"], "version")?,
        })
    }

    /// The server as cargo built it for `profile` (the folder's name: `debug`, `release`).
    pub(crate) fn server_binary(&self, profile: &str) -> PathBuf {
        self.cargo_target
            .join(profile)
            .join(format!("atthene{}", std::env::consts::EXE_SUFFIX))
    }

    /// The short name of a path for messages.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
