//! The finished folder: hashed names, integrity, manifest, placeholders, encodings. It writes what it is given;
//! where the bytes come from is not its business.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use sha2::{Digest, Sha256, Sha384};

use super::{brotli, gzip};

/// The one placeholder that stays for the server, which alone knows its address.
const URL_PLACEHOLDER: &str = "__ATTHENE_URL__";

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

    /// Reads `manifest.json` of the assets' folder.
    pub(crate) fn read(assets: &Path) -> Result<Self> {
        let json: serde_json::Value = serde_json::from_slice(&fs::read(assets.join("manifest.json"))?)?;
        let name = |key: &str| {
            json[key]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {key} in the manifest"))
        };
        Ok(Self {
            glue: name("glue")?,
            wasm: name("wasm")?,
        })
    }

    /// Every file that is served.
    pub(crate) fn names(&self) -> [&str; 3] {
        [Self::SHIM, &self.glue, &self.wasm]
    }
}

/// One file with its encodings.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) brotli: Vec<u8>,
    gzip: Vec<u8>,
}

impl File {
    fn new(name: String, bytes: Vec<u8>) -> Result<Self> {
        Ok(Self {
            brotli: brotli(&bytes)?,
            gzip: gzip(&bytes)?,
            name,
            bytes,
        })
    }
}

/// Names the parts by their content and tells the shim about them.
pub(crate) fn assemble(version: &str, shim: &str, glue: String, wasm: Vec<u8>) -> Result<Vec<File>> {
    let glue_name = format!("widget-{}.js", short_hash(glue.as_bytes()));
    let wasm_name = format!("widget-{}.wasm", short_hash(&wasm));
    let (glue_integrity, wasm_integrity) = (integrity(glue.as_bytes()), integrity(&wasm));
    let shim = fill(
        shim,
        &[
            ("__ATTHENE_VERSION__", version),
            ("__ATTHENE_GLUE__", &glue_name),
            ("__ATTHENE_WASM__", &wasm_name),
            ("__ATTHENE_GLUE_SRI__", &glue_integrity),
            ("__ATTHENE_WASM_SRI__", &wasm_integrity),
        ],
    )?;
    let manifest = serde_json::json!({
        "version": version,
        "glue": glue_name,
        "wasm": wasm_name,
        "glue_integrity": glue_integrity,
        "wasm_integrity": wasm_integrity,
    });
    Ok(vec![
        File::new(Manifest::SHIM.to_owned(), shim.into_bytes())?,
        File::new(glue_name, glue.into_bytes())?,
        File::new(wasm_name, wasm)?,
        File::new("manifest.json".to_owned(), format!("{manifest:#}\n").into_bytes())?,
    ])
}

/// Puts values in for placeholders. A placeholder that is missing or left over means that the shim and this tool have
/// grown apart, or that the minifier has folded one away: better found here than in somebody's page.
pub(crate) fn fill(shim: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = shim.to_owned();
    for (placeholder, value) in values {
        ensure!(filled.contains(placeholder), "the shim lacks {placeholder}");
        filled = filled.replace(placeholder, value);
    }
    ensure!(filled.contains(URL_PLACEHOLDER), "the shim lacks {URL_PLACEHOLDER}");
    let left = filled.replace(URL_PLACEHOLDER, "");
    ensure!(
        !left.contains("__ATTHENE_"),
        "the shim holds a placeholder that nobody fills"
    );
    Ok(filled)
}

/// Replaces the folder's content; what an earlier build left there goes.
pub(crate) fn write(folder: &Path, files: &[File]) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for file in files {
        fs::write(folder.join(&file.name), &file.bytes)?;
        // The manifest is for the server, no browser asks for it.
        if !file.name.ends_with(".json") {
            fs::write(folder.join(format!("{}.br", file.name)), &file.brotli)?;
            fs::write(folder.join(format!("{}.gz", file.name)), &file.gzip)?;
        }
    }
    Ok(())
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))[..16].to_owned()
}

fn integrity(bytes: &[u8]) -> String {
    format!(
        "sha384-{}",
        base64::engine::general_purpose::STANDARD.encode(Sha384::digest(bytes))
    )
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
