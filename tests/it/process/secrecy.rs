//! What must not stand in a log, whatever the filter: keys, tokens, secrets, texts (BAR.md K4, D6).

use atthene_tests::socket::TestSocket;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::Place;
use crate::models::upstream::{STREAM_HEAD, Upstream, delta, end, whole};

const VENDOR_KEY: &str = "sk-marker-vendor-key-0123456789";
const TOKEN_SECRET: &str = "marker-token-secret-0123456789abcdef0123456789";
const QUESTION: &str = "marker-question of a visitor";
const ANSWER: &str = "marker-answer of the model";
const QUERY: &str = "marker-query";

/// Answers once, then refuses with an error that repeats the key.
async fn vendor() -> Upstream {
    Upstream::start(|number, mut socket| async move {
        let answer = if number == 0 {
            format!("{STREAM_HEAD}{}{}", delta(ANSWER), end()).into_bytes()
        } else {
            let message = format!("Incorrect API key provided: {VENDOR_KEY}.");
            let body = json!({ "error": { "message": message } }).to_string();
            whole("401 Unauthorized", "", &body)
        };
        let _ = socket.write_all(&answer).await;
        let _ = socket.shutdown().await;
    })
    .await
}

#[tokio::test]
async fn the_log_holds_no_secret_and_no_text_even_at_trace() {
    let vendor = vendor().await;
    let base_url = format!("http://127.0.0.1:{}/v1/", vendor.port);
    let secrets = format!("[\"{TOKEN_SECRET}\"]");
    let env = [
        ("ATTHENE__PROVIDERS__MOCK__KIND", "openai"),
        ("ATTHENE__PROVIDERS__MOCK__BASE_URL", base_url.as_str()),
        ("ATTHENE__PROVIDERS__MOCK__API_KEY_ENV", "MARKER_KEY"),
        ("MARKER_KEY", VENDOR_KEY),
        ("ATTHENE__VISITOR__TOKEN_SECRETS", secrets.as_str()),
        ("ATTHENE__LOG__FILTER", "trace"),
    ];
    let place = Place::new("mock/m", &env);
    let served = place.serve().await;
    let visitor = served.visitor().start().await;
    let mut events = visitor.events(0).await;
    assert_eq!(
        visitor.send("marker-client-id-1", QUESTION).await.status(),
        StatusCode::ACCEPTED
    );
    events.until("RUN_FINISHED").await;
    visitor.send("marker-client-id-2", QUESTION).await;
    events.until("RUN_ERROR").await;
    // What is refused is not written down either.
    visitor.send("", QUESTION).await;
    let refused = visitor
        .session_request(reqwest::Method::POST, "/messages?token=marker-query")
        .header("content-type", "application/json")
        .body(format!("{{\"client_id\": \"{QUESTION}"));
    refused.send().await.unwrap();
    let page = json!({ "page": { "url": format!("https://shop.example/?{QUERY}") }, "resume": visitor.resume });
    let again = visitor.request(reqwest::Method::POST, "/sessions").json(&page);
    assert_eq!(again.send().await.unwrap().status(), StatusCode::CREATED);
    let mut forger = served.visitor();
    forger.session_id.clone_from(&visitor.session_id);
    forger.token = format!("{}x", visitor.token);
    assert_eq!(forger.send("c", QUESTION).await.status(), StatusCode::UNAUTHORIZED);

    // The same over the socket: a token in a frame, a question, and frames that are refused.
    let mut socket = TestSocket::open(served.address, "shop", "https://shop.example").await;
    socket.start(&visitor.token, 0).await;
    socket.say("marker-client-id-3", QUESTION).await;
    socket.until("ack").await;
    socket.send_text(QUESTION).await;
    socket.send(&json!({ "type": QUESTION, "token": visitor.token })).await;
    socket.until("error").await;
    let mut forged = TestSocket::open(served.address, "shop", "https://shop.example").await;
    forged
        .send(&json!({ "type": "session.start", "token": forger.token }))
        .await;
    forged.until_closed().await;

    served.terminate();
    let (_, log) = served.ended().await;
    assert!(
        log.contains("\"level\":\"DEBUG\"") && log.contains(&visitor.session_id),
        "the log is on"
    );
    let signature = visitor.token.rsplit('.').next().unwrap();
    for secret in [
        VENDOR_KEY,
        TOKEN_SECRET,
        QUESTION,
        ANSWER,
        QUERY,
        "marker-prompt",
        "marker-client-id",
        signature,
        visitor.resume.as_str(),
    ] {
        let hits: Vec<&str> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(hits.is_empty(), "{secret} is in the log: {hits:#?}");
    }
}
