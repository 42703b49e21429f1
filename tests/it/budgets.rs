//! An agent's token budget of a day: what counts, who is refused when it is used up, and when it begins anew.

use atthene_protocol::ids::WorkspaceId;
use atthene_server::llm::ModelErrorKind;
use atthene_server::model::agent::Agent;
use atthene_server::model::key::Scope;
use atthene_tests::back_end::{BackEnd, told};
use atthene_tests::{Piece, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn agent(app: &TestApp) -> Agent {
    let workspace = WorkspaceId::default_workspace();
    app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap()
}

async fn with_budget(app: &TestApp, tokens: Option<u64>) {
    let mut agent = agent(app).await;
    agent.token_budget_per_day = tokens;
    app.change_agent(&agent).await;
}

async fn spent(app: &TestApp) -> u64 {
    let agent = agent(app).await;
    let day = app.clock_now().day();
    app.store.spent_tokens(&agent.workspace, &agent.id, day).await.unwrap()
}

/// The route and body of each dialect that begins a turn.
async fn asks(back_end: &BackEnd) -> Vec<(String, Value)> {
    let session = back_end.session("shop").await;
    let chat = json!({ "name": "A chat", "from_type": "flow", "from_flow": "shop" });
    let chat = back_end.post("/chats", &chat).await.1;
    vec![
        (format!("/api/v1/runtime/{session}/execute"), json!({ "content": "Hi" })),
        (
            format!("/chats/{}/messages", chat["id"].as_str().unwrap_or_default()),
            json!({ "message": "Hi" }),
        ),
        ("/api/chat".to_owned(), json!({ "message": "Hi", "agentId": "shop" })),
        (
            "/v1/chat/completions".to_owned(),
            json!({ "model": "shop", "messages": [{ "role": "user", "content": "Hi" }] }),
        ),
    ]
}

#[tokio::test]
async fn an_agent_without_budget_is_refused_in_every_dialect_until_the_next_day() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let asks = asks(&back_end).await;
    let visitor = app.visitor(SHOP).start().await;
    with_budget(&app, Some(0)).await;
    let left_s = u64::try_from((DAY_MS - app.clock_now().0.rem_euclid(DAY_MS)) / 1_000).unwrap();
    for (path, body) in &asks {
        let answer = back_end.request(Method::POST, path).json(body).send().await.unwrap();
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        let (status, told) = told(answer).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{path} {told}");
        assert!(told.to_string().contains("budget"), "{path} {told}");
        assert_eq!(wait, left_s, "{path}");
    }
    let sent = visitor.session_request(Method::POST, "/messages");
    let sent = sent
        .json(&json!({ "client_id": "c1", "content": "Hi" }))
        .send()
        .await
        .unwrap();
    let (status, body) = told(sent).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{body}");
    assert_eq!(body["error"]["code"], "budget_exhausted");
    assert!(app.llm.requests().is_empty(), "nothing was asked");
    assert!(visitor.history().await.is_empty(), "nothing was kept");

    with_budget(&app, Some(1)).await;
    let (path, body) = &asks[0];
    assert_eq!(back_end.post(path, body).await.0, StatusCode::OK, "one more fits");
    assert_eq!(back_end.post(path, body).await.0, StatusCode::TOO_MANY_REQUESTS);
    app.clock.advance_s(i64::try_from(left_s).unwrap() + 1);
    assert_eq!(back_end.post(path, body).await.0, StatusCode::OK, "a new day");
}

#[tokio::test]
async fn a_vendor_that_tells_no_tokens_is_counted_by_the_length_of_the_texts() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    app.llm.answer(&[Piece::Text("12345678")]);
    back_end.execute(&session, "Hi").await;
    let asked = app.llm.requests().remove(0);
    let asked: usize = asked.system.chars().count() + "Hi".len();
    let wanted = asked.div_ceil(4) + 2;
    assert_eq!(spent(&app).await, u64::try_from(wanted).unwrap());
    // What failed half way was paid for as well.
    let before = spent(&app).await;
    app.llm
        .answer(&[Piece::Text("12345678"), Piece::Fail(ModelErrorKind::Broken)]);
    back_end.execute(&session, "Hi").await;
    assert!(spent(&app).await > before + 2);
    // A run without a session counts before its answer is over.
    let before = spent(&app).await;
    let body = json!({ "model": "shop", "messages": [{ "role": "user", "content": "Hi" }] });
    assert_eq!(back_end.post("/v1/chat/completions", &body).await.0, StatusCode::OK);
    assert!(spent(&app).await > before);
}

#[tokio::test]
async fn what_was_spent_outlives_a_restart_and_a_crash_counts_what_was_said() {
    let app = TestApp::start().await;
    with_budget(&app, Some(5)).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm
        .answer(&[Piece::Text("a text of forty characters, more or less"), Piece::Hold]);
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hi").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    // The text so far is written about once a second.
    let kept = async {
        while visitor.history().await[1]["content"] == "" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), kept)
        .await
        .unwrap();
    let app = app.crash_and_restart().await;
    assert_eq!(spent(&app).await, 11, "one for the question, ten for the answer");
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    assert_eq!(back_end.execute(&session, "Hi").await.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_budget_is_set_shown_and_taken_away_and_must_be_a_number() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::AgentsRead, Scope::AgentsWrite]).await;
    let change = async |budget: Value| {
        let request = back_end.request(Method::PATCH, "/api/v1/agents/shop");
        let request = request.json(&json!({ "token_budget_per_day": budget }));
        told(request.send().await.unwrap()).await
    };
    let (status, shown) = change(json!(250_000)).await;
    assert_eq!(
        (status, &shown["token_budget_per_day"]),
        (StatusCode::OK, &json!(250_000))
    );
    assert_eq!(shown["version_number"], 1, "the configuration is the same");
    for wrong in [json!(-1), json!(1.5), json!("many"), json!(1_000_000_000_001_u64)] {
        let (status, told) = change(wrong.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(told["errors"][0]["field"], "token_budget_per_day", "{told}");
    }
    let renamed = back_end
        .request(Method::PATCH, "/api/v1/agents/shop")
        .json(&json!({ "dev_mode": false }));
    let (_, kept) = told(renamed.send().await.unwrap()).await;
    assert_eq!(kept["token_budget_per_day"], 250_000, "what is not named stays");
    let (_, without) = change(Value::Null).await;
    assert_eq!(without["token_budget_per_day"], Value::Null);
}
