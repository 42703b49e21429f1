//! The steps of the test command and what each of them calls. Order, timing and the summary are in `mod.rs`.

use std::fmt;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::ValueEnum;

use super::{browser, clients, deny};
use crate::workspace::Workspace;
use crate::{assets, cargo, fuzz, process, size, soak};

/// One step; the order here is the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// rustfmt has nothing to change
    Fmt,
    /// Widget and console compile and their files are written
    Widget,
    /// clippy for the native side, warnings are errors
    Clippy,
    /// clippy for widget and console in the browser
    ClippyWasm,
    /// Licences, bans, sources, advisories
    Deny,
    /// Every native test
    Native,
    /// 100,000 generated origins
    Fuzz,
    /// 25 kills under talking clients
    Soak,
    /// The packages of others against the REST surfaces
    Clients,
    /// The demo in a real Chromium
    Browser,
    /// What a page loads stays under the limit
    Size,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Fmt => "fmt",
            Self::Widget => "widget",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy-wasm",
            Self::Deny => "deny",
            Self::Native => "native",
            Self::Fuzz => "fuzz",
            Self::Soak => "soak",
            Self::Clients => "clients",
            Self::Browser => "browser",
            Self::Size => "size",
        };
        formatter.write_str(name)
    }
}

impl Step {
    /// The step whose result this one uses.
    pub(crate) fn needs(self) -> Option<Self> {
        matches!(self, Self::Browser | Self::Size).then_some(Self::Widget)
    }

    /// Runs the step; what it could not check comes back as a note.
    pub(crate) fn run(self, workspace: &Workspace) -> Result<Option<String>> {
        let cargo = |arguments: &[&str]| process::run(cargo::command().current_dir(&workspace.root).args(arguments));
        match self {
            Self::Fmt => cargo(&["fmt", "--all", "--check"])?,
            Self::Widget => assets::build_all(workspace, assets::Args::default())?,
            Self::Clippy => cargo(&[
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])?,
            Self::ClippyWasm => {
                for package in ["atthene-widget", "atthene-console"] {
                    let wasm = ["--package", package, "--target", "wasm32-unknown-unknown"];
                    cargo(&[&["clippy", "--locked"], &wasm[..], &["--", "-D", "warnings"]].concat())?;
                }
            }
            Self::Deny => return deny::run(workspace),
            Self::Native => cargo(&["test", "--locked", "--workspace", "--no-fail-fast"])?,
            Self::Fuzz => fuzz::run(workspace, &fuzz::Args::short())?,
            Self::Soak => soak::run(workspace, &soak::Args::short())?,
            Self::Clients => clients::run(workspace, &[])?,
            Self::Browser => browser::run(workspace)?,
            Self::Size => ensure!(
                size::run(workspace)? == ExitCode::SUCCESS,
                "widget or console is too large"
            ),
        }
        Ok(None)
    }
}
