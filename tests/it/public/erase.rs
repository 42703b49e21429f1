//! `DELETE /sessions/{id}`: a visitor erases a conversation. Nothing of it is left, in the files of the database neither.

use std::time::Duration;

use atthene_protocol::ids::WorkspaceId;
use atthene_server::model::key::Scope;
use atthene_tests::scripted::Piece;
use atthene_tests::socket::TestSocket;
use atthene_tests::{TestApp, TestVisitor};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";
const QUESTION: &str = "marker-of-the-question";
const ANSWER: &str = "marker-of-the-answer";

async fn erase(visitor: &TestVisitor) -> Response {
    visitor.session_request(Method::DELETE, "").send().await.unwrap()
}

fn assert_nowhere(app: &TestApp, markers: &[&str]) {
    let bytes = app.database_bytes();
    assert!(bytes.len() > 4_096, "these are not the files of a database");
    for marker in markers {
        let found = bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
        assert!(!found, "{marker} is still in the files");
    }
}

fn assert_there(app: &TestApp, marker: &str) {
    let bytes = app.database_bytes();
    assert!(
        bytes.windows(marker.len()).any(|window| window == marker.as_bytes()),
        "{marker} was never in the files: the test looks at nothing"
    );
}

/// Waits until what the answer says so far is in the database.
async fn until_checkpointed(visitor: &TestVisitor) {
    for _ in 0..400 {
        if visitor.history().await[1]["content"] != "" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no checkpoint within 4 s");
}

#[tokio::test]
async fn an_erased_conversation_is_gone_from_the_answers_and_from_the_files() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    // A neighbour, whose rows lie in the same pages.
    let neighbour = app.visitor(SHOP).start().await;
    neighbour.send("c1", "Kept").await;
    neighbour.events(0).await.until_end().await;
    for number in 0..10 {
        app.llm.answer(&[Piece::Text(ANSWER), Piece::Text(" and more")]);
        let text = format!("{QUESTION} {number} {}", "long ".repeat(number * 150));
        let sent: Value = visitor.send(&format!("c{number}"), &text).await.json().await.unwrap();
        visitor.events(sent["seq"].as_u64().unwrap()).await.until_end().await;
    }
    assert_there(&app, QUESTION);
    assert_there(&app, ANSWER);
    assert_eq!(erase(&visitor).await.status(), StatusCode::NO_CONTENT);
    assert_nowhere(&app, &[QUESTION, ANSWER]);

    assert_eq!(erase(&visitor).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(visitor.send("c0", "Again").await.status(), StatusCode::NOT_FOUND);
    for (method, path) in [
        (Method::GET, "/messages"),
        (Method::GET, "/events"),
        (Method::POST, "/stop"),
        (Method::POST, "/retry"),
    ] {
        let answer = visitor.session_request(method, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let body = json!({ "resume": visitor.resume });
    let renewed = visitor.session_request(Method::POST, "/token").json(&body).send().await;
    assert_eq!(renewed.unwrap().status(), StatusCode::UNAUTHORIZED);
    let mut again = app.visitor(SHOP);
    again.resume.clone_from(&visitor.resume);
    let again = again.start().await;
    assert_ne!(again.session_id, visitor.session_id);
    assert_eq!(neighbour.history().await.len(), 2, "the neighbour's is still there");
}

#[tokio::test]
async fn erasing_in_the_middle_of_an_answer_stops_it_and_tells_every_other_tab() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm
        .answer(&[Piece::Text(ANSWER), Piece::Hold, Piece::Text("more of it")]);
    let mut tab = visitor.events(0).await;
    visitor.send("c1", QUESTION).await;
    tab.until("TEXT_MESSAGE_CONTENT").await;
    let mut late_tab = visitor.events(0).await;
    let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
    socket.start(&visitor.token, 0).await;
    until_checkpointed(&visitor).await;
    assert_eq!(erase(&visitor).await.status(), StatusCode::NO_CONTENT);
    app.llm.release();
    for tab in [&mut tab, &mut late_tab] {
        let mut last = None;
        while let Some(event) = tab.next().await {
            last = Some(event);
        }
        let last = last.unwrap();
        assert_eq!(
            (last.name.as_deref(), &last.data["code"]),
            (Some("closed"), &json!(4401))
        );
    }
    assert_eq!(socket.until_closed().await.1, 4401);
    assert_nowhere(&app, &[QUESTION, ANSWER, "more of it"]);
    let workspace = WorkspaceId::default_workspace();
    let log = app.store.list_audit(&workspace, 1).await.unwrap();
    let entry = &log[0];
    assert_eq!(
        (entry.actor.as_str(), entry.action.as_str(), entry.subject.as_str()),
        ("visitor", "session.erased", visitor.session_id.as_str())
    );
}

#[tokio::test]
async fn what_an_erased_answer_cost_counts() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&[Piece::Text(ANSWER), Piece::Hold]);
    let mut tab = visitor.events(0).await;
    visitor.send("c1", QUESTION).await;
    tab.until("TEXT_MESSAGE_CONTENT").await;
    erase(&visitor).await;
    let workspace = WorkspaceId::default_workspace();
    let agent = app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap();
    let day = app.clock_now().day();
    let spent = app.store.spent_tokens(&workspace, &agent.id, day).await.unwrap();
    assert!(spent > 0, "whoever erases does not ask for nothing");
}

#[tokio::test]
async fn nobody_but_its_visitor_erases_a_conversation() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.visitor(SHOP).start().await, app.visitor(SHOP).start().await);
    let mut thief = app.visitor(SHOP);
    thief.session_id.clone_from(&owner.session_id);
    assert_eq!(erase(&thief).await.status(), StatusCode::UNAUTHORIZED);
    thief.token.clone_from(&stranger.token);
    assert_eq!(erase(&thief).await.status(), StatusCode::NOT_FOUND);
    let mut elsewhere = app.visitor("https://evil.example");
    (elsewhere.session_id, elsewhere.token) = (owner.session_id.clone(), owner.token.clone());
    assert_eq!(erase(&elsewhere).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(owner.history().await.len(), 0, "it is still there");
}

#[tokio::test]
async fn a_message_that_meets_the_erasure_leaves_nothing_behind() {
    let app = TestApp::start_with(|settings| settings.limits.address_sessions_per_min = 1_000).await;
    for number in 0..40 {
        let visitor = app.visitor(SHOP).start().await;
        let send = visitor.send("c1", QUESTION);
        let erased = async {
            // From before the message to after its end, a little later each time.
            for _ in 0..number {
                tokio::task::yield_now().await;
            }
            erase(&visitor).await
        };
        let (sent, erased) = tokio::join!(send, erased);
        let status = sent.status();
        assert!(
            [StatusCode::ACCEPTED, StatusCode::NOT_FOUND].contains(&status),
            "{status}"
        );
        assert_eq!(erased.status(), StatusCode::NO_CONTENT);
        assert_eq!(erase(&visitor).await.status(), StatusCode::NOT_FOUND);
    }
    assert_nowhere(&app, &[QUESTION]);
}

#[tokio::test]
async fn a_back_end_erases_in_the_middle_of_an_answer_too_and_what_was_kept_for_its_key_goes_along() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let path = format!("/api/v1/runtime/{session}/execute/");
    let ask = |key: &'static str| {
        let request = back_end.request(Method::POST, &path).header("idempotency-key", key);
        request.json(&json!({ "content": QUESTION })).send()
    };
    app.llm.answer(&[Piece::Text(ANSWER)]);
    assert_eq!(ask("first").await.unwrap().status(), StatusCode::OK);
    let chat = json!({ "agentId": "shop", "message": QUESTION });
    let other = back_end
        .request(Method::POST, "/api/chat")
        .header("idempotency-key", "chat");
    let other: Value = other.json(&chat).send().await.unwrap().json().await.unwrap();
    assert_there(&app, QUESTION);
    app.llm.answer(&[Piece::Text(ANSWER), Piece::Hold]);
    let running = tokio::spawn(ask("second"));
    let status = format!("/api/v1/runtime/{session}/status/");
    while back_end.get(&status).await.1["status"] != "processing" {
        tokio::task::yield_now().await;
    }
    for id in [session.as_str(), other["chatId"].as_str().unwrap()] {
        let (status, body) = back_end.delete(&format!("/api/v1/sessions/{id}/")).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    }
    running.await.unwrap().unwrap();
    assert_eq!(ask("first").await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(ask("second").await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_nowhere(&app, &[QUESTION, ANSWER]);
}
