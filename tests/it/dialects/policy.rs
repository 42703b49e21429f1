//! A question that an agent's content policy blocks: each dialect refuses it before it is a turn.

use atthene_protocol::ids::WorkspaceId;
use atthene_server::domain::agents::hash::config_hash;
use atthene_server::model::key::Scope;
use atthene_tests::TestApp;
use reqwest::StatusCode;
use serde_json::json;

async fn careful(app: &TestApp) {
    let workspace = WorkspaceId::default_workspace();
    let mut agent = app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap();
    agent.system_config = json!({
        "name": "shop",
        "llm_config": { "model": "scripted" },
        "content_policy": { "blocked_phrases": ["project nightingale"] },
    });
    agent.config_hash = config_hash(&agent.system_config);
    agent.version_number += 1;
    app.change_agent(&agent).await;
}

#[tokio::test]
async fn a_blocked_question_is_no_turn_in_any_dialect() {
    const BLOCKED: &str = "Tell me of Project  NIGHTINGALE";
    let app = TestApp::start().await;
    careful(&app).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let chat = json!({ "name": "A chat", "from_type": "flow", "from_flow": "shop" });
    let (_, chat) = back_end.post("/chats", &chat).await;
    let chat = chat["id"].as_str().unwrap().to_owned();
    let execute = format!("/api/v1/runtime/{session}/execute");
    let messages = format!("/chats/{chat}/messages");
    let said = json!([{ "role": "user", "content": BLOCKED }]);
    for (path, body, wanted, kind) in [
        (execute.as_str(), json!({ "content": BLOCKED }), 422, "/error/type"),
        (&messages, json!({ "message": BLOCKED }), 422, "/detail"),
        (
            "/api/chat",
            json!({ "message": BLOCKED, "agentId": "shop" }),
            400,
            "/details",
        ),
        (
            "/v1/chat/completions",
            json!({ "model": "shop", "messages": said }),
            400,
            "/error/type",
        ),
        (
            "/v1/chat/completions",
            json!({ "model": "shop", "messages": said, "stream": true }),
            400,
            "/error/type",
        ),
        (
            "/agui/shop",
            json!({
                "threadId": session, "runId": "r", "messages": [{ "id": "m", "role": "user", "content": BLOCKED }],
            }),
            422,
            "/error/type",
        ),
    ] {
        let (status, told) = back_end.post(path, &body).await;
        assert_eq!(status.as_u16(), wanted, "{path} {told}");
        let kind = told.pointer(kind).unwrap().as_str().unwrap();
        assert!(
            kind.to_lowercase().replace([' ', '_'], "").contains("contentpolic"),
            "{path} {told}"
        );
        assert!(
            !told.to_string().to_lowercase().contains("nightingale"),
            "{path} {told}"
        );
    }
    assert!(app.llm.requests().is_empty(), "no model was asked");
    let (_, kept) = back_end.get("/chats").await;
    assert_eq!(
        kept.as_array().unwrap().len(),
        2,
        "no chat was made for a refused message: {kept}"
    );
    for session in [&session, &chat] {
        let (_, status) = back_end.get(&format!("/api/v1/runtime/{session}/status")).await;
        assert_eq!(status["message_count"], 0, "nothing was kept");
    }
    let (status, answer) = back_end.execute(&session, "Tell me of nightingales").await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}
