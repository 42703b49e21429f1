//! What the server counts about itself: where it is told, what is counted, and what must never be a label.

use std::net::SocketAddr;

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::{Piece, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::json;

const SHOP: &str = "https://shop.example";

async fn start() -> TestApp {
    TestApp::start_with(|settings| {
        settings.metrics_listen = SocketAddr::from(([127, 0, 0, 1], 0)).to_string();
        settings.limits.visitor_messages_per_min = 2;
    })
    .await
}

async fn text(app: &TestApp) -> String {
    let url = format!("http://{}/metrics", app.metrics_address.unwrap());
    let answer = reqwest::Client::new().get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let media_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(media_type.starts_with("application/openmetrics-text"), "{media_type}");
    answer.text().await.unwrap()
}

/// The value of a line; 0 where there is none.
fn value(text: &str, series: &str) -> u64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0, |number| number.parse().unwrap())
}

#[tokio::test]
async fn metrics_are_told_on_their_own_listener_and_nowhere_else() {
    let app = start().await;
    assert!(text(&app).await.ends_with("# EOF\n"));
    let public = reqwest::Client::new()
        .get(format!("{}/metrics", app.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(public.status(), StatusCode::NOT_FOUND);
    let other = format!("http://{}/healthz", app.metrics_address.unwrap());
    assert_eq!(
        reqwest::Client::new().get(other).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    assert!(TestApp::start().await.metrics_address.is_none(), "off unless asked for");
}

#[tokio::test]
async fn requests_are_counted_by_the_pattern_of_their_route_and_class_of_status() {
    let app = start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    for _ in 0..3 {
        back_end.get(&format!("/api/v1/sessions/{session}/")).await;
    }
    for path in [
        "/marker-of-a-stranger",
        "/marker-of-another",
        "/api/v1/sessions/marker/x",
    ] {
        reqwest::Client::new()
            .get(format!("{}{path}", app.url()))
            .send()
            .await
            .unwrap();
    }
    let brew = Method::from_bytes(b"MARKER").unwrap();
    let brew = reqwest::Client::new().request(brew, format!("{}/healthz", app.url()));
    assert_eq!(brew.send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    let text = text(&app).await;
    let route = "route=\"/api/v1/sessions/{session_id}\"";
    let counted = format!("atthene_requests_total{{method=\"GET\",{route},status=\"2xx\"}}");
    assert_eq!(value(&text, &counted), 3, "{text}");
    let timed = format!("atthene_request_seconds_count{{method=\"GET\",{route}}}");
    assert_eq!(value(&text, &timed), 3, "{text}");
    let nowhere = "atthene_requests_total{method=\"GET\",route=\"none\",status=\"4xx\"}";
    assert_eq!(value(&text, nowhere), 3, "{text}");
    for secret in ["marker", "MARKER", session.as_str(), back_end.secret.as_str(), "shop"] {
        assert!(!text.contains(secret), "{secret} is a label");
    }
}

#[tokio::test]
async fn turns_streams_limits_refusals_and_failures_are_counted() {
    let app = start().await;
    app.llm.answer(&[Piece::Text("Hel"), Piece::Hold, Piece::Text("lo")]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hi").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let during = text(&app).await;
    assert_eq!(value(&during, "atthene_running_turns"), 1, "{during}");
    assert_eq!(value(&during, "atthene_open_streams"), 1, "{during}");
    app.llm.release();
    events.until_end().await;
    drop(events);
    app.llm.answer(&[Piece::Fail(ModelErrorKind::Busy)]);
    visitor.send("c2", "Again").await;
    visitor.events(0).await.until_end().await;
    let answer = &visitor.history().await[1]["id"];
    for rating in [json!("down"), json!("up"), json!(null)] {
        let body = json!({ "message_id": answer, "rating": rating });
        let rated = visitor.session_request(Method::POST, "/feedback").json(&body);
        let wanted = if rating.is_null() {
            StatusCode::TOO_MANY_REQUESTS
        } else {
            StatusCode::OK
        };
        assert_eq!(rated.send().await.unwrap().status(), wanted);
    }
    let third = visitor.session_request(Method::POST, "/messages");
    let third = third
        .json(&json!({ "client_id": "c3", "content": "More" }))
        .send()
        .await;
    assert_eq!(third.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    let stranger = app.visitor("https://stranger.example");
    let stranger = stranger
        .request(Method::POST, "/sessions")
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(stranger.unwrap().status(), StatusCode::FORBIDDEN);
    let text = loop {
        let text = text(&app).await;
        if value(&text, "atthene_running_turns") + value(&text, "atthene_open_streams") == 0 {
            break text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    for (series, wanted) in [
        ("atthene_turns_total{outcome=\"completed\"}", 1),
        ("atthene_turns_total{outcome=\"error\"}", 1),
        ("atthene_upstream_errors_total{kind=\"model_busy\"}", 1),
        ("atthene_rate_limited_total{limit=\"visitor_messages\"}", 1),
        ("atthene_rate_limited_total{limit=\"visitor_feedback\"}", 1),
        ("atthene_feedback_total{rating=\"up\"}", 1),
        ("atthene_feedback_total{rating=\"down\"}", 1),
        ("atthene_refused_origins_total{reason=\"origin_not_allowed\"}", 1),
        // Two messages, two ends.
        ("atthene_commit_seconds_count", 4),
    ] {
        assert_eq!(value(&text, series), wanted, "{series} in {text}");
    }
    assert!(!text.contains("stranger"), "{text}");
}
