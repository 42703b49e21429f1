//! A server that is told to stop (BAR.md D4): nothing new, streams come back later, running answers may end.

use std::net::SocketAddr;

use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

async fn readiness(address: SocketAddr) -> StatusCode {
    let answer = reqwest::Client::new().get(format!("http://{address}/readyz"));
    answer.send().await.unwrap().status()
}

async fn assert_shutting_down(answer: Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let headers = answer.headers().clone();
    assert_eq!(headers["access-control-allow-origin"], SHOP);
    let seconds: u64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "shutting_down");
    assert_eq!(body["error"]["request_id"], headers["x-request-id"].to_str().unwrap());
    assert_eq!(
        body["error"]["retry_after_ms"].as_u64().unwrap().div_ceil(1_000),
        seconds
    );
}

#[tokio::test]
async fn a_server_that_stops_takes_nothing_new_and_lets_answers_end() {
    let app = TestApp::start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" and whole")]);
    let busy = app.visitor(SHOP).start().await;
    let idle = app.visitor(SHOP).start().await;
    let mut events = busy.events(0).await;
    busy.send("c1", "One").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    assert_eq!(readiness(app.address).await, StatusCode::OK);

    app.begin_stop();
    let last = events.next().await.unwrap();
    assert_eq!(last.name.as_deref(), Some("reconnect"));
    assert_eq!(last.data["code"], 1012);
    assert!(last.data["after_ms"].as_u64().unwrap() > 0);
    assert!(events.next().await.is_none());
    assert_eq!(readiness(app.address).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_shutting_down(idle.send("c1", "Too late").await).await;
    let streamed = idle
        .session_request(Method::POST, "/messages")
        .header("accept", "text/event-stream")
        .json(&json!({ "client_id": "c2", "content": "Too late" }));
    assert_shutting_down(streamed.send().await.unwrap()).await;
    let retry = idle.session_request(Method::POST, "/retry");
    assert_shutting_down(retry.send().await.unwrap()).await;
    let start = app.visitor(SHOP).request(Method::POST, "/sessions").json(&json!({}));
    assert_shutting_down(start.send().await.unwrap()).await;
    assert_eq!(idle.history().await.len(), 0, "reading goes on, and nothing was stored");

    app.llm.release();
    let app = app.stop_and_restart().await;
    let mut again = app.visitor(SHOP);
    again.resume.clone_from(&busy.resume);
    let again = again.start().await;
    let history = again.history().await;
    assert_eq!(
        (history[1]["content"].as_str(), history[1]["status"].as_str()),
        (Some("Half and whole"), Some("completed"))
    );
}

#[tokio::test]
async fn an_answer_that_does_not_end_in_time_is_kept_and_marked() {
    let app = TestApp::start_with(|settings| settings.shutdown_grace_ms = 100).await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let app = app.stop_and_restart().await;
    let mut again = app.visitor(SHOP);
    again.resume.clone_from(&visitor.resume);
    let again = again.start().await;
    assert_eq!(again.started["run"]["status"], "interrupted");
    assert_eq!(again.history().await[1]["content"], "Half");
    let retried = again.session_request(Method::POST, "/retry").send().await.unwrap();
    assert_eq!(retried.status(), StatusCode::ACCEPTED);
}
