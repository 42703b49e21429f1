//! The console's page and files: under every path that is a page's and under no other, with a policy that lets in its own
//! files and the widget alone.

use std::borrow::Cow;
use std::sync::Arc;

use atthene_server::http::console::app::{App, is_page, show_file, show_page_or_nothing};
use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Method, Request, StatusCode};
use reqwest::Client;
use tower::ServiceExt;

use atthene_tests::TestApp;

const PAGE: &str = r#"<meta name="atthene-public-url" content="__ATTHENE_URL__">"#;

fn open(name: &str) -> Option<Cow<'static, [u8]>> {
    let manifest = r#"{"page":"index.html","boot":"boot-aa.js","sheet":"console-bb.css","glue":"console-cc.js","wasm":"console-dd.wasm","late":"late-ff.wasm"}"#;
    match name {
        "manifest.json" => Some(Cow::Borrowed(manifest.as_bytes())),
        "index.html" => Some(Cow::Borrowed(PAGE.as_bytes())),
        "boot-aa.js" | "console-bb.css" | "console-cc.js" | "console-dd.wasm" => Some(Cow::Borrowed(b"plain")),
        "late-ff.wasm" => Some(Cow::Borrowed(b"plain")),
        "console-dd.wasm.br" | "late-ff.wasm.br" => Some(Cow::Borrowed(b"br")),
        _ => None,
    }
}

async fn ask(public_url: &str, method: Method, path: &str) -> Response {
    let app = App::read(public_url, &open).unwrap();
    let router: Router = Router::new()
        .route("/assets/{file}", get(show_file))
        .fallback(show_page_or_nothing)
        .layer(Extension(Arc::new(app)));
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept-encoding", "br");
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[test]
fn a_page_is_what_is_nobody_else_s() {
    for path in [
        "/",
        "/agents",
        "/agents/shop",
        "/agents/shop/access/",
        "/setup",
        "/settings",
        "/tryout",
        "/nowhere",
    ] {
        assert!(is_page(&Method::GET, path), "{path}");
        assert!(!is_page(&Method::POST, path), "{path}");
    }
    for path in [
        "/api",
        "/api/v1/nothing",
        "/v1/models/x",
        "/chats/1",
        "/agui/shop",
        "/ws/amas",
        "/public/v1/agents/shop",
        "/widget/1/x",
        "/try/nothing",
        "/assets/old",
        "/healthz",
        "/readyz",
        "/favicon.ico",
        "/agents/map.js",
        "//api/v1/agent",
    ] {
        assert!(!is_page(&Method::GET, path), "{path}");
    }
}

#[tokio::test]
async fn every_page_is_the_same_page_under_a_policy_of_its_own() {
    for path in ["/", "/agents/shop/embed"] {
        let answer = ask("https://chat.example:8443/", Method::GET, path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let headers = answer.headers();
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        let policy = headers["content-security-policy"].to_str().unwrap().to_owned();
        let directives: Vec<&str> = policy.split("; ").collect();
        assert_eq!(
            directives,
            [
                "default-src 'none'",
                "script-src 'self' https://chat.example:8443 'wasm-unsafe-eval'",
                "connect-src 'self' https://chat.example:8443 wss://chat.example:8443",
                "style-src 'self'",
                "img-src 'self' data: https://chat.example:8443",
                "font-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types atthene-widget",
            ]
        );
        let body = to_bytes(answer.into_body(), 1_000).await.unwrap();
        assert_eq!(body, PAGE.replace("__ATTHENE_URL__", "https://chat.example:8443/"));
    }
    let missing = ask("https://chat.example", Method::GET, "/api/v1/nothing").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn the_files_are_kept_for_ever_and_given_to_our_own_pages_alone() {
    for name in ["console-dd.wasm", "late-ff.wasm"] {
        let answer = ask("https://chat.example", Method::GET, &format!("/assets/{name}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        let headers = answer.headers();
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-encoding"], "br");
        assert_eq!(headers["content-type"], "application/wasm");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
    for name in ["index.html", "manifest.json", "console-ee.js"] {
        let answer = ask("https://chat.example", Method::GET, &format!("/assets/{name}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn on_its_listener_a_wrong_path_of_a_dialect_is_no_page() {
    let app = TestApp::start().await;
    for path in [
        "/api/v1/nothing",
        "/chats/1/nothing/more",
        "/try/nothing",
        "/public/v1/agents/shop",
    ] {
        let answer = Client::new()
            .get(format!("{}{path}", app.console_url()))
            .send()
            .await
            .unwrap();
        assert_ne!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json", "{path}");
    }
    // In a build without the console a page says so, in words for people.
    let deep = Client::new().get(format!("{}/agents/shop/embed", app.console_url()));
    let answer = deep.send().await.unwrap();
    let is_built = answer.status() == StatusCode::OK;
    let text = answer.text().await.unwrap();
    assert!(
        is_built && text.contains("<!DOCTYPE html>") || text.contains("without the console"),
        "{text}"
    );
}
