//! The browser tests: finds Node and Chromium, builds the server, hands over to Playwright in tests/e2e.
//! What is tested there is written there; the tests start and stop the servers that they need.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{process, run};

const CHROMIUM_NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const INSTALL_CHROMIUM: &str = "apt-get update && apt-get install -y --no-install-recommends chromium";

/// Runs every browser test.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let (node, npm) = (
        process::find_on_path(&["node"]),
        process::find_on_path(&["npm", "npm.cmd"]),
    );
    let (Some(_), Some(npm)) = (node, npm) else {
        bail!("the browser tests need Node 20 or newer; on Debian type: apt-get install -y nodejs npm");
    };
    let chromium = find_or_install_chromium()?;
    println!("browser: {}", chromium.display());
    run::build_server(workspace)?;

    let folder = workspace.root.join("tests/e2e");
    let npm = || {
        let mut command = Command::new(&npm);
        // Chromium is the machine's own: Playwright need not bring one.
        command
            .current_dir(&folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        command
    };
    process::run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    process::run(
        npm()
            .args(["exec", "--", "playwright", "test"])
            .env("CHROMIUM", &chromium)
            .env("ATTHENE_BIN", workspace.server_binary("debug")),
    )
}

fn find_or_install_chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("CHROMIUM names {}, which is not a file", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = process::find_on_path(&CHROMIUM_NAMES) {
        return Ok(found);
    }
    if !process::is_debian_as_root() {
        bail!("the browser tests need Chromium; on Debian type: sudo sh -c '{INSTALL_CHROMIUM}'");
    }
    println!("Chromium is not installed: installing Debian's");
    let mut command = Command::new("sh");
    command
        .args(["-c", INSTALL_CHROMIUM])
        .env("DEBIAN_FRONTEND", "noninteractive");
    process::run(&mut command)?;
    process::find_on_path(&CHROMIUM_NAMES).context("apt-get installed no chromium")
}
