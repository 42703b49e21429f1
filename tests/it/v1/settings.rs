//! `/settings` and `/providers/test`: everything but the secrets, and what a vendor says.

use std::collections::BTreeMap;

use atthene_server::config::{ProviderKind, ProviderSettings, Secret};
use atthene_tests::app::TOKEN_SECRET;
use atthene_tests::{AgentSpec, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Rest, config};
use crate::models::upstream::{KEY, STREAM_HEAD, Upstream, delta, end, whole};

fn provider(port: u16) -> ProviderSettings {
    ProviderSettings {
        kind: ProviderKind::Openai,
        base_url: format!("http://127.0.0.1:{port}/v1/?key=marker-in-the-query"),
        api_key: Some(Secret::new(KEY)),
        api_key_env: None,
        can_see: None,
    }
}

async fn start(port: u16) -> TestApp {
    TestApp::start_asking_models(|settings| {
        settings.providers.insert("mock".to_owned(), provider(port));
        settings.models.insert("fast".to_owned(), "mock/small".to_owned());
        settings.upstream.retries = 0;
    })
    .await
}

async fn tried(admin: &Rest, model: &str) -> Value {
    let body = json!({ "model": model });
    admin.json(Method::POST, "/providers/test/", Some(&body), 200).await
}

#[tokio::test]
async fn the_settings_in_force_are_told_without_their_secrets() {
    let app = start(9).await;
    app.add_agent(AgentSpec {
        key: "other",
        ..AgentSpec::default()
    })
    .await;
    let admin = Rest::new(&app, &["admin"]).await;
    let told = admin.get("/settings/").await;
    let text = told.to_string();
    for marker in [
        KEY,
        TOKEN_SECRET,
        "marker-in-the-query",
        "(secret)",
        "token_secret",
        "api_key",
    ] {
        assert!(!text.contains(marker), "{marker} in {text}");
    }
    assert_eq!(told["public_url"], "http://127.0.0.1:8080");
    assert_eq!(told["limits"]["message_chars"], 10_000);
    assert_eq!(told["retention"], json!({ "sessions_days": 90, "traces_days": 14 }));
    assert!(told["database"].as_str().unwrap().starts_with("sqlite:"));
    assert_eq!(told["providers"][0]["base_url"], "http://127.0.0.1:9/v1/");
    assert_eq!(told["providers"][0]["key_from"], "settings");
    let models = told["models"].as_array().unwrap();
    let models: BTreeMap<&str, (&Value, &Value)> = models
        .iter()
        .map(|model| {
            (
                model["name"].as_str().unwrap(),
                (&model["provider"], &model["is_ready"]),
            )
        })
        .collect();
    let wanted = [
        ("builtin", (json!("builtin"), json!(true))),
        ("fast", (json!("mock"), json!(true))),
        // The agents of the tests ask for a model that no setting knows.
        ("scripted", (json!("scripted"), json!(false))),
    ];
    let wanted = wanted
        .iter()
        .map(|(name, (provider, ready))| (*name, (provider, ready)));
    assert_eq!(models, wanted.collect());
    let problem = told["models"][2]["problem"].as_str().unwrap();
    assert!(problem.contains("other, shop"), "{problem}");
}

#[tokio::test]
async fn a_model_that_answers_tells_its_first_words_and_how_long_they_took() {
    let answer = format!("{STREAM_HEAD}{}{}", delta("OK"), end()).into_bytes();
    let upstream = Upstream::always(vec![answer]).await;
    let app = start(upstream.port).await;
    let admin = Rest::new(&app, &["admin"]).await;
    let told = tried(&admin, "fast").await;
    assert_eq!(
        (&told["ok"], &told["reply"], &told["error"]),
        (&json!(true), &json!("OK"), &Value::Null)
    );
    assert!(told["latency_ms"].as_u64().unwrap() >= 1);
    let requests = upstream.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains("\"small\""), "{}", requests[0]);
    let told = tried(&admin, "builtin").await;
    assert_eq!(told["ok"], true, "{told}");
}

#[tokio::test]
async fn a_vendor_that_refuses_is_quoted_without_the_key() {
    let body = json!({ "error": { "message": format!("Incorrect API key provided: {KEY}. See our page."),
        "type": "invalid_request_error", "code": "invalid_api_key" } });
    let upstream = Upstream::always(vec![whole("401 Unauthorized", "", &body.to_string())]).await;
    let app = start(upstream.port).await;
    let admin = Rest::new(&app, &["admin"]).await;
    let told = tried(&admin, "mock/small").await;
    assert_eq!((&told["ok"], &told["reply"]), (&json!(false), &Value::Null));
    let error = told["error"].as_str().unwrap();
    assert!(
        error.starts_with("status 401: invalid_api_key: Incorrect API key provided:"),
        "{error}"
    );
    assert!(error.ends_with("See our page."), "{error}");
    assert!(!error.contains(KEY), "{error}");
}

#[tokio::test]
async fn a_model_that_is_not_there_is_told_as_such() {
    let app = start(9).await;
    let admin = Rest::new(&app, &["admin"]).await;
    let unknown = tried(&admin, "nobody").await;
    assert_eq!(unknown["error"], "The settings know no model `nobody`.");
    // Nothing listens on the discard port.
    let dead = tried(&admin, "fast").await;
    assert_eq!(dead["ok"], false);
    assert!(dead["error"].as_str().unwrap().starts_with("connect"), "{dead}");
}

#[tokio::test]
async fn both_are_for_admins_alone() {
    let app = TestApp::start().await;
    let scopes = [
        "chat",
        "sessions:read",
        "agents:read",
        "agents:write",
        "access:write",
        "traces:read",
        "keys:write",
    ];
    let other = Rest::new(&app, &scopes).await;
    other.json(Method::GET, "/settings", None, 403).await;
    other
        .json(
            Method::POST,
            "/providers/test",
            Some(&json!({ "model": "builtin" })),
            403,
        )
        .await;
    assert!(app.llm.requests().is_empty());
    let admin = Rest::new(&app, &["admin"]).await;
    admin.json(Method::POST, "/providers/test", Some(&json!({})), 422).await;
}

#[tokio::test]
async fn agents_are_looked_for_and_paged() {
    let app = TestApp::start().await;
    let admin = Rest::new(&app, &["admin"]).await;
    for number in 0..12 {
        let body = json!({ "system_config": config(&format!("Desk {number:02}")),
            "allowed_origins": [format!("https://site-{number}.example")] });
        admin.json(Method::POST, "/agent/", Some(&body), 201).await;
    }
    for (query, total, keys) in [
        ("?limit=2&offset=11", "13", vec!["desk_11", "shop"]),
        ("?q=DESK&limit=1", "12", vec!["desk_00"]),
        ("?q=desk%20site-7.example", "1", vec!["desk_07"]),
        ("?q=nobody", "0", vec![]),
        ("?offset=13", "13", vec![]),
    ] {
        let answer = admin
            .request(Method::GET, &format!("/agents/{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["x-total-count"], total, "{query}");
        let listed: Value = answer.json().await.unwrap();
        let got: Vec<&str> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["agent_key"].as_str().unwrap())
            .collect();
        assert_eq!(got, keys, "{query}");
    }
    assert_eq!(admin.get("/agent").await.as_array().unwrap().len(), 13);
}
