//! `/api/v1/sessions`: every way to make one, and who sees it.

use atthene_server::model::key::Scope;
use atthene_tests::{AgentSpec, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

fn flat() -> Value {
    json!({
        "name": "Inline", "agent_type": "llm_agent", "system_prompt": "Be brief.",
        "llm_config": { "model": "scripted" },
    })
}

#[tokio::test]
async fn a_session_is_made_from_an_agent_as_the_documents_print_it() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    for path in [
        "/api/v1/sessions/from-agent/?agent_key=shop",
        "/api/v1/sessions/from-agent?agent_key=shop",
    ] {
        let (status, body) = back_end.get(path).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(body["success"], true);
        assert_eq!(body["agent_key"], "shop");
        assert!(body["session_id"].as_str().unwrap().starts_with("sess_"));
        assert_eq!(body["config_hash"].as_str().unwrap().len(), 64);
        assert!(body["created_at"].as_str().unwrap().ends_with('Z'));
    }
    let agent = app
        .add_agent(AgentSpec {
            key: "other",
            ..AgentSpec::default()
        })
        .await;
    let (status, body) = back_end
        .post(&format!("/api/v1/sessions/from-agent/{}/", agent.id), &json!({}))
        .await;
    assert_eq!((status, &body["agent_id"]), (StatusCode::CREATED, &json!(agent.id)));
    let (status, _) = back_end.get("/api/v1/sessions/from-agent/?agent_key=nobody").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, body) = back_end.get("/api/v1/sessions/from-agent/").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!("agent_key_missing"))
    );
}

#[tokio::test]
async fn one_configuration_has_one_hash_in_json_and_yaml_flat_and_full() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let (status, json) = back_end.post("/api/v1/sessions/", &flat()).await;
    assert_eq!(status, StatusCode::CREATED, "{json}");
    let yaml = "llm_config:\n  model:   scripted\nsystem_prompt: Be brief.\nagent_type: llm_agent\nname: Inline\n";
    let full = "name: Inline\nentry_point: only\nagents:\n  - {name: only, agent_type: llm_agent, system_prompt: Be brief., \
                llm_config: {model: scripted}}\nedges:\n  - {from: __start__, to: only}\n  - {from: only, to: __end__}\n";
    for text in [yaml, full] {
        let answer = back_end
            .request(Method::POST, "/api/v1/sessions")
            .header("content-type", "application/yaml")
            .body(text)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["config_hash"], json["config_hash"]);
    }
    let (_, shown) = back_end
        .get(&format!("/api/v1/sessions/{}/", json["session_id"].as_str().unwrap()))
        .await;
    assert_eq!(shown["agent_config"]["system_prompt"], "Be brief.");
    assert_eq!(shown["status"], "active");
}

#[tokio::test]
async fn a_configuration_that_cannot_run_is_refused_field_by_field() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let mut config = flat();
    config["agent_type"] = json!("supervisor");
    config["tools"] = json!([{ "name": "search" }]);
    config["knowledge_bases"] = json!([]);
    let (status, body) = back_end.post("/api/v1/sessions/", &config).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let fields: Vec<_> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["field"].clone())
        .collect();
    assert!(
        fields.contains(&json!("agent_type")) && fields.contains(&json!("tools")),
        "{body}"
    );
    let mut config = flat();
    config["knowledge_bases"] = json!([{ "name": "docs" }]);
    let (status, body) = back_end.post("/api/v1/sessions/", &config).await;
    assert_eq!(
        (status, &body["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &json!("knowledge_bases"))
    );
}

#[tokio::test]
async fn a_key_sees_its_own_sessions_and_with_the_scope_those_of_others_to_read() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let one = app.back_end(&[Scope::Chat]).await;
    let other = app.back_end(&[Scope::Chat]).await;
    let reader = app.back_end(&[Scope::Chat, Scope::SessionsRead]).await;
    let session = one.session("shop").await;
    for path in [
        format!("/api/v1/sessions/{session}"),
        format!("/api/v1/runtime/{session}/messages/"),
    ] {
        assert_eq!(one.get(&path).await.0, StatusCode::OK);
        assert_eq!(other.get(&path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(reader.get(&path).await.0, StatusCode::OK);
    }
    assert_eq!(
        reader.execute(&session, "Hello").await.0,
        StatusCode::NOT_FOUND,
        "reading is not writing"
    );
    let of_visitor = format!("/api/v1/sessions/{}", visitor.session_id);
    assert_eq!(one.get(&of_visitor).await.0, StatusCode::NOT_FOUND);
    assert_eq!(reader.get(&of_visitor).await.0, StatusCode::OK);
    assert_eq!(one.get("/api/v1/sessions/").await.1.as_array().unwrap().len(), 1);
    assert_eq!(other.get("/api/v1/sessions/").await.1.as_array().unwrap().len(), 0);
    assert_eq!(
        reader
            .get("/api/v1/sessions/?agent_key=shop")
            .await
            .1
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(reader.get("/api/v1/sessions/?status=processing").await.1, json!([]));
    assert_eq!(
        reader.get("/api/v1/sessions/?status=nonsense").await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn deleting_erases_only_what_the_key_made() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let one = app.back_end(&[Scope::Chat]).await;
    let other = app.back_end(&[Scope::Chat]).await;
    let (mine, also, foreign) = (
        one.session("shop").await,
        one.session("shop").await,
        other.session("shop").await,
    );
    assert_eq!(
        one.delete(&format!("/api/v1/sessions/{foreign}/")).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        one.delete(&format!("/api/v1/sessions/{mine}/")).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        one.get(&format!("/api/v1/sessions/{mine}/")).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, body) = one.delete("/api/v1/sessions/from-agent/?agent_key=shop").await;
    assert_eq!((status, body), (StatusCode::OK, json!({ "deleted": 1 })));
    assert_eq!(
        one.get(&format!("/api/v1/sessions/{also}/")).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        other.get(&format!("/api/v1/sessions/{foreign}/")).await.0,
        StatusCode::OK
    );
    assert_eq!(visitor.history().await.len(), 0, "the visitor's session is still there");
}
