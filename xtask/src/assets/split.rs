//! Cuts one WASM file in two at the functions that are marked with `#[wasm_split]`: what is needed first, and what only
//! those functions lead to, which is fetched later. Where the halves meet is the work of `wasm_split_cli_support`; how the
//! second one is fetched is written in `console/page/late.js`, which takes the place of the loader that it brings.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::workspace::Workspace;

/// What the linker must keep for it: what refers to what, and each datum by itself.
pub(crate) const LINK_ARGS: [&str; 2] = ["--emit-relocs", "--no-merge-data-segments"];
/// The module from which the first half imports the loader of the second.
const LOADER: &str = "late";
/// What stands there instead; it defines a constant of that name.
const LOADER_SOURCE: &str = "console/page/late.js";

/// One WASM file in two.
pub(crate) struct Halves {
    /// Where the first lies, for wasm-bindgen.
    pub(crate) first: PathBuf,
    /// The second, as it is served.
    pub(crate) late: Vec<u8>,
}

/// Cuts what was compiled.
pub(crate) fn split(workspace: &Workspace, compiled: &Path) -> Result<Halves> {
    let folder = workspace.cargo_target.join("xtask/split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let input = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let first = folder.join("first.wasm");
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = LOADER;
    let output = transform(options).map_err(|error| anyhow!("cannot split {}: {error:#}", compiled.display()))?;
    let [late] = &output.split_modules[..] else {
        return Err(anyhow!(
            "one late part is wanted, there are {}",
            output.split_modules.len()
        ));
    };
    let late = without_names(&fs::read(late)?)?;
    Ok(Halves { first, late })
}

/// The glue with our loader in the place of the module that the first half imports.
pub(crate) fn with_loader(workspace: &Workspace, glue: &str) -> Result<String> {
    let source = workspace.root.join(LOADER_SOURCE);
    let loader = fs::read_to_string(source).with_context(|| format!("cannot read {LOADER_SOURCE}"))?;
    put_in(glue, &loader)
}

/// Puts a loader in, under the name by which the glue knows the module.
pub(super) fn put_in(glue: &str, loader: &str) -> Result<String> {
    let module = format!("\"{LOADER}\"");
    let mut imports = glue
        .lines()
        .filter(|line| line.starts_with("import * as ") && line.contains(&module));
    let import = imports.next().context("the glue imports no loader")?;
    ensure!(imports.next().is_none(), "the glue imports two loaders");
    let name = import.split_whitespace().nth(3).unwrap_or_default();
    Ok(glue.replace(import, &format!("{loader}const {name} = {LOADER};")))
}

/// A WASM file without its custom sections: names and the like, which no browser needs.
pub(super) fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER_BYTES: usize = 8;
    const CUSTOM: u8 = 0;
    let is_wasm = wasm.starts_with(b"\0asm") && wasm.len() >= HEADER_BYTES;
    ensure!(is_wasm, "this is no WASM");
    let (header, mut rest) = wasm.split_at(HEADER_BYTES);
    let mut kept = header.to_vec();
    while let Some((&kind, after)) = rest.split_first() {
        let (length, digits) = leb128(after).context("a section without a length")?;
        let (section, next) = rest
            .split_at_checked(1 + digits + length)
            .context("a section that is cut off")?;
        if kind != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(kept)
}

/// A number as WASM writes it, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}
