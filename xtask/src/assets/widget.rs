//! The widget's folder: the shim, which is told about glue and WASM, and the two.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::bindgen::Bound;
use super::file::{self, File, URL_PLACEHOLDER};
use super::minify;
use crate::workspace::Workspace;

/// What the server and `cargo xtask size` read first.
pub(crate) struct Manifest {
    /// The hashed name of the glue.
    pub(crate) glue: String,
    /// The hashed name of the WASM.
    pub(crate) wasm: String,
}

impl Manifest {
    /// The name of the shim: not hashed, it is what pages write into their HTML.
    pub(crate) const SHIM: &str = "chat-widget.js";

    /// Reads `manifest.json` of the folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let name = file::read_manifest(folder)?;
        Ok(Self {
            glue: name("glue")?,
            wasm: name("wasm")?,
        })
    }

    /// Every file that is served.
    pub(crate) fn names(&self) -> Vec<String> {
        vec![Self::SHIM.to_owned(), self.glue.clone(), self.wasm.clone()]
    }
}

/// Names the parts by their content and tells the shim about them.
pub(crate) fn assemble(workspace: &Workspace, bound: Bound) -> Result<Vec<File>> {
    let path = workspace.root.join("widget/shim/chat-widget.js");
    let source = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", workspace.shown(&path)))?;
    let shim = minify::script(&source).context("widget/shim/chat-widget.js")?;
    let glue = File::hashed("widget", "js", bound.glue.into_bytes())?;
    let wasm = File::hashed("widget", "wasm", bound.wasm)?;
    let (glue_integrity, wasm_integrity) = (glue.integrity(), wasm.integrity());
    let values = [
        ("__ATTHENE_VERSION__", workspace.version.as_str()),
        ("__ATTHENE_GLUE__", &glue.name),
        ("__ATTHENE_WASM__", &wasm.name),
        ("__ATTHENE_GLUE_SRI__", &glue_integrity),
        ("__ATTHENE_WASM_SRI__", &wasm_integrity),
    ];
    let shim = file::fill(&shim, &values).context("the shim")?;
    ensure!(shim.contains(URL_PLACEHOLDER), "the shim lacks {URL_PLACEHOLDER}");
    let manifest = File::manifest(&serde_json::json!({
        "version": workspace.version,
        "glue": glue.name,
        "wasm": wasm.name,
        "glue_integrity": glue_integrity,
        "wasm_integrity": wasm_integrity,
    }))?;
    let shim = File::new(Manifest::SHIM.to_owned(), shim.into_bytes())?;
    Ok(vec![shim, glue, wasm, manifest])
}
