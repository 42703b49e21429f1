//! The files of the page to try the API, as they lie in `console/try`, under a policy of their own (BAR.md O8). It knows
//! nothing of the API: the page reads its document, and calls it with the key that somebody puts in.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use rust_embed::RustEmbed;

use crate::http::assets::content_type;
use crate::http::problem::no_route;
use crate::state::AppState;

#[derive(RustEmbed)]
#[folder = "../console/try"]
struct Files;

const PAGE: &str = "index.html";
/// What stands in the page for `public_url`.
const URL_PLACEHOLDER: &str = "{{public_url}}";
/// The page loads its own files, talks to its own origin, and can turn no text into markup or code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page.
pub async fn show_page(State(state): State<AppState>) -> Response {
    let Some(file) = Files::get(PAGE) else {
        return no_route().await;
    };
    let address = state.settings.public_url.replace('&', "&amp;").replace('"', "&quot;");
    let page = String::from_utf8_lossy(&file.data).replace(URL_PLACEHOLDER, &address);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type(PAGE))),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        // For browsers that do not know `frame-ancestors`.
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, page).into_response()
}

/// One of its files.
pub async fn show_file(Path(name): Path<String>) -> Response {
    let Some(file) = Files::get(&name).filter(|_| name != PAGE) else {
        return no_route().await;
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type(&name))),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, file.data).into_response()
}
