//! `cargo xtask widget`: from the widget's sources to the files that a browser loads.
//! The order of the steps is here; what each step does is in its own file. The server is not built here.

mod bindgen;
mod compress;
mod fingerprint;
mod minify;
mod names;
mod output;
#[cfg(test)]
mod tests;
mod wasm;

use std::time::Instant;

use anyhow::{Context, Result};

pub(crate) use compress::{brotli, gzip};
pub(crate) use output::Manifest;

use crate::workspace::Workspace;

/// What can be asked of the build.
#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct Args {
    /// Pass the WASM through wasm-opt, if one is installed
    #[arg(long)]
    optimise: bool,
    /// Build even when nothing has changed
    #[arg(long)]
    force: bool,
}

impl Args {
    /// What a release wants.
    pub(crate) fn optimised() -> Self {
        Self {
            optimise: true,
            force: false,
        }
    }
}

/// Brings `target/assets/widget` up to date.
pub(crate) fn build(workspace: &Workspace, args: Args) -> Result<()> {
    let started = Instant::now();
    let wasm_opt = args.optimise.then(wasm::find_wasm_opt).flatten();
    if args.optimise && wasm_opt.is_none() {
        println!("widget: no wasm-opt on the PATH, the WASM stays about 2.5 % larger");
    }
    let fingerprint = fingerprint::of_sources(workspace, wasm_opt.is_some())?;
    if !args.force && fingerprint::is_current(workspace, &fingerprint) {
        println!("widget: unchanged ({} ms)", started.elapsed().as_millis());
        return Ok(());
    }

    println!("widget: compiling to WASM (the first time takes a minute or two)");
    let compiled = wasm::compile(workspace)?;
    let mut bound = bindgen::bind(&compiled)?;
    if let Some(wasm_opt) = wasm_opt {
        bound.wasm = wasm::optimise(workspace, &wasm_opt, &bound.wasm)?;
    }
    let glue = minify::module(&bound.glue).context("the glue of wasm-bindgen")?;
    let shim_path = workspace.root.join("widget/shim/chat-widget.js");
    let shim_source =
        std::fs::read_to_string(&shim_path).with_context(|| format!("cannot read {}", workspace.shown(&shim_path)))?;
    let shim = minify::script(&shim_source).context("widget/shim/chat-widget.js")?;

    let files = output::assemble(&workspace.version, &shim, glue, bound.wasm)?;
    output::write(&workspace.assets(), &files)?;
    fingerprint::remember(workspace, &fingerprint)?;
    for file in files.iter().filter(|file| !file.name.ends_with(".json")) {
        println!(
            "widget: {:<30} {:>8} bytes, brotli {:>7}",
            file.name,
            file.bytes.len(),
            file.brotli.len()
        );
    }
    println!(
        "widget: written to {} in {:.1} s",
        workspace.shown(&workspace.assets()),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
