//! `/sessions`, `/messages`, `/stop`, `/retry`: a visitor talks.

use atthene_server::llm::ModelErrorKind;
use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

#[tokio::test]
async fn a_visitor_asks_and_reads_the_answer_back() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    assert_eq!(visitor.started["widget"]["title"], "Shop help");
    let accepted = visitor.send("c1", "Where is my order?").await;
    assert_eq!(accepted.status(), StatusCode::ACCEPTED);
    visitor.events(0).await.until_end().await;
    let history = visitor.history().await;
    let texts: Vec<&str> = history
        .iter()
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Where is my order?", "Hello from the script."]);
    assert_eq!(history[1]["status"], "completed");
    assert_eq!(
        app.llm.requests()[0].messages.last().unwrap().content,
        "Where is my order?"
    );
}

#[tokio::test]
async fn the_model_is_told_what_was_said_before() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    for (client_id, text) in [("c1", "First"), ("c2", "Second")] {
        let accepted: Value = visitor.send(client_id, text).await.json().await.unwrap();
        visitor
            .events(accepted["seq"].as_u64().unwrap())
            .await
            .until_end()
            .await;
    }
    let asked: Vec<String> = app.llm.requests()[1]
        .messages
        .iter()
        .map(|message| message.content.clone())
        .collect();
    assert_eq!(asked, ["First", "Hello from the script.", "Second"]);
}

#[tokio::test]
async fn a_hundred_duplicates_of_one_send_are_one_message_and_one_model_call() {
    let app = TestApp::start_with(|settings| settings.limits.visitor_messages_per_min = 1_000).await;
    let visitor = app.visitor(SHOP).start().await;
    let sends = (0..100).map(|_| visitor.send("same", "Once"));
    let answers = futures_util::future::join_all(sends).await;
    let mut bodies = std::collections::BTreeSet::new();
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
        bodies.insert(answer.text().await.unwrap());
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    visitor.events(0).await.until_end().await;
    assert_eq!(visitor.history().await.len(), 2);
    assert_eq!(app.llm.requests().len(), 1);
}

#[tokio::test]
async fn a_client_id_with_another_text_is_refused() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", "One").await;
    visitor.events(0).await.until_end().await;
    let refused = visitor.send("c1", "Two").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "client_id_reused");
}

#[tokio::test]
async fn a_second_message_waits_for_the_first_turn() {
    let app = TestApp::start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" done")]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let refused = visitor.send("c2", "Two").await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "turn_running");
    app.llm.release();
    events.until("RUN_FINISHED").await;
    assert_eq!(visitor.send("c2", "Two").await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_stopped_turn_keeps_what_it_said_and_can_be_retried() {
    let app = TestApp::start().await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let stopped = visitor.session_request(Method::POST, "/stop").send().await.unwrap();
    assert_eq!(stopped.status(), StatusCode::ACCEPTED);
    let end = events.until("RUN_FINISHED").await.pop().unwrap();
    assert_eq!(end.data["outcome"]["type"], "cancelled");
    let history = visitor.history().await;
    assert_eq!(
        (history[1]["content"].as_str(), history[1]["status"].as_str()),
        (Some("Half"), Some("stopped"))
    );

    let retried = visitor.session_request(Method::POST, "/retry").send().await.unwrap();
    assert_eq!(retried.status(), StatusCode::ACCEPTED);
    events.until("RUN_FINISHED").await;
    let again = visitor.history().await;
    assert_eq!(again.len(), 2, "a retry answers in the same message");
    assert_eq!(again[1]["content"], "Hello from the script.");
    assert_eq!(again[1]["id"], history[1]["id"]);
}

#[tokio::test]
async fn a_failed_turn_ends_in_one_kind_sentence_without_the_vendors_words() {
    let app = TestApp::start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Fail(ModelErrorKind::Broken)]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    let events = events.until("RUN_ERROR").await;
    let error = &events.last().unwrap().data;
    assert_eq!(error["code"], "answer_broken");
    assert!(!format!("{events:?}").contains("vendor-secret-marker"));
    assert_eq!(visitor.history().await[1]["status"], "error");
}

#[tokio::test]
async fn a_turn_that_comes_to_no_end_is_ended_and_keeps_what_it_said() {
    let app = TestApp::start_with(|settings| settings.upstream.total_timeout_ms = 300).await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    let events = events.until("RUN_ERROR").await;
    assert_eq!(events.last().unwrap().data["code"], "model_timeout");
    let answer = &visitor.history().await[1];
    assert_eq!(
        (&answer["status"], &answer["content"]),
        (&json!("error"), &json!("Half"))
    );
}

#[tokio::test]
async fn a_message_has_one_to_ten_thousand_characters() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    for (client_id, text, wanted) in [
        ("c1", String::new(), StatusCode::UNPROCESSABLE_ENTITY),
        ("c2", " \n".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("c3", "é".repeat(10_001), StatusCode::UNPROCESSABLE_ENTITY),
        ("c4", "é".repeat(10_000), StatusCode::ACCEPTED),
        ("c5", "x".repeat(140_000), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(visitor.send(client_id, &text).await.status(), wanted, "{client_id}");
        if wanted == StatusCode::ACCEPTED {
            visitor.events(0).await.until_end().await;
        }
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_in_our_own_shape() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let post = |content_type: &'static str, body: &'static str| {
        visitor
            .session_request(Method::POST, "/messages")
            .header("content-type", content_type)
            .body(body)
            .send()
    };
    for (content_type, body, status, code) in [
        ("application/json", "{", 400, "malformed_json"),
        (
            "application/json",
            r#"{"client_id":1,"content":"x"}"#,
            422,
            "wrong_type",
        ),
        ("text/plain", "x", 415, "content_type"),
    ] {
        let answer = post(content_type, body).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], code);
        assert!(body["error"]["request_id"].as_str().unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn a_key_that_stands_twice_in_a_body_is_refused_by_name() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    for (path, body, key) in [
        (
            "/messages",
            r#"{"client_id":"a","content":"x","content":"y"}"#,
            "content",
        ),
        (
            "/messages",
            r#"{"client_id":"a","client_id":"b","content":"x"}"#,
            "client_id",
        ),
        (
            "/messages",
            r#"{"client_id":"a","content":"x","con\u0074ent":"y"}"#,
            "content",
        ),
        ("/token", r#"{"resume":"a","resume":"b"}"#, "resume"),
    ] {
        let request = visitor.session_request(Method::POST, path);
        let answer = request.header("content-type", "application/json").body(body);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["error"]["code"], "wrong_type");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("duplicate field `{key}`")), "{message}");
    }
    assert_eq!(visitor.history().await.len(), 0);
}

#[tokio::test]
async fn a_resume_secret_goes_on_and_a_bad_one_starts_anew() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", "One").await;
    visitor.events(0).await.until_end().await;
    let (session, resume) = (visitor.session_id.clone(), visitor.resume.clone());
    let again = visitor.start().await;
    assert_eq!(again.session_id, session);
    assert_eq!(again.started["messages"].as_array().unwrap().len(), 2);
    assert!(again.started["run"].is_null());

    let body = json!({ "resume": "not-a-secret" });
    let other: Value = again
        .request(Method::POST, "/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_ne!(other["session_id"], json!(session));
    let body = json!({ "resume": resume, "new": true });
    let fresh: Value = again
        .request(Method::POST, "/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_ne!(fresh["session_id"], json!(session));
}

#[tokio::test]
async fn page_addresses_lose_query_and_fragment() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP);
    let body = json!({ "page": { "url": "https://u:p@shop.example/a?token=marker#x", "referrer": "https://r.example/?q=marker" } });
    let started: Value = visitor
        .request(Method::POST, "/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = atthene_protocol::ids::SessionId(started["session_id"].as_str().unwrap().to_owned());
    let workspace = atthene_protocol::ids::WorkspaceId::default_workspace();
    let session = app.store.find_session(&workspace, &id).await.unwrap().unwrap();
    assert_eq!(session.page_url.as_deref(), Some("https://shop.example/a"));
    assert_eq!(session.page_referrer.as_deref(), Some("https://r.example/"));
}

#[tokio::test]
async fn the_twenty_first_message_of_a_minute_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    // All at once, and by the clock: room for another one comes back every three seconds, also on a slow machine.
    let begun = std::time::Instant::now();
    let ids: Vec<String> = (0..60).map(|number| format!("c{number}")).collect();
    let answers = futures_util::future::join_all(ids.iter().map(|id| visitor.send(id, "Hi"))).await;
    let (refused, counted): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS);
    let most = 20 + usize::try_from(begun.elapsed().as_secs() / 3).unwrap() + 1;
    assert!(
        (20..=most).contains(&counted.len()),
        "{} were counted, at most {most} fit",
        counted.len()
    );
    let refused = refused.into_iter().next().unwrap();
    assert_eq!(refused.headers()["access-control-allow-origin"], SHOP);
    for name in [
        "retry-after",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
    ] {
        assert!(refused.headers().contains_key(name), "{name}");
    }
    let body: Value = refused.json().await.unwrap();
    assert!(body["error"]["retry_after_ms"].as_u64().unwrap() > 0);
}
