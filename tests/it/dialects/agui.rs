//! AG-UI: whose thread is whose, what is asked once, and what a run's stream says.

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::back_end::told;
use atthene_tests::sse::SseEvent;
use atthene_tests::{AgentSpec, BackEnd, EventReader, Piece, TestApp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// A run as a client sends it, with the whole conversation each time.
pub(super) fn run(thread: &str, run: &str, messages: &[(&str, &str, &str)]) -> Value {
    let messages: Vec<_> = messages
        .iter()
        .map(|(id, role, content)| json!({ "id": id, "role": role, "content": content }))
        .collect();
    json!({
        "threadId": thread, "runId": run, "messages": messages,
        "state": {}, "tools": [], "context": [], "forwardedProps": {}, "protocolVersion": "1.0",
    })
}

pub(super) fn ask(thread: &str, id: &str, content: &str) -> Value {
    run(thread, &format!("run-{id}"), &[(id, "user", content)])
}

async fn stream(request: RequestBuilder, body: &Value) -> EventReader {
    let answer = request.json(body).send().await.unwrap();
    let (status, kind) = (answer.status(), answer.headers()["content-type"].clone());
    assert_eq!(kind, "text/event-stream", "{status}");
    EventReader::new(answer)
}

/// Every event to the end of the stream.
pub(super) async fn events(request: RequestBuilder, body: &Value) -> Vec<SseEvent> {
    let mut reader = stream(request, body).await;
    let mut events = Vec::new();
    while let Some(event) = reader.next().await {
        events.push(event);
    }
    events
}

pub(super) fn by_key(back_end: &BackEnd) -> RequestBuilder {
    back_end.request(Method::POST, "/agui/shop")
}

pub(super) fn by_token(app: &TestApp, agent: &str, origin: &str, token: &str) -> RequestBuilder {
    let request = Client::new().post(format!("{}/agui/{agent}", app.url()));
    request.header("origin", origin).bearer_auth(token)
}

pub(super) fn kinds(events: &[SseEvent]) -> Vec<&str> {
    events.iter().map(SseEvent::kind).collect()
}

pub(super) fn text(events: &[SseEvent]) -> String {
    events.iter().filter_map(|event| event.data["delta"].as_str()).collect()
}

pub(super) fn outcome(events: &[SseEvent]) -> &Value {
    &events.last().unwrap().data["outcome"]["type"]
}

#[tokio::test]
async fn a_run_is_told_from_its_start_to_its_end_under_the_client_s_names() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let told = events(by_key(&back_end), &ask("thread-1", "m1", "Hello?")).await;
    assert_eq!(
        kinds(&told),
        [
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED"
        ]
    );
    assert_eq!(
        (text(&told).as_str(), outcome(&told)),
        ("Hello from the script.", &json!("success"))
    );
    for event in [&told[0], &told[5]] {
        assert_eq!(
            (&event.data["threadId"], &event.data["runId"]),
            (&json!("thread-1"), &json!("run-m1"))
        );
    }
    let numbers: Vec<_> = told.iter().map(|event| event.seq.unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    // Its own names lead to the other dialects.
    let session = told[0].data["metadata"]["sessionId"].as_str().unwrap();
    let (_, kept) = back_end.get(&format!("/api/v1/runtime/{session}/messages/")).await;
    assert_eq!(kept["messages"][1]["content"], "Hello from the script.");
}

#[tokio::test]
async fn a_thread_goes_on_as_one_session_of_its_key() {
    let app = TestApp::start().await;
    let (one, other) = (app.back_end(&[Scope::Chat]).await, app.back_end(&[Scope::Chat]).await);
    events(by_key(&one), &ask("thread", "m1", "First")).await;
    let history = [
        ("m1", "user", "First"),
        ("x", "assistant", "I never said this"),
        ("m2", "user", "Second"),
    ];
    events(by_key(&one), &run("thread", "run-2", &history)).await;
    let asked = app.llm.requests().pop().unwrap();
    let said: Vec<&str> = asked.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(
        said,
        ["First", "Hello from the script.", "Second"],
        "the server's history, not the client's"
    );
    events(by_key(&other), &ask("thread", "m1", "Hello")).await;
    events(by_key(&one), &ask("another thread", "m1", "Hello")).await;
    for asked in &app.llm.requests()[2..] {
        assert_eq!(asked.messages.len(), 1, "other keys and other threads begin anew");
    }
    let (_, sessions) = one.get("/api/v1/sessions/").await;
    assert_eq!(sessions.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_session_of_the_key_is_a_thread_too_and_a_deleted_one_is_none() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let told = events(by_key(&back_end), &ask(&session, "m1", "Hello")).await;
    assert_eq!(told[0].data["metadata"]["sessionId"], json!(session));
    let told = events(by_key(&back_end), &ask("thread", "m1", "Hello")).await;
    let first = told[0].data["metadata"]["sessionId"].as_str().unwrap().to_owned();
    back_end.delete(&format!("/api/v1/sessions/{first}/")).await;
    let told = events(by_key(&back_end), &ask("thread", "m1", "Hello")).await;
    assert_ne!(told[0].data["metadata"]["sessionId"], json!(first));
    assert_eq!(text(&told), "Hello from the script.");
}

#[tokio::test]
async fn a_thread_of_another_agent_and_an_agent_that_is_not_there_are_told_before_the_stream() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "other",
        is_public: false,
        ..AgentSpec::default()
    })
    .await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    events(by_key(&back_end), &ask("thread", "m1", "Hello")).await;
    let (status, body) = back_end.post("/agui/other", &ask("thread", "m2", "Hello")).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (409, &json!("other_agent")));
    let (status, _) = back_end.post("/agui/other/", &ask("private", "m1", "Hello")).await;
    assert_eq!(status, StatusCode::OK, "a key needs no public access");
    let (status, body) = back_end.post("/agui/nobody", &ask("thread", "m1", "Hello")).await;
    assert_eq!(
        (status.as_u16(), &body["error"]["type"]),
        (404, &json!("not_found_error"))
    );
    let bound = app
        .back_end_with(&[Scope::Chat], |draft| {
            draft.agents = Some(vec![atthene_protocol::ids::AgentId("other".to_owned())])
        })
        .await;
    assert_eq!(
        bound.post("/agui/shop", &ask("t", "m", "Hello")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_same_message_again_is_asked_once() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let body = ask("thread", "m1", "Hello");
    let first = events(by_key(&back_end), &body).await;
    let again = events(
        by_key(&back_end),
        &run("thread", "other-run", &[("m1", "user", "Hello")]),
    )
    .await;
    assert_eq!(
        kinds(&again),
        [
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED"
        ]
    );
    assert_eq!(
        (text(&again), &again[0].data["runId"]),
        (text(&first), &json!("other-run"))
    );
    let answer = first[1].data["messageId"].as_str().unwrap();
    let known = [("m1", "user", "Hello"), (answer, "assistant", "Hello from")];
    let rest = events(by_key(&back_end), &run("thread", "third", &known)).await;
    assert_eq!(text(&rest), " the script.", "what the client holds is not told again");
    assert_eq!(app.llm.requests().len(), 1);
    events(by_key(&back_end), &ask("thread", "m1", "Good-bye")).await;
    assert_eq!(app.llm.requests().len(), 2, "another text is another message");
}

#[tokio::test]
async fn a_client_that_lost_its_stream_joins_the_turn_again_and_others_must_wait() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" done")]);
    let body = ask("thread", "m1", "Hello");
    let mut lost = stream(by_key(&back_end), &body).await;
    let before = lost.until("TEXT_MESSAGE_CONTENT").await;
    drop(lost);
    let (status, refused) = told(
        by_key(&back_end)
            .json(&ask("thread", "m2", "And?"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (status.as_u16(), &refused["error"]["code"]),
        (409, &json!("turn_running"))
    );
    let answer = before.last().unwrap().data["messageId"].as_str().unwrap();
    let known = [("m1", "user", "Hello"), (answer, "assistant", "Half")];
    let mut joined = stream(by_key(&back_end), &run("thread", "run-2", &known)).await;
    let mut again = joined.until("RUN_STARTED").await;
    app.llm.release();
    again.extend(joined.until("RUN_FINISHED").await);
    assert_eq!((text(&again).as_str(), outcome(&again)), (" done", &json!("success")));
    assert_eq!(app.llm.requests().len(), 1);
}

#[tokio::test]
async fn a_stop_ends_the_run_as_cancelled_and_the_same_message_tries_again() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let body = ask("thread", "m1", "Hello");
    let mut reader = stream(by_key(&back_end), &body).await;
    let mut seen = reader.until("TEXT_MESSAGE_CONTENT").await;
    let session = seen[0].data["metadata"]["sessionId"].as_str().unwrap();
    let (status, _) = back_end
        .post(&format!("/api/v1/runtime/{session}/stop/"), &json!({}))
        .await;
    assert!(status.is_success());
    seen.extend(reader.until("RUN_FINISHED").await);
    assert_eq!(kinds(&seen)[3..], ["TEXT_MESSAGE_END", "RUN_FINISHED"]);
    assert_eq!(outcome(&seen), &json!("cancelled"));
    let again = events(by_key(&back_end), &body).await;
    assert_eq!(
        (text(&again).as_str(), outcome(&again)),
        ("Hello from the script.", &json!("success"))
    );
    let session = again[0].data["metadata"]["sessionId"].as_str().unwrap();
    let (_, kept) = back_end.get(&format!("/api/v1/runtime/{session}/messages/")).await;
    assert_eq!(kept["total"], 2, "one question, one answer");
}

#[tokio::test]
async fn a_turn_that_fails_is_a_run_error_without_a_word_of_the_vendor() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    app.llm
        .answer(&[Piece::Text("So far"), Piece::Fail(ModelErrorKind::Broken)]);
    let told = events(by_key(&back_end), &ask("thread", "m1", "Hello")).await;
    let last = told.last().unwrap();
    assert_eq!(
        (last.kind(), &last.data["code"]),
        ("RUN_ERROR", &json!("answer_broken"))
    );
    assert!(!last.data.to_string().contains("vendor-secret-marker"));
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_in_our_own_shape() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    for (body, status, code) in [
        (ask("thread", "m1", "  "), 422, "content_length"),
        (run("thread", "r", &[]), 422, "run_input"),
        (ask("", "m1", "Hello"), 422, "run_input"),
        (json!({ "threadId": "t", "runId": "r" }), 422, "wrong_type"),
        (
            json!({ "threadId": "t", "runId": "r", "messages": "Hello" }),
            422,
            "wrong_type",
        ),
        (json!([]), 422, "wrong_type"),
    ] {
        let (told_status, told) = back_end.post("/agui/shop", &body).await;
        assert_eq!(
            (told_status.as_u16(), &told["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    }
    assert!(app.llm.requests().is_empty());
}
