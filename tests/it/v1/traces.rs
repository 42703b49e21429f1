//! `/traces/`: what an agent received and did; for keys, and never for visitors.

use std::time::Duration;

use atthene_protocol::ids::WorkspaceId;
use atthene_server::llm::ModelErrorKind;
use atthene_tests::scripted::Piece;
use atthene_tests::{TestApp, TestVisitor};
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;

const SHOP: &str = "https://shop.example";
/// What the agents of the tests are told.
const PROMPT: &str = "marker-system-prompt";

/// Traces of a session, once there are so many: they are kept after the end is told.
async fn traces(back_end: &Rest, visitor: &TestVisitor, count: usize) -> Vec<Value> {
    for _ in 0..200 {
        let found = back_end
            .get(&format!("/traces/?session_id={}", visitor.session_id))
            .await;
        let found = found.as_array().unwrap().clone();
        if found.len() == count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no {count} traces after 2 s");
}

#[tokio::test]
async fn a_trace_tells_what_the_model_was_given_and_the_steps() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["traces:read", "agents:read"]).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&[Piece::Text("Hel"), Piece::Hold, Piece::Text("lo")]);
    let accepted: Value = visitor.send("c1", "Where is it?").await.json().await.unwrap();
    // The test owns the clock: the model takes two seconds.
    for _ in 0..200 {
        if !app.llm.requests().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    app.clock.advance_s(2);
    app.llm.release();
    visitor.events(0).await.until_end().await;
    let trace = traces(&back_end, &visitor, 1).await.remove(0);
    assert_eq!(trace["run_id"], accepted["run_id"]);
    assert_eq!(
        (&trace["status"], &trace["answer"]),
        (&json!("completed"), &json!("Hello"))
    );
    assert!(trace["received"]["system_prompt"].as_str().unwrap().contains(PROMPT));
    let messages = json!([{ "role": "user", "content": "Where is it?" }]);
    assert_eq!(trace["received"]["messages"], messages);
    assert_eq!(trace["received"]["model"], "scripted");
    assert_eq!(trace["steps"].as_array().unwrap().len(), 1);
    let step = &trace["steps"][0];
    assert_eq!(
        (&step["kind"], &step["name"], &step["error"]),
        (&json!("model"), &json!("scripted"), &Value::Null)
    );
    assert_eq!(step["duration_ms"], 2_000);
    let run_id = trace["run_id"].as_str().unwrap();
    assert_eq!(back_end.get(&format!("/traces/{run_id}/")).await, trace);
}

#[tokio::test]
async fn a_failed_turn_leaves_its_error_for_keys_and_nothing_of_it_for_visitors() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["traces:read", "agents:read"]).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Fail(ModelErrorKind::Unreachable)]);
    let seen = visitor
        .request(Method::POST, &format!("/sessions/{}/messages", visitor.session_id))
        .header("accept", "text/event-stream")
        .json(&json!({ "client_id": "c1", "content": "One" }));
    let seen = seen.send().await.unwrap().text().await.unwrap();
    assert!(seen.contains("RUN_ERROR"), "{seen}");
    let history = json!(visitor.history().await).to_string();
    let started = app.visitor(SHOP).start().await.started.to_string();
    for (place, text) in [("stream", &seen), ("history", &history), ("start", &started)] {
        for marker in [PROMPT, "vendor-secret-marker", "system_prompt", "received"] {
            assert!(!text.contains(marker), "{marker} in {place}: {text}");
        }
    }
    let trace = traces(&back_end, &visitor, 1).await.remove(0);
    assert_eq!(
        (&trace["status"], &trace["error_code"]),
        (&json!("error"), &json!("model_unreachable"))
    );
    assert!(trace["steps"][0]["error"].as_str().unwrap().starts_with("Unreachable"));
    assert_eq!(trace["answer"], "Half");
}

#[tokio::test]
async fn traces_are_filtered_and_those_of_other_agents_are_not_seen() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["traces:read", "agents:read", "chat"]).await;
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", "One").await;
    visitor.events(0).await.until_end().await;
    let kept = traces(&back_end, &visitor, 1).await;
    for (query, count) in [
        ("status=completed", 1),
        ("status=error", 0),
        ("agent_key=shop&limit=1", 1),
        ("offset=1", 0),
        ("session_id=sess_none", 0),
    ] {
        let found = back_end.get(&format!("/traces?{query}")).await;
        assert_eq!(found.as_array().unwrap().len(), count, "{query}");
    }
    for list in ["/traces/", "/sessions/"] {
        let refused = back_end
            .json(Method::GET, &format!("{list}?status=bogus"), None, 400)
            .await;
        assert_eq!(refused["error"]["code"], "status", "{list}");
        back_end
            .json(Method::GET, &format!("{list}?limit=many"), None, 400)
            .await;
    }
    back_end
        .json(Method::GET, "/traces/?agent_id=agt_none", None, 404)
        .await;
    let other = atthene_protocol::ids::AgentId("agt_other".to_owned());
    let scopes = ["traces:read", "agents:read"];
    let bound = Rest::bound(&app, &scopes, Some(vec![other]), "default").await;
    let stranger = Rest::bound(&app, &scopes, None, "ws_other").await;
    let run_id = kept[0]["run_id"].as_str().unwrap();
    for back_end in [&bound, &stranger] {
        assert_eq!(back_end.get("/traces/").await, json!([]));
        back_end
            .json(Method::GET, &format!("/traces/{run_id}/"), None, 404)
            .await;
    }
}

#[tokio::test]
async fn old_traces_are_erased_and_those_of_an_erased_session_with_it() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["traces:read", "agents:read"]).await;
    let (old, young) = (app.visitor(SHOP).start().await, app.visitor(SHOP).start().await);
    old.send("c1", "One").await;
    old.events(0).await.until_end().await;
    traces(&back_end, &old, 1).await;
    app.clock.advance_s(14 * 24 * 60 * 60 + 1);
    // Its token has ended; the resume secret goes on.
    let mut young = young;
    young.token.clear();
    let young = young.start().await;
    young.send("c1", "Two").await;
    young.events(0).await.until_end().await;
    traces(&back_end, &young, 1).await;
    assert_eq!(app.retention().sweep().await.unwrap().traces, 1);
    traces(&back_end, &old, 0).await;
    traces(&back_end, &young, 1).await;
    let session = atthene_protocol::ids::SessionId(young.session_id.clone());
    app.store
        .delete_sessions(&WorkspaceId::default_workspace(), &[session])
        .await
        .unwrap();
    traces(&back_end, &young, 0).await;
}
