//! `cargo xtask trunk`: what Trunk wants for `trunk build` and `trunk serve` (Trunk.toml), without a download of binaries:
//! Trunk itself from the registry, and a `wasm-bindgen` of the version in Cargo.lock, which is this very program under
//! that name, laid where Trunk looks for it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::workspace::Workspace;
use crate::{cargo, process};

/// The Trunk that this was tried with.
const TRUNK: &str = "0.22.1";
/// The name under which this program is what Trunk calls.
const BINDGEN: &str = "wasm-bindgen";

/// What to do with it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Given to Trunk as they are, such as `build` or `serve`; without any, only its tools are brought
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    trunk_args: Vec<String>,
}

/// Brings the tools, and runs Trunk where there is something for it to do.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let bindgen = bring_bindgen()?;
    println!("trunk: wasm-bindgen {} is at {}", version(), bindgen.display());
    bring_trunk(workspace)?;
    if args.trunk_args.is_empty() {
        println!("trunk: ready; `trunk build` and `trunk serve` work from here");
        return Ok(ExitCode::SUCCESS);
    }
    process::run(
        Command::new("trunk")
            .current_dir(&workspace.root)
            .args(&args.trunk_args),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Where there is a Trunk already, it is taken as it is.
fn bring_trunk(workspace: &Workspace) -> Result<()> {
    if Command::new("trunk")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return Ok(());
    }
    println!("trunk: compiling it, some ten minutes on two cores");
    process::run(cargo::command().current_dir(&workspace.root).args([
        "install",
        "trunk",
        "--locked",
        "--version",
        TRUNK,
    ]))
    .context("Trunk cannot be installed; without it, `cargo xtask run` builds and serves all the same")
}

/// Into Trunk's own cache, in the folder of the version: it takes it from there instead of downloading it.
fn bring_bindgen() -> Result<PathBuf> {
    let folder = cache()?.join(format!("{BINDGEN}-{}", version()));
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let place = folder.join(format!("{BINDGEN}{}", std::env::consts::EXE_SUFFIX));
    // Beside it first: what is running just now cannot be written over.
    let fresh = place.with_extension("new");
    std::fs::copy(std::env::current_exe()?, &fresh)
        .with_context(|| format!("{} cannot be written", fresh.display()))?;
    std::fs::rename(&fresh, &place)?;
    Ok(place)
}

/// Where Trunk keeps its tools, as the platforms have it.
fn cache() -> Result<PathBuf> {
    let folder = |variable: &str| {
        std::env::var_os(variable)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    let home = || folder("HOME").context("HOME is not set");
    Ok(match std::env::consts::OS {
        "macos" => home()?.join("Library/Caches/dev.trunkrs.trunk"),
        "windows" => folder("LOCALAPPDATA")
            .context("LOCALAPPDATA is not set")?
            .join("trunkrs/trunk/cache"),
        _ => match folder("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
            Some(cache) => cache,
            None => home()?.join(".cache"),
        }
        .join("trunk"),
    })
}

fn version() -> String {
    wasm_bindgen_shared::version()
}

/// Whether this program was called by its other name.
pub(crate) fn is_bindgen() -> bool {
    let called = std::env::args_os().next().map(PathBuf::from);
    called.is_some_and(|called| called.file_stem() == Some(OsStr::new(BINDGEN)))
}

/// Does what Trunk calls `wasm-bindgen` for: its version, or glue and WASM for the web in a folder.
pub(crate) fn act_as_bindgen() -> Result<()> {
    let (mut bindgen, mut out_dir, mut input) = (Bindgen::new(), None, None);
    for argument in std::env::args().skip(1) {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("--version" | "-V", _) => {
                println!("{BINDGEN} {}", version());
                return Ok(());
            }
            ("--target", "web") => drop(bindgen.web(true)?),
            ("--target", "no-modules") => drop(bindgen.no_modules(true)?),
            ("--out-dir", folder) => out_dir = Some(folder.to_owned()),
            ("--out-name", name) => drop(bindgen.out_name(name)),
            ("--no-typescript", _) => drop(bindgen.typescript(false)),
            ("--keep-debug", _) => drop(bindgen.keep_debug(true)),
            ("--no-demangle", _) => drop(bindgen.demangle(false)),
            // What a module needs of these it says itself.
            ("--reference-types" | "--weak-refs", _) => {}
            (option, _) if option.starts_with('-') => bail!("{option} is not known here; only what Trunk asks for is"),
            (file, _) => input = Some(file.to_owned()),
        }
    }
    let (input, out_dir) = (
        input.context("name the WASM file")?,
        out_dir.context("--out-dir=FOLDER is missing")?,
    );
    bindgen.input_path(Path::new(&input)).generate(&out_dir)?;
    Ok(())
}
