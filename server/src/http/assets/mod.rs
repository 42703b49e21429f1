//! The widget's files: embedded in the binary, compressed ahead, served with the right encoding and the right life in
//! caches. It compresses nothing on a request, and knows nothing of agents: these files are open to everybody.

mod encoding;
mod kept;
mod response;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use rust_embed::RustEmbed;
use serde::Deserialize;
use sha2::{Digest, Sha384};

pub use encoding::Encoding;
pub use kept::FOLDER as KEPT_FOLDER;
pub use response::File as StoredFile;
pub(crate) use response::content_type;
use response::{File, Life};

/// What `cargo xtask` wrote; empty in a build without it.
#[derive(RustEmbed)]
#[folder = "../target/assets/widget"]
#[allow_missing = true]
struct Built;

/// The name of the shim, in the folder and on the wire.
const SHIM: &str = "chat-widget.js";
/// What stands in the shim for `public_url`.
const URL_PLACEHOLDER: &str = "__ATTHENE_URL__";

#[derive(Deserialize)]
struct Manifest {
    version: String,
    glue: String,
    wasm: String,
}

/// The shim under its version: where pages find it, and what its bytes are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// The widget's version.
    pub version: String,
    /// Its path on the public listener.
    pub path: String,
    /// The value of the tag's `integrity` (SRI): of the very bytes that the path answers.
    pub integrity: String,
}

/// All files by their path.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, File>,
    pinned: Option<Pinned>,
}

impl Assets {
    /// Takes the embedded files; puts `public_url` into the shim and compresses that one, once. What was served before is
    /// taken from the folder of the data.
    pub fn load(public_url: &str, data_dir: &Path) -> Self {
        let open = |name: &str| Built::get(name).map(|file| file.data);
        match Self::read(public_url, &open) {
            Some(assets) => assets.with_kept(data_dir, &open),
            None => {
                tracing::error!("this build holds no widget; build with `cargo xtask run`");
                Self::default()
            }
        }
    }

    /// Keeps these files in the folder of the data, and serves those that other versions left there.
    #[must_use]
    pub fn with_kept(mut self, data_dir: &Path, open: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>) -> Self {
        let Some(pinned) = &self.pinned else { return self };
        let below = format!("/widget/{}/", pinned.version);
        let mut files = Vec::new();
        for (path, file) in &self.files {
            let Some(name) = path.strip_prefix(&below) else {
                continue;
            };
            files.push((name.to_owned(), Cow::Borrowed(file.plain())));
            // The encodings of the shim are made at every start, for it holds an address.
            let encodings = [".br", ".gz"].iter().filter(|_| name != SHIM);
            let encodings = encodings.map(|ending| format!("{name}{ending}"));
            files.extend(encodings.filter_map(|name| open(&name).map(|data| (name, data))));
        }
        let plain: Vec<kept::Plain<'_>> = files
            .iter()
            .map(|(name, data)| (name.as_str(), data.as_ref()))
            .collect();
        if let Err(error) = kept::keep(data_dir, &pinned.version, &plain) {
            tracing::warn!(%error, "the widget's files could not be kept for pages that pin this version");
        }
        let others = kept::others(data_dir, &pinned.version);
        self.files.extend(others);
        self
    }

    /// The same from any folder. `None`: a file is missing.
    pub fn read(public_url: &str, open: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>) -> Option<Self> {
        let manifest: Manifest = serde_json::from_slice(&open("manifest.json")?).ok()?;
        let mut files = HashMap::new();
        let shim = String::from_utf8(open(SHIM)?.into_owned())
            .ok()?
            .replace(URL_PLACEHOLDER, public_url);
        let pinned = Pinned {
            path: format!("/widget/{}/{SHIM}", manifest.version),
            integrity: format!("sha384-{}", STANDARD.encode(Sha384::digest(shim.as_bytes()))),
            version: manifest.version.clone(),
        };
        let shim = File::compress(SHIM, Life::Short, shim.into_bytes());
        files.insert(pinned.path.clone(), shim.clone());
        files.insert(format!("/{SHIM}"), shim);
        for name in [&manifest.glue, &manifest.wasm] {
            let file = File::immutable(name, open)?;
            files.insert(format!("/widget/{}/{name}", manifest.version), file);
        }
        Some(Self {
            files,
            pinned: Some(pinned),
        })
    }

    /// The shim under its version; none in a build without the widget.
    pub fn pinned(&self) -> Option<&Pinned> {
        self.pinned.as_ref()
    }

    /// Whether this build holds the widget.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The answer for a path, one trailing slash allowed.
    pub fn respond(&self, path: &str, headers: &HeaderMap) -> Response {
        let path = path.strip_suffix('/').unwrap_or(path);
        match self.files.get(path) {
            Some(file) => file.respond(headers),
            None if self.is_empty() => response::missing_build(),
            None => response::not_found(),
        }
    }
}

/// Whether a name is one of ours, and leads nowhere else.
fn is_plain_name(name: &str) -> bool {
    !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
}
