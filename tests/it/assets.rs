//! The widget's files as browsers get them: encodings, caching, conditional requests.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::borrow::Cow;

use atthene_server::http::assets::Assets;
use axum::body::to_bytes;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

fn open(name: &str) -> Option<Cow<'static, [u8]>> {
    let manifest = r#"{"version":"1.2.3","glue":"widget-aa.js","wasm":"widget-bb.wasm"}"#;
    let shim = "const url = '__ATTHENE_URL__'; ".repeat(40);
    match name {
        "manifest.json" => Some(Cow::Borrowed(manifest.as_bytes())),
        "chat-widget.js" => Some(Cow::Owned(shim.into_bytes())),
        "widget-aa.js" => Some(Cow::Borrowed(b"glue")),
        "widget-aa.js.br" => Some(Cow::Borrowed(b"br")),
        "widget-aa.js.gz" => Some(Cow::Borrowed(b"gz")),
        "widget-bb.wasm" => Some(Cow::Borrowed(b"wasm")),
        _ => None,
    }
}

fn ask(path: &str, headers: &[(&'static str, &str)]) -> Response {
    let assets = Assets::read("https://chat.example", &open).unwrap();
    let pairs = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
    assets.respond(path, &pairs.collect::<HeaderMap>())
}

fn header(response: &Response, name: HeaderName) -> String {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

async fn body(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn the_smallest_encoding_that_is_taken_is_served() {
    for (accepted, encoding, expected) in [
        ("gzip, deflate, br, zstd", "br", "br"),
        ("gzip", "gzip", "gz"),
        ("br;q=0, gzip;q=0.5", "gzip", "gz"),
        ("br;q=0, *", "gzip", "gz"),
        ("*", "br", "br"),
        ("identity", "", "glue"),
        ("", "", "glue"),
    ] {
        let response = ask("/widget/1.2.3/widget-aa.js", &[("accept-encoding", accepted)]);
        assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{accepted}");
        assert_eq!(header(&response, VARY), "Accept-Encoding");
        assert_eq!(body(response).await, expected.as_bytes());
    }
    let response = ask("/widget/1.2.3/widget-bb.wasm", &[("accept-encoding", "br")]);
    assert_eq!(header(&response, CONTENT_ENCODING), "");
    assert_eq!(header(&response, CONTENT_TYPE), "application/wasm");
}

#[tokio::test]
async fn hashed_files_stay_in_caches_and_the_shim_is_asked_for_again() {
    let glue = ask("/widget/1.2.3/widget-aa.js", &[]);
    assert_eq!(header(&glue, CACHE_CONTROL), "public, max-age=31536000, immutable");
    let shim = ask("/chat-widget.js", &[("accept-encoding", "br")]);
    assert_eq!(header(&shim, CACHE_CONTROL), "public, max-age=300");
    let etag = header(&shim, ETAG);
    for known in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"x\", {etag}"),
        "*".to_owned(),
    ] {
        let again = ask(
            "/chat-widget.js",
            &[("accept-encoding", "br"), ("if-none-match", &known)],
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&again, ETAG), etag);
        assert!(body(again).await.is_empty());
    }
    let plain = ask("/chat-widget.js", &[("if-none-match", &etag)]);
    assert_eq!(
        plain.status(),
        StatusCode::OK,
        "another encoding is another representation"
    );
}

#[tokio::test]
async fn the_shim_knows_its_server() {
    let text = String::from_utf8(body(ask("/chat-widget.js/", &[])).await).unwrap();
    assert!(text.contains("'https://chat.example'") && !text.contains("__ATTHENE_URL__"));
    assert_eq!(body(ask("/widget/1.2.3/chat-widget.js", &[])).await, text.as_bytes());
}

#[test]
fn any_page_may_load_every_file() {
    for path in [
        "/chat-widget.js",
        "/widget/1.2.3/widget-bb.wasm",
        "/widget/9.9.9/widget-bb.wasm",
    ] {
        let response = ask(path, &[]);
        assert_eq!(
            header(&response, HeaderName::from_static("access-control-allow-origin")),
            "*"
        );
        assert_eq!(
            header(&response, HeaderName::from_static("cross-origin-resource-policy")),
            "cross-origin"
        );
        assert_eq!(
            header(&response, HeaderName::from_static("x-content-type-options")),
            "nosniff"
        );
    }
    assert_eq!(ask("/widget/9.9.9/widget-bb.wasm", &[]).status(), StatusCode::NOT_FOUND);
    assert_eq!(ask("/widget/1.2.3/manifest.json", &[]).status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_build_without_the_widget_says_so() {
    assert!(Assets::read("https://chat.example", &|_| None).is_none());
    let response = Assets::default().respond("/chat-widget.js", &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}

/// The next version: everything in it is another.
fn open_next(name: &str) -> Option<Cow<'static, [u8]>> {
    let manifest = r#"{"version":"1.3.0","glue":"widget-cc.js","wasm":"widget-dd.wasm"}"#;
    match name {
        "manifest.json" => Some(Cow::Borrowed(manifest.as_bytes())),
        "chat-widget.js" => Some(Cow::Borrowed(b"next('__ATTHENE_URL__')")),
        "widget-cc.js" | "widget-dd.wasm" => Some(Cow::Borrowed(b"next")),
        _ => None,
    }
}

#[tokio::test]
async fn a_version_that_a_page_pinned_is_served_as_it_was_after_an_update() {
    let data = tempfile::tempdir().unwrap();
    let first = Assets::read("https://chat.example", &open)
        .unwrap()
        .with_kept(data.path(), &open);
    let pinned = first.pinned().unwrap().clone();
    // The server moved, too: what was pinned stays what it was.
    let next = Assets::read("https://new.example", &open_next).unwrap();
    let next = next.with_kept(data.path(), &open_next);
    assert_ne!(next.pinned().unwrap().version, pinned.version);
    let accepting = HeaderMap::from_iter([(http::header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
    for path in [
        pinned.path.as_str(),
        "/widget/1.2.3/widget-aa.js",
        "/widget/1.2.3/widget-bb.wasm",
    ] {
        for headers in [HeaderMap::new(), accepting.clone()] {
            let (then, now) = (first.respond(path, &headers), next.respond(path, &headers));
            assert_eq!(now.status(), StatusCode::OK, "{path}");
            for name in [CONTENT_TYPE, CONTENT_ENCODING, CACHE_CONTROL, ETAG] {
                assert_eq!(header(&now, name.clone()), header(&then, name), "{path}");
            }
            assert_eq!(body(now).await, body(then).await, "{path}");
        }
    }
    assert_eq!(
        next.respond("/widget/1.3.0/widget-cc.js", &HeaderMap::new()).status(),
        StatusCode::OK
    );
    assert_eq!(
        next.respond("/widget/1.2.2/widget-cc.js", &HeaderMap::new()).status(),
        StatusCode::NOT_FOUND
    );
    // Nothing else in the folder is served.
    std::fs::write(data.path().join("widget/1.2.3/notes.txt"), "mine").unwrap();
    std::fs::create_dir_all(data.path().join("widget/.hidden")).unwrap();
    std::fs::write(data.path().join("widget/.hidden/a.js"), "mine").unwrap();
    let again = Assets::read("https://new.example", &open_next)
        .unwrap()
        .with_kept(data.path(), &open_next);
    for path in [
        "/widget/1.2.3/notes.txt",
        "/widget/.hidden/a.js",
        "/widget/1.2.3/widget-aa.js.br",
    ] {
        assert_eq!(
            again.respond(path, &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
