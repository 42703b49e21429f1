//! What is too old goes by itself (BAR.md D6), by the time of the test.

use atthene_server::domain::retention::Swept;
use atthene_server::model::key::Scope;
use atthene_tests::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";
const DAY_S: i64 = 24 * 60 * 60;
const QUESTION: &str = "marker-of-an-old-question";

#[tokio::test]
async fn a_conversation_goes_ninety_days_after_the_last_thing_that_happened_in_it() {
    let app = TestApp::start().await;
    let (mut idle, mut used) = (app.visitor(SHOP).start().await, app.visitor(SHOP).start().await);
    for visitor in [&idle, &used] {
        visitor.send("c1", QUESTION).await;
        visitor.events(0).await.until_end().await;
    }
    // Its tab stays open, with a token of later.
    app.clock.advance_s(29 * DAY_S);
    for visitor in [&mut idle, &mut used] {
        let mut again = app.visitor(SHOP);
        again.resume.clone_from(&visitor.resume);
        *visitor = again.start().await;
    }
    app.clock.advance_s(29 * DAY_S);
    used.token.clear();
    used = used.start().await;
    used.send("c2", "Still here?").await;
    used.events(0).await.until_end().await;
    app.clock.advance_s(32 * DAY_S - 1);
    assert_eq!(app.retention().sweep().await.unwrap().sessions, 0);
    app.clock.advance_s(2);
    assert_eq!(app.retention().sweep().await.unwrap().sessions, 1);
    app.clock.advance_s(-32 * DAY_S);
    assert_eq!(used.history().await.len(), 4);
    let answer = idle.session_request(Method::GET, "/messages").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "its token ended long ago");
    let mut again = app.visitor(SHOP);
    again.resume.clone_from(&idle.resume);
    assert_ne!(again.start().await.session_id, idle.session_id);
}

#[tokio::test]
async fn more_than_one_batch_of_old_conversations_goes_in_one_sweep_and_from_the_files() {
    let app = TestApp::start_with(|settings| {
        settings.limits.address_sessions_per_min = 1_000;
        settings.retention.sessions_days = 1;
    })
    .await;
    for _ in 0..45 {
        let visitor = app.visitor(SHOP).start().await;
        visitor.send("c1", QUESTION).await;
        visitor.events(0).await.until_end().await;
    }
    let is_there = || {
        let bytes = app.database_bytes();
        bytes
            .windows(QUESTION.len())
            .any(|window| window == QUESTION.as_bytes())
    };
    assert!(is_there());
    app.clock.advance_s(DAY_S + 1);
    let swept = app.retention().sweep().await.unwrap();
    assert_eq!(swept.sessions, 45);
    assert!(!is_there());
    assert_eq!(app.retention().sweep().await.unwrap(), Swept::default());
}

#[tokio::test]
async fn a_stream_of_a_conversation_that_goes_by_its_age_is_told() {
    let app = TestApp::start_with(|settings| settings.retention.sessions_days = 1).await;
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", "One").await;
    let mut events = visitor.events(0).await;
    events.until_end().await;
    app.clock.advance_s(DAY_S + 1);
    app.retention().sweep().await.unwrap();
    let last = events.next().await.unwrap();
    assert_eq!(
        (last.name.as_deref(), &last.data["code"]),
        (Some("closed"), &json!(4401))
    );
}

#[tokio::test]
async fn an_answer_is_kept_for_its_idempotency_key_for_a_day() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let ask = || {
        let request = back_end
            .request(Method::POST, "/api/chat")
            .header("idempotency-key", "k");
        request.json(&json!({ "agentId": "shop", "message": "Hi" })).send()
    };
    let first: Value = ask().await.unwrap().json().await.unwrap();
    app.clock.advance_s(DAY_S - 1);
    assert_eq!(app.retention().sweep().await.unwrap().answers, 0);
    let again: Value = ask().await.unwrap().json().await.unwrap();
    assert_eq!(again, first);
    app.clock.advance_s(2);
    assert_eq!(app.retention().sweep().await.unwrap().answers, 1);
    let anew: Value = ask().await.unwrap().json().await.unwrap();
    assert_ne!(anew["chatId"], first["chatId"]);
}
