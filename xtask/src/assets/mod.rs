//! `cargo xtask widget` and `cargo xtask console`: from sources to the files that a browser loads. What both have in
//! common is here and beside it; what is made of the parts is in `widget` and `console`. The server is not built here.

mod bindgen;
mod compress;
mod console;
mod file;
mod fingerprint;
mod minify;
mod names;
mod split;
#[cfg(test)]
mod tests;
mod wasm;
mod widget;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use bindgen::Bound;
pub(crate) use compress::{brotli, gzip};
pub(crate) use console::Manifest as ConsoleManifest;
use file::File;
pub(crate) use widget::Manifest as WidgetManifest;

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

/// One of the two things that are compiled for the browser.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// What visitors load.
    Widget,
    /// What admins load.
    Console,
}

impl Part {
    /// Its folder under the root, its name in every message, and the beginning of its files' names.
    fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Console => "console",
        }
    }

    /// Whether what is not needed first is a file of its own.
    fn is_split(self) -> bool {
        matches!(self, Self::Console)
    }

    /// What decides what its files are, beside what decides about both.
    fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Widget => &["widget"],
            Self::Console => &[
                "console/Cargo.toml",
                "console/page",
                "console/src",
                console::SHARED_TOKENS,
            ],
        }
    }

    /// Where its finished files are: always under the root, because the server embeds them from there.
    pub(crate) fn folder(self, workspace: &Workspace) -> PathBuf {
        workspace.root.join("target/assets").join(self.name())
    }

    /// The names of the files that are there, as its manifest says.
    fn names(self, workspace: &Workspace) -> Result<Vec<String>> {
        let folder = self.folder(workspace);
        match self {
            Self::Widget => WidgetManifest::read(&folder).map(|manifest| manifest.names()),
            Self::Console => ConsoleManifest::read(&folder).map(|manifest| manifest.names()),
        }
    }

    fn assemble(self, workspace: &Workspace, bound: Bound) -> Result<Vec<File>> {
        match self {
            Self::Widget => widget::assemble(workspace, bound),
            Self::Console => console::assemble(workspace, bound),
        }
    }
}

/// Brings everything that a browser loads up to date.
pub(crate) fn build_all(workspace: &Workspace, args: Args) -> Result<()> {
    build(workspace, Part::Widget, args)?;
    build(workspace, Part::Console, args)
}

/// Brings the files of one part up to date.
pub(crate) fn build(workspace: &Workspace, part: Part, args: Args) -> Result<()> {
    let started = Instant::now();
    let name = part.name();
    let wasm_opt = args.optimise.then(wasm::find_wasm_opt).flatten();
    if args.optimise && wasm_opt.is_none() {
        println!("{name}: no wasm-opt on the PATH, the WASM stays about 2.5 % larger");
    }
    let fingerprint = fingerprint::of_sources(workspace, part, wasm_opt.is_some())?;
    if !args.force && fingerprint::is_current(workspace, part, &fingerprint) {
        println!("{name}: unchanged ({} ms)", started.elapsed().as_millis());
        return Ok(());
    }

    println!("{name}: compiling to WASM (the first time takes a minute or two)");
    let mut compiled = wasm::compile(workspace, part)?;
    let mut late = None;
    if part.is_split() {
        let halves = split::split(workspace, &compiled)?;
        compiled = halves.first;
        late = Some(halves.late);
    }
    let mut bound = bindgen::bind(&compiled, name)?;
    bound.late = late;
    if let Some(wasm_opt) = wasm_opt {
        for wasm in bound.late.iter_mut().chain([&mut bound.wasm]) {
            *wasm = wasm::optimise(workspace, &wasm_opt, wasm)?;
        }
    }
    if part.is_split() {
        bound.glue = split::with_loader(workspace, &bound.glue)?;
    }
    bound.glue = minify::module(&bound.glue).context("the glue of wasm-bindgen")?;

    let folder = part.folder(workspace);
    let files = part.assemble(workspace, bound)?;
    file::write(&folder, &files)?;
    fingerprint::remember(workspace, part, &fingerprint)?;
    for file in files.iter().filter(|file| !file.name.ends_with(".json")) {
        println!(
            "{name}: {:<30} {:>8} bytes, brotli {:>7}",
            file.name,
            file.bytes.len(),
            file.brotli.len()
        );
    }
    println!(
        "{name}: written to {} in {:.1} s",
        workspace.shown(&folder),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
