//! Every dialect's own error body for the same failures, the framework's own included, as one table.

use std::fmt::Write as _;

use atthene_server::model::key::Scope;
use atthene_tests::TestApp;
use atthene_tests::back_end::told;
use reqwest::{Client, Method};
use serde_json::Value;

/// A route with a JSON body of each dialect, one that is not there, and one that does not take DELETE.
const DIALECTS: [(&str, &str, &str); 5] = [
    ("atthene", "/api/v1/sessions/from-agent", "/api/v1/no/such"),
    ("agentok", "/chats", "/chats/a/b/c"),
    ("attive", "/api/chat", "/api/chat/x"),
    ("openai", "/v1/chat/completions", "/v1/no/such"),
    ("agui", "/agui/shop", "/agui/shop/no/such"),
];

fn masked(mut body: Value) -> Value {
    if let Some(id) = body.pointer_mut("/error/request_id") {
        *id = Value::from("req_...");
    }
    body
}

#[tokio::test]
async fn each_dialect_tells_each_failure_in_its_own_shape() {
    let app = TestApp::start_with(|settings| settings.limits.key_body_bytes = 2_000).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let narrow = app.back_end(&[Scope::TracesRead]).await;
    let mut table = String::new();
    for (dialect, path, missing) in DIALECTS {
        let url = format!("{}{path}", app.url());
        let json = |body: &'static str| {
            back_end
                .request(Method::POST, path)
                .header("content-type", "application/json")
                .body(body)
        };
        let requests = [
            ("no key", Client::new().post(&url)),
            ("wrong key", Client::new().post(&url).bearer_auth("atk_live_nonsense")),
            ("scope", narrow.request(Method::POST, path)),
            ("malformed", json("{ not json")),
            ("wrong type", json("[1, 2]")),
            (
                "content type",
                back_end
                    .request(Method::POST, path)
                    .header("content-type", "text/plain")
                    .body("x"),
            ),
            ("unknown path", back_end.request(Method::GET, missing)),
            ("wrong method", back_end.request(Method::PUT, path)),
        ];
        for (failure, request) in requests {
            let (status, body) = told(request.send().await.unwrap()).await;
            writeln!(table, "{dialect} | {failure} | {} | {}", status.as_u16(), masked(body)).unwrap();
        }
        // Where images may come, a body may be larger.
        if !["openai", "agui"].contains(&dialect) {
            let large = format!("{{\"message\": \"{}\"}}", "x".repeat(3_000));
            let request = back_end
                .request(Method::POST, path)
                .header("content-type", "application/json")
                .body(large);
            let (status, body) = told(request.send().await.unwrap()).await;
            writeln!(table, "{dialect} | too large | {} | {}", status.as_u16(), masked(body)).unwrap();
        }
    }
    insta::assert_snapshot!("errors", table);
}

#[tokio::test]
async fn a_limit_is_told_in_each_dialect_with_the_time_to_wait() {
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = 60).await;
    let mut table = String::new();
    for (dialect, path, _) in DIALECTS {
        let back_end = app.back_end(&[Scope::Chat]).await;
        let mut answer = back_end.request(Method::PUT, path).send().await.unwrap();
        for _ in 0..200 {
            answer = back_end.request(Method::POST, path).send().await.unwrap();
            if answer.status().as_u16() == 429 {
                break;
            }
        }
        let headers = answer.headers().clone();
        assert!(headers["retry-after"].to_str().unwrap().parse::<u32>().is_ok());
        assert_eq!(
            (&headers["ratelimit-limit"], &headers["ratelimit-remaining"]),
            (&"60".parse().unwrap(), &"0".parse().unwrap())
        );
        let (status, mut body) = told(answer).await;
        if let Some(wait) = body.pointer_mut("/error/retry_after_ms") {
            assert!(wait.as_u64().unwrap() > 0);
            *wait = Value::from("...");
        }
        writeln!(table, "{dialect} | {} | {}", status.as_u16(), masked(body)).unwrap();
    }
    insta::assert_snapshot!("limits", table);
}
