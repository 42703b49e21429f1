//! A finished file with its encodings, its hash and its integrity, and the folder of them. It writes what it is given;
//! where the bytes come from is not its business.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use sha2::{Digest, Sha256, Sha384};

use super::{brotli, gzip};

/// The one placeholder that stays for the server, which alone knows its address.
pub(crate) const URL_PLACEHOLDER: &str = "__ATTHENE_URL__";

/// One file with its encodings.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) brotli: Vec<u8>,
    gzip: Vec<u8>,
}

impl File {
    pub(crate) fn new(name: String, bytes: Vec<u8>) -> Result<Self> {
        Ok(Self {
            brotli: brotli(&bytes)?,
            gzip: gzip(&bytes)?,
            name,
            bytes,
        })
    }

    /// One that is named by its content: `widget-0123456789abcdef.js`.
    pub(crate) fn hashed(beginning: &str, ending: &str, bytes: Vec<u8>) -> Result<Self> {
        Self::new(format!("{beginning}-{}.{ending}", short_hash(&bytes)), bytes)
    }

    /// What a browser holds it against.
    pub(crate) fn integrity(&self) -> String {
        format!(
            "sha384-{}",
            base64::engine::general_purpose::STANDARD.encode(Sha384::digest(&self.bytes))
        )
    }

    /// The list of the others, for the server and for `cargo xtask size`.
    pub(crate) fn manifest(content: &serde_json::Value) -> Result<Self> {
        Self::new(MANIFEST.to_owned(), format!("{content:#}\n").into_bytes())
    }
}

const MANIFEST: &str = "manifest.json";

/// The manifest of a folder, to be asked for its entries.
pub(crate) fn read_manifest(folder: &Path) -> Result<impl Fn(&str) -> Result<String> + use<>> {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?;
    Ok(move |key: &str| {
        json[key]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("no {key} in the manifest"))
    })
}

/// Puts values in for placeholders. A placeholder that is missing or left over means that the file and this tool have
/// grown apart, or that the minifier has folded one away: better found here than in somebody's page.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = text.to_owned();
    for (placeholder, value) in values {
        ensure!(filled.contains(placeholder), "it lacks {placeholder}");
        filled = filled.replace(placeholder, value);
    }
    let left = filled.replace(URL_PLACEHOLDER, "");
    ensure!(!left.contains("__ATTHENE_"), "it holds a placeholder that nobody fills");
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
        if file.name != MANIFEST {
            fs::write(folder.join(format!("{}.br", file.name)), &file.brotli)?;
            fs::write(folder.join(format!("{}.gz", file.name)), &file.gzip)?;
        }
    }
    Ok(())
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))[..16].to_owned()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
