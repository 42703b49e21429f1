//! `/agent/{id}/embed`: what is pasted, held against what the same server serves.

use std::borrow::Cow;
use std::sync::Arc;

use atthene_protocol::ids::WorkspaceId;
use atthene_server::boot::{Overrides, boot};
use atthene_server::config::Settings;
use atthene_server::domain::clock::{Clock, SystemClock};
use atthene_server::domain::keys::{KeyBook, KeyDraft};
use atthene_server::http::assets::Assets;
use atthene_server::router::{build_console, build_router};
use atthene_tests::TestApp;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha384};
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Rest, config};

const URL: &str = "https://chat.example";

/// A build of the widget, small.
fn build(name: &str) -> Option<Cow<'static, [u8]>> {
    let bytes: &[u8] = match name {
        "manifest.json" => br#"{"version":"1.2.3","glue":"widget-aa.js","wasm":"widget-bb.wasm"}"#,
        "chat-widget.js" => b"const url = '__ATTHENE_URL__'; // and again __ATTHENE_URL__",
        "widget-aa.js" | "widget-bb.wasm" => b"rest",
        _ => return None,
    };
    Some(Cow::Borrowed(bytes))
}

/// A server with that build, without a listener.
struct Built {
    public: Router,
    console: Router,
    key: String,
    _dir: TempDir,
}

impl Built {
    async fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let settings = Settings {
            public_url: URL.to_owned(),
            database_url: format!("sqlite:{}", dir.path().join("atthene.db").display()),
            data_dir: dir.path().to_owned(),
            ..Settings::default()
        };
        let booted = boot(settings, Overrides::default()).await.unwrap();
        let draft = KeyDraft {
            name: "test".to_owned(),
            scopes: Some(vec!["admin".to_owned()]),
            ..KeyDraft::default()
        };
        let book = KeyBook::new(Arc::clone(&booted.store), Some(Arc::clone(&booted.state.table)));
        let workspace = WorkspaceId::default_workspace();
        let minted = book
            .create(draft, &workspace, None, "test", SystemClock.now())
            .await
            .unwrap();
        let assets = Arc::new(Assets::read(URL, &build).unwrap());
        Self {
            public: build_router(booted.state.clone(), Arc::clone(&assets)),
            console: build_console(booted.state, assets),
            key: minted.secret,
            _dir: dir,
        }
    }

    async fn ask(&self, router: &Router, method: Method, path: &str, body: &Value) -> (StatusCode, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", &self.key);
        let request = request.header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        (status, to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
    }
}

#[tokio::test]
async fn the_pinned_tag_carries_the_hash_of_the_bytes_that_its_address_answers() {
    let built = Built::start().await;
    let body =
        json!({ "agent_key": "desk", "system_config": config("Desk"), "widget": { "title": "Bob's </script>" } });
    let (status, _) = built.ask(&built.public, Method::POST, "/api/v1/agent/", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    for listener in [&built.public, &built.console] {
        let path = "/api/v1/agent/desk/embed/";
        let (status, text) = built.ask(listener, Method::GET, path, &Value::Null).await;
        assert_eq!(status, StatusCode::OK);
        let told: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(told["public_url"], URL);
        assert_eq!(told["version"], "1.2.3");
        let address = "/widget/1.2.3/chat-widget.js";
        let (_, served) = built.ask(&built.public, Method::GET, address, &Value::Null).await;
        assert!(String::from_utf8_lossy(&served).contains(URL));
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(&served)));
        assert_eq!(told["integrity"], json!(integrity));
        let pinned = told["pinned_snippet"].as_str().unwrap();
        for part in [
            format!("src=\"{URL}{address}\""),
            format!("integrity=\"{integrity}\" crossorigin=\"anonymous\""),
            "data-agent-key=\"desk\"".to_owned(),
            "data-title=\"Bob&#39;s &lt;/script&gt;\"".to_owned(),
        ] {
            assert!(pinned.contains(&part), "{part} is not in {pinned}");
        }
        let snippet = told["snippet"].as_str().unwrap();
        assert!(snippet.starts_with("<script src=\"https://chat.example/chat-widget.js\"></script>\n<script>"));
        assert!(snippet.contains("agentKey: 'desk'"), "{snippet}");
        assert!(snippet.contains("title: 'Bob\\'s \\u003c/script\\u003e'"), "{snippet}");
        assert!(
            told["csp"]
                .as_str()
                .unwrap()
                .contains("connect-src https://chat.example wss://chat.example")
        );
    }
}

#[tokio::test]
async fn the_texts_of_an_agent_need_the_right_to_read_it() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["agents:read"]).await;
    let told = reader.get("/agent/shop/embed").await;
    assert_eq!(told["public_url"], "http://127.0.0.1:8080");
    assert!(told["snippet"].as_str().unwrap().contains("agentKey: 'shop'"));
    reader.json(Method::GET, "/agent/nobody/embed", None, 404).await;
    let chatting = Rest::new(&app, &["chat"]).await;
    let refused = chatting.json(Method::GET, "/agent/shop/embed", None, 403).await;
    assert_eq!(refused["error"]["code"], "missing_scope");
}
