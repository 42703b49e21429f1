//! The console: its one page, under every path that nothing else has, and the files that the page loads. Embedded in the
//! binary and compressed ahead. It knows nothing of the API that the console talks to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use rust_embed::RustEmbed;
use serde::Deserialize;
use url::Url;

use crate::http::assets::{StoredFile, content_type};
use crate::http::problem::no_route;

/// What `cargo xtask` wrote; empty in a build without it.
#[derive(RustEmbed)]
#[folder = "../target/assets/console"]
#[allow_missing = true]
struct Built;

/// What stands in the page for `public_url`.
const URL_PLACEHOLDER: &str = "__ATTHENE_URL__";
const MISSING: &str = "This server was built without the console. Build with: cargo xtask run\n";
/// The first parts of paths that are no page of the console, whatever comes after them: the dialects, their kin and the
/// files. What is not served there is not found.
const NO_PAGES: [&str; 11] = [
    "api", "v1", "chats", "agui", "ws", "public", "widget", "try", "assets", "healthz", "readyz",
];

#[derive(Deserialize)]
struct Manifest {
    page: String,
    boot: String,
    sheet: String,
    glue: String,
    wasm: String,
    /// The WASM of the pages that are not needed first.
    late: String,
}

/// The console as it is served.
#[derive(Default)]
pub struct App {
    page: Option<(String, HeaderValue)>,
    files: HashMap<String, StoredFile>,
}

impl App {
    /// Takes the embedded files; `public_url` goes into the page and its policy.
    pub fn load(public_url: &str) -> Self {
        Self::read(public_url, &|name| Built::get(name).map(|file| file.data)).unwrap_or_else(|| {
            tracing::error!("this build holds no console; build with `cargo xtask run`");
            Self::default()
        })
    }

    /// The same from any folder. `None`: a file is missing.
    pub fn read(public_url: &str, open: &dyn Fn(&str) -> Option<Cow<'static, [u8]>>) -> Option<Self> {
        let manifest: Manifest = serde_json::from_slice(&open("manifest.json")?).ok()?;
        let address = public_url.replace('&', "&amp;").replace('"', "&quot;");
        let page = String::from_utf8(open(&manifest.page)?.into_owned()).ok()?;
        let page = page.replace(URL_PLACEHOLDER, &address);
        let policy = HeaderValue::from_str(&policy(public_url)).ok()?;
        let names = [
            manifest.boot,
            manifest.sheet,
            manifest.glue,
            manifest.wasm,
            manifest.late,
        ];
        let files = names.into_iter().map(|name| {
            let file = StoredFile::immutable(&name, open)?.for_own_origin();
            Some((name, file))
        });
        Some(Self {
            page: Some((page, policy)),
            files: files.collect::<Option<_>>()?,
        })
    }

    fn page(&self) -> Response {
        let Some((page, policy)) = &self.page else {
            return (StatusCode::NOT_FOUND, MISSING).into_response();
        };
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(content_type("index.html"))),
            (CONTENT_SECURITY_POLICY, policy.clone()),
            // For browsers that do not know `frame-ancestors`.
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, page.clone()).into_response()
    }
}

/// The console runs its own files and the real widget from `public_url`, and talks to the two servers of ours alone.
/// The one policy that may make an address of a script makes that of the widget.
fn policy(public_url: &str) -> String {
    let origin =
        Url::parse(public_url).map_or_else(|_| public_url.to_owned(), |url| url.origin().ascii_serialization());
    let socket = origin.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self' {origin} 'wasm-unsafe-eval'; connect-src 'self' {origin} {socket}; \
         style-src 'self'; img-src 'self' data: {origin}; font-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types atthene-widget"
    )
}

/// The page, where a browser asks for one.
pub async fn show_page(Extension(app): Extension<Arc<App>>) -> Response {
    app.page()
}

/// One of its files.
pub async fn show_file(Extension(app): Extension<Arc<App>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match app.files.get(&name) {
        Some(file) => file.respond(&headers),
        None => no_route().await,
    }
}

/// Every path that has no route: a page of the console, so that a link into it can be opened; or nothing.
pub async fn show_page_or_nothing(Extension(app): Extension<Arc<App>>, request: Request) -> Response {
    if is_page(request.method(), request.uri().path()) {
        app.page()
    } else {
        no_route().await
    }
}

/// Whether a request may be for a page of the console. A file that is not there is none of its pages.
pub fn is_page(method: &Method, path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    (method == Method::GET || method == Method::HEAD)
        && !NO_PAGES.contains(&first)
        && !path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}
