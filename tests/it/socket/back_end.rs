//! Back ends on the socket: a key in a header instead of a page and a token.

use std::time::Duration;

use atthene_protocol::socket::TOKEN;
use atthene_server::model::key::Scope;
use atthene_tests::socket::TestSocket;
use atthene_tests::{AgentSpec, BackEnd, TestApp};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::raw::{Answer, HANDSHAKE, Raw};
use super::{SHOP, talking};

async fn asked(app: &TestApp, query: &str, headers: &str) -> Answer {
    let (address, line) = (app.address, format!("GET /ws/amas{query} HTTP/1.1"));
    let headers = format!("{headers}{HANDSHAKE}");
    let asking = tokio::task::spawn_blocking(move || Raw::request(address, &line, &headers).1);
    asking.await.unwrap()
}

/// A socket of this back end in a session, and what it was told.
async fn opened(app: &TestApp, back_end: &BackEnd, session: &str) -> (TestSocket, Value) {
    let mut socket = TestSocket::open_with(app.address, "", &[("x-api-key", &back_end.secret)]).await;
    socket
        .send(&json!({ "type": "session.start", "session_id": session }))
        .await;
    let told = socket.frame().await;
    (socket, told)
}

#[tokio::test]
async fn a_back_end_talks_in_its_own_session() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let (mut socket, ready) = opened(&app, &back_end, &session).await;
    assert_eq!(
        (&ready["type"], &ready["session_id"]),
        (&json!("session.ready"), &json!(session))
    );
    socket.say("c1", "Hi").await;
    assert_eq!(socket.frame().await["type"], "ack");
    socket.until_event("RUN_FINISHED").await;
    let (_, messages) = back_end.get(&format!("/api/v1/runtime/{session}/messages")).await;
    assert_eq!(messages["messages"][1]["content"], "Hello from the script.");
    // What REST runs in it is told here.
    back_end.execute(&session, "Again").await;
    socket.until_event("RUN_FINISHED").await;
}

#[tokio::test]
async fn a_key_is_asked_before_the_101_and_does_not_belong_into_a_page() {
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = 8).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let reader = app.back_end(&[Scope::AgentsRead]).await;
    let elsewhere = app
        .mint(|draft| draft.addresses = Some(vec!["192.0.2.0/24".to_owned()]))
        .await;
    back_end.until_known().await;
    let key = format!("x-api-key: {}\r\n", back_end.secret);
    let bearer = format!("authorization: Bearer {}\r\n", back_end.secret);
    let host = app.address;
    for (headers, status, code) in [
        (key.clone(), 101, ""),
        (bearer.clone(), 101, ""),
        (format!("{key}origin: http://{host}\r\n"), 101, ""),
        (format!("{key}origin: {SHOP}\r\n"), 403, "secret_key_in_browser"),
        (format!("{key}origin: null\r\n"), 403, "secret_key_in_browser"),
        (format!("{key}{bearer}"), 400, "two_credentials"),
        ("x-api-key: atk_live_nonsense\r\n".to_owned(), 401, "api_key_invalid"),
        (
            "authorization: Bearer atk_live_nonsense\r\n".to_owned(),
            401,
            "api_key_invalid",
        ),
        (format!("x-api-key: {}\r\n", reader.secret), 403, "missing_scope"),
        (format!("x-api-key: {}\r\n", elsewhere.secret), 401, "api_key_invalid"),
        (String::new(), 403, "origin_required"),
    ] {
        let answer = asked(&app, "?agent_key=shop", &headers).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{headers}");
    }
    // Opening one is a request of the key, and so is each message.
    let mut last = 101;
    for _ in 0..9 {
        last = asked(&app, "", &key).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_key_sees_its_own_sessions_and_those_of_others_only_to_read() {
    let app = TestApp::start().await;
    let (visitor, mut page) = talking(&app).await;
    let owner = app.back_end(&[Scope::Chat]).await;
    let other = app.back_end(&[Scope::Chat]).await;
    let reader = app.back_end(&[Scope::Chat, Scope::SessionsRead]).await;
    let session = owner.session("shop").await;
    for id in [&session, &visitor.session_id, "sess_unknown"] {
        let (mut socket, told) = opened(&app, &other, id).await;
        assert_eq!(told["error"]["code"], "not_found", "{id}");
        assert_eq!(socket.until_closed().await.1, TOKEN);
    }
    let (mut socket, ready) = opened(&app, &reader, &visitor.session_id).await;
    assert_eq!(ready["type"], "session.ready");
    for frame in [
        json!({ "type": "message.send", "client_id": "c1", "content": "Hi" }),
        json!({ "type": "run.stop" }),
        json!({ "type": "run.retry" }),
        json!({ "type": "input.answer", "interrupt_id": "int_1", "content": "Hi" }),
    ] {
        socket.send(&frame).await;
        assert_eq!(socket.frame().await["error"]["code"], "not_found", "{frame}");
    }
    // A key that is bound to agents reads those of its agents only.
    let elsewhere = app
        .add_agent(AgentSpec {
            key: "elsewhere",
            ..AgentSpec::default()
        })
        .await;
    let bound = app
        .back_end_with(&[Scope::Chat, Scope::SessionsRead], |draft| {
            draft.agents = Some(vec![elsewhere.id])
        })
        .await;
    let (mut refused, told) = opened(&app, &bound, &visitor.session_id).await;
    assert_eq!(told["error"]["code"], "not_found");
    assert_eq!(refused.until_closed().await.1, TOKEN);
    page.say("c1", "Hi").await;
    socket.until_event("RUN_FINISHED").await;
    let mut without = TestSocket::open_with(app.address, "", &[("x-api-key", &owner.secret)]).await;
    without
        .send(&json!({ "type": "session.start", "token": visitor.token }))
        .await;
    assert_eq!(without.frame().await["error"]["code"], "session_required");
}

#[tokio::test]
async fn a_revoked_key_and_an_expired_one_end_their_sockets() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let manager = app.back_end(&[Scope::KeysWrite]).await;
    let session = back_end.session("shop").await;
    let (mut socket, _) = opened(&app, &back_end, &session).await;
    let begun = Instant::now();
    manager.delete(&format!("/api/v1/api-keys/{}", back_end.key.id)).await;
    assert_eq!(socket.until_closed().await.1, 4403);
    assert!(begun.elapsed() < Duration::from_secs(5));

    let brief = app
        .back_end_with(&[Scope::Chat], |draft| {
            draft.expires_at = Some(app.clock_now().plus_ms(2_000))
        })
        .await;
    let session = brief.session("shop").await;
    let (mut socket, _) = opened(&app, &brief, &session).await;
    assert_eq!(socket.until_closed().await.1, TOKEN);
}

#[tokio::test]
async fn each_message_counts_as_a_request_of_the_key() {
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = 20).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let (mut socket, _) = opened(&app, &back_end, &session).await;
    let mut told = Value::Null;
    for _ in 0..30 {
        socket.send(&json!({ "type": "run.retry" })).await;
        told = socket.frame().await;
        if told["error"]["code"] != "nothing_to_retry" {
            break;
        }
    }
    assert_eq!(told["error"]["code"], "rate_limited");
    assert!(told["error"]["message"].as_str().unwrap().contains("this key"));
}
