//! One stored file as an answer: encoding, type, caching, conditional requests. Which file it is, is decided before.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use super::encoding::{self, Encoding};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const SHORT: &str = "public, max-age=300";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ETAG_BYTES: usize = 16;

/// How long a file may stay in caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Its name holds its hash: for ever.
    Immutable,
    /// Five minutes, then it is asked for again by its ETag.
    Short,
}

/// A file with its encodings.
#[derive(Clone, Debug)]
pub struct File {
    content_type: &'static str,
    life: Life,
    is_for_all: bool,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    hash: String,
}

impl File {
    /// A file whose encodings are there already.
    pub(super) fn new(name: &str, life: Life, plain: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let digest = Sha256::digest(&plain);
        let hash = digest
            .iter()
            .take(ETAG_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            content_type: content_type(name),
            life,
            is_for_all: true,
            plain,
            brotli,
            gzip,
            hash,
        }
    }

    /// A file whose name holds its hash, with the encodings that lie beside it. `None`: it is not there.
    pub fn immutable(name: &str, open: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>) -> Option<Self> {
        let plain = to_bytes(open(name)?);
        let brotli = open(&format!("{name}.br")).map(to_bytes);
        let gzip = open(&format!("{name}.gz")).map(to_bytes);
        Some(Self::new(name, Life::Immutable, plain, brotli, gzip))
    }

    /// The same for pages of its own origin alone.
    #[must_use]
    pub fn for_own_origin(mut self) -> Self {
        self.is_for_all = false;
        self
    }

    /// A file that is compressed here and now.
    pub(super) fn compress(name: &str, life: Life, plain: Vec<u8>) -> Self {
        let brotli = encoding::to_brotli(&plain).map(Bytes::from);
        let gzip = encoding::to_gzip(&plain).map(Bytes::from);
        Self::new(name, life, Bytes::from(plain), brotli, gzip)
    }

    /// Its bytes as they are.
    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }

    fn body(&self, encoding: Encoding) -> Option<&Bytes> {
        match encoding {
            Encoding::Identity => Some(&self.plain),
            Encoding::Brotli => self.brotli.as_ref(),
            Encoding::Gzip => self.gzip.as_ref(),
        }
    }

    /// The smallest encoding that the request takes, or 304.
    pub fn respond(&self, request: &HeaderMap) -> Response {
        let chosen = Encoding::accepted(request).find_map(|encoding| Some((encoding, self.body(encoding)?)));
        let (encoding, body) = chosen.unwrap_or((Encoding::Identity, &self.plain));
        // Each encoding is a representation of its own, so its strong ETag is too.
        let etag = format!("\"{}-{}\"", self.hash, encoding.name());
        let is_known = has_etag(request, &etag);
        let mut response = Response::new(if is_known {
            Body::empty()
        } else {
            Body::from(body.clone())
        });
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        if self.is_for_all {
            open_to_all(headers);
        } else {
            headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        }
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        let life = match self.life {
            Life::Immutable => IMMUTABLE,
            Life::Short => SHORT,
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(life));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(ETAG, etag);
        }
        if !is_known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if encoding != Encoding::Identity {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
            }
        }
        response
    }
}

fn to_bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

/// `If-None-Match`, compared weakly (RFC 9110, 13.1.2).
fn has_etag(request: &HeaderMap, etag: &str) -> bool {
    let lines = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == etag)
}

/// Any page may load these files, whatever its isolation.
fn open_to_all(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// There is no such file.
pub(super) fn not_found() -> Response {
    plain_text(
        StatusCode::NOT_FOUND,
        "There is no such file of the widget; chat-widget.js names the right ones.\n",
    )
}

/// This binary was built without the widget.
pub(super) fn missing_build() -> Response {
    let text = "This server was built without the widget. Build with: cargo xtask run\n";
    plain_text(StatusCode::SERVICE_UNAVAILABLE, text)
}

fn plain_text(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    open_to_all(headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// By the end of a name.
pub(crate) fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
