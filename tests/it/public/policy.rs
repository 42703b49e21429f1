//! A visitor of an agent with a content policy, and one whose prompt holds templates.

use atthene_protocol::ids::WorkspaceId;
use atthene_server::domain::agents::hash::config_hash;
use atthene_server::domain::clock::new_agent_id;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{EventReader, SseEvent, shown_text};
use atthene_tests::visitor::TestVisitor;
use atthene_tests::{AgentSpec, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// A visitor of an agent `careful` that is configured so.
async fn visitor_of(app: &TestApp, system_config: Value) -> TestVisitor {
    let shop = app
        .store
        .find_agent_by_key(&WorkspaceId::default_workspace(), AgentSpec::default().key)
        .await
        .unwrap()
        .unwrap();
    let mut agent = shop;
    agent.id = new_agent_id();
    agent.agent_key = "careful".to_owned();
    // Configurations are kept by their hash: two may not share one.
    agent.config_hash = config_hash(&system_config);
    agent.system_config = system_config;
    assert!(app.store.create_agent(&agent).await.unwrap());
    // Waits until the gate knows it.
    app.change_agent(&agent).await;
    TestVisitor::new(&app.url(), "careful", SHOP).start().await
}

/// Sends a message and reads the events of its turn, all of them live.
async fn asked(visitor: &TestVisitor, client_id: &str, content: &str) -> Vec<SseEvent> {
    let answer = visitor
        .session_request(Method::POST, "/messages")
        .header("accept", "text/event-stream")
        .json(&json!({ "client_id": client_id, "content": content }))
        .send()
        .await
        .unwrap();
    EventReader::new(answer).until_end().await
}

#[tokio::test]
async fn a_blocked_phrase_is_neither_sent_nor_kept_and_the_visitor_reads_a_kind_sentence() {
    let app = TestApp::start().await;
    let config = json!({
        "llm_config": {"model": "scripted"},
        "content_policy": {"blocked_phrases": ["project nightingale"]},
    });
    let visitor = visitor_of(&app, config).await;
    app.llm.answer(&[
        Piece::Text("We call it Pro"),
        Piece::Text("ject  Night"),
        Piece::Text("ingale, but"),
    ]);
    let events = asked(&visitor, "c1", "What is its name?").await;
    let shown = shown_text(&events);
    assert!(shown.values().any(|text| text == "We call it "), "{shown:?}");
    let last = &events.last().unwrap().data;
    assert_eq!(last["type"], "RUN_ERROR");
    assert_eq!(last["code"], "content_policy_error");
    assert!(!last["message"].as_str().unwrap().contains("blocked"), "{last}");
    let history = visitor.history().await;
    assert_eq!(history[1]["content"], "We call it ");
    assert_eq!(history[1]["status"], "error");

    // A blocked question reaches no model.
    let before = app.llm.requests().len();
    let events = asked(&visitor, "c2", "Tell me of PROJECT NIGHTINGALE").await;
    assert_eq!(events.last().unwrap().data["code"], "content_policy_error");
    assert_eq!(app.llm.requests().len(), before);
}

#[tokio::test]
async fn a_prompt_is_filled_in_and_what_the_visitor_writes_is_no_template() {
    let app = TestApp::start().await;
    let config = json!({
        "system_prompt": "Answer in a {{variables.tone}} tone: {{user_input}}",
        "llm_config": {"model": "scripted"},
        "variables": {"tone": {"type": "string", "default": "kind"}},
    });
    let visitor = visitor_of(&app, config).await;
    visitor.send("c1", "{{variables.tone}} {{history}}").await;
    visitor.events(0).await.until_end().await;
    let request = app.llm.requests().remove(0);
    assert!(
        request
            .system
            .starts_with("Answer in a kind tone: {{variables.tone}} {{history}}"),
        "{}",
        request.system
    );
}
