//! The compiler's part: cargo for wasm32, and wasm-opt where it is installed. It knows nothing of JavaScript.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Part, split};
use crate::workspace::Workspace;
use crate::{cargo, process};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "widget";

/// Compiles one part; returns where the WASM lies.
pub(crate) fn compile(workspace: &Workspace, part: Part) -> Result<PathBuf> {
    let package = format!("atthene-{}", part.name());
    let mut command = cargo::command();
    command
        .current_dir(&workspace.root)
        .args([
            "rustc",
            "--package",
            &package,
            "--lib",
            "--locked",
            "--target",
            TARGET,
            "--profile",
            PROFILE,
        ])
        .args(["--config", &remapped_paths(workspace)]);
    if part.is_split() {
        // For the linker alone, so that both parts share what they are built of.
        command
            .arg("--")
            .args(split::LINK_ARGS.map(|arg| format!("-Clink-arg={arg}")));
    }
    process::run(&mut command)?;
    Ok(workspace
        .cargo_target
        .join(TARGET)
        .join(PROFILE)
        .join(format!("{}.wasm", package.replace('-', "_"))))
}

/// Panic messages carry the paths of source files. Cutting the machine's own folders off makes the WASM the same on
/// every machine, smaller, and silent about where it was built.
fn remapped_paths(workspace: &Workspace) -> String {
    let mut flags = vec![format!("--remap-path-prefix={}=", workspace.root.display())];
    if let Some(cargo_home) = cargo_home() {
        flags.push(format!(
            "--remap-path-prefix={}=",
            cargo_home.join("registry/src").display()
        ));
    }
    // A list of strings is the same in TOML and in JSON.
    format!("target.{TARGET}.rustflags={}", serde_json::Value::from(flags))
}

fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Binaryen's optimiser, if somebody installed it: it is never needed.
pub(crate) fn find_wasm_opt() -> Option<PathBuf> {
    process::find_on_path(&["wasm-opt"])
}

/// Runs wasm-opt for size over finished WASM.
pub(crate) fn optimise(workspace: &Workspace, wasm_opt: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let folder = workspace.cargo_target.join("xtask");
    std::fs::create_dir_all(&folder)?;
    let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
    std::fs::write(&before, wasm)?;
    let mut command = Command::new(wasm_opt);
    command
        .args(["-Oz", "--all-features", "--strip-target-features", "-o"])
        .arg(&after)
        .arg(&before);
    process::run(&mut command)?;
    std::fs::read(&after).context("wasm-opt wrote nothing")
}
