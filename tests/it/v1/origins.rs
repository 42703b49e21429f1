//! `/agent/{id}/origins/`: what the gate answers and why, and who came of late.

use std::time::Duration;

use atthene_tests::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;

const TEST: &str = "/agent/shop/origins/test/";

async fn test(back_end: &Rest, origin: Value) -> Value {
    let body = json!({ "origin": origin });
    back_end.json(Method::POST, TEST, Some(&body), 200).await
}

#[tokio::test]
async fn a_test_says_what_the_gate_says_and_why() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read", "agents:write", "access:write"]).await;
    let allowed = test(&back_end, json!("https://shop.example")).await;
    assert_eq!((&allowed["allowed"], &allowed["code"]), (&json!(true), &Value::Null));
    for (origin, code, word, entry) in [
        (
            json!("http://shop.example"),
            "origin_not_allowed",
            "scheme",
            json!("http://shop.example"),
        ),
        (
            json!("https://shop.example/"),
            "origin_not_allowed",
            "",
            json!("https://shop.example"),
        ),
        (json!("null"), "origin_not_allowed", "null", Value::Null),
        (Value::Null, "origin_required", "no Origin header", Value::Null),
    ] {
        let refused = test(&back_end, origin.clone()).await;
        assert_eq!(
            (&refused["allowed"], &refused["code"]),
            (&json!(false), &json!(code)),
            "{origin}"
        );
        assert!(refused["reason"].as_str().unwrap().contains(word), "{refused}");
        assert_eq!(refused["missing_entry"], entry, "{origin}");
    }
    let closed = json!({ "is_public": false });
    back_end.json(Method::PATCH, "/agent/shop/", Some(&closed), 200).await;
    let refused = test(&back_end, json!("https://shop.example")).await;
    assert_eq!(
        (&refused["allowed"], &refused["code"]),
        (&json!(false), &json!("agent_not_found"))
    );
    assert!(refused["reason"].as_str().unwrap().starts_with("Public access is off"));
}

#[tokio::test]
async fn accepted_and_refused_origins_of_late_are_told_each_once() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read"]).await;
    for _ in 0..2 {
        app.visitor("https://shop.example").start().await;
        let refused = app
            .visitor("https://evil.example")
            .request(Method::GET, "")
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), 403);
    }
    for _ in 0..100 {
        let seen = back_end.get("/agent/shop/origins/seen/").await;
        let mut told: Vec<(String, bool)> = seen
            .as_array()
            .unwrap()
            .iter()
            .map(|seen| {
                (
                    seen["origin"].as_str().unwrap().to_owned(),
                    seen["accepted"].as_bool().unwrap(),
                )
            })
            .collect();
        told.sort();
        if told.len() > 1 {
            let expected = [
                ("https://evil.example".to_owned(), false),
                ("https://shop.example".to_owned(), true),
            ];
            assert_eq!(told, expected);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the refusal is not told after 2 s");
}
