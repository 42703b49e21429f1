//! `PATCH /agent/{id}/` and `/versions/`: what a change keeps, what it counts, and going back.

use std::sync::Arc;

use atthene_protocol::ids::WorkspaceId;
use atthene_tests::TestApp;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Rest, config, fields};

async fn made(app: &TestApp) -> Rest {
    let back_end = Rest::new(app, &["admin"]).await;
    let body = json!({
        "system_config": config("Desk"), "is_public": true,
        "allowed_origins": ["https://a.example", "https://b.example"],
        "widget": { "title": "Help", "subtitle": "Ask us" },
    });
    back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    back_end
}

async fn patch(back_end: &Rest, body: Value) -> Value {
    back_end.json(Method::PATCH, "/agent/desk/", Some(&body), 200).await
}

#[tokio::test]
async fn a_change_is_merged_deeply_and_null_takes_away() {
    let app = TestApp::start().await;
    let back_end = made(&app).await;
    let changed = patch(
        &back_end,
        json!({ "system_config": { "llm_config": { "max_tokens": 9 } } }),
    )
    .await;
    let llm_config = json!({ "model": "builtin", "temperature": 0.5, "max_tokens": 9 });
    assert_eq!(changed["system_config"]["llm_config"], llm_config);
    assert_eq!(changed["system_config"]["system_prompt"], "Be kind.");
    assert_eq!(changed["version_number"], 2);
    let changed = patch(
        &back_end,
        json!({ "system_config": { "llm_config": { "temperature": null } } }),
    )
    .await;
    assert_eq!(
        changed["system_config"]["llm_config"],
        json!({ "model": "builtin", "max_tokens": 9 })
    );
    let changed = patch(&back_end, json!({ "widget": { "title": "Hi", "subtitle": null } })).await;
    assert_eq!(
        (&changed["widget"]["title"], &changed["widget"]["subtitle"]),
        (&json!("Hi"), &Value::Null)
    );
    assert_eq!(changed["version_number"], 3, "the looks are no configuration");
    let changed = patch(&back_end, json!({ "name": "Front Desk" })).await;
    assert_eq!(
        (&changed["name"], &changed["agent_key"]),
        (&json!("Front Desk"), &json!("desk"))
    );
    let full = json!({ "system_config": { "entry_point": "one", "agents": [
        { "name": "one", "agent_type": "llm_agent", "system_prompt": "Anew.", "llm_config": { "models": ["builtin"] } },
    ] } });
    let changed = patch(&back_end, full).await;
    assert_eq!(changed["system_config"]["system_prompt"], "Anew.");
}

#[tokio::test]
async fn an_answer_can_be_sent_back_as_it_is_and_with_a_shorter_list() {
    let app = TestApp::start().await;
    let back_end = made(&app).await;
    let mut whole = back_end.get("/agent/desk/").await;
    assert_eq!(patch(&back_end, whole.clone()).await, whole);
    whole["allowed_origins"] = json!(["https://b.example"]);
    let changed = patch(&back_end, whole).await;
    assert_eq!(changed["allowed_origins"], json!(["https://b.example"]));
    assert_eq!(changed["origin_url"], "https://b.example");
    let closed = patch(&back_end, json!({ "allowed_origins": null, "is_public": null })).await;
    assert_eq!(
        (&closed["allowed_origins"], &closed["is_public"]),
        (&json!([]), &json!(false))
    );
}

#[tokio::test]
async fn a_bad_change_changes_nothing() {
    let app = TestApp::start().await;
    let back_end = made(&app).await;
    let before = back_end.get("/agent/desk/").await;
    for (body, field) in [
        (
            json!({ "system_config": { "llm_config": { "model": "nobody/knows" } } }),
            "system_config.llm_config.model",
        ),
        (
            json!({ "allowed_origins": ["https://a.example/path"] }),
            "allowed_origins[0]",
        ),
        (json!({ "agent_key": "shop" }), "agent_key"),
        (json!({ "system_config": { "name": null } }), "system_config.name"),
        (json!([]), ""),
    ] {
        let refused = back_end.json(Method::PATCH, "/agent/desk/", Some(&body), 400).await;
        assert_eq!(fields(&refused), [field], "{body}");
    }
    assert_eq!(back_end.get("/agent/desk/").await, before);
}

#[tokio::test]
async fn an_agent_whose_model_is_gone_can_still_be_closed() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["admin"]).await;
    // The agent of the tests asks a model that no setting knows.
    let body = json!({ "is_public": false });
    let closed = back_end.json(Method::PATCH, "/agent/shop/", Some(&body), 200).await;
    assert_eq!(
        (&closed["is_public"], &closed["version_number"]),
        (&json!(false), &json!(1))
    );
}

#[tokio::test]
async fn changes_at_once_all_count() {
    let app = TestApp::start().await;
    let back_end = Arc::new(made(&app).await);
    let changes = (1..=12).map(|tokens| {
        let back_end = Arc::clone(&back_end);
        async move {
            patch(
                &back_end,
                json!({ "system_config": { "llm_config": { "max_tokens": tokens } } }),
            )
            .await
        }
    });
    let mut versions: Vec<u64> = join_all(changes)
        .await
        .iter()
        .map(|agent| agent["version_number"].as_u64().unwrap())
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=13).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_version_can_be_deployed_again_and_the_next_change_is_after_the_highest() {
    let app = TestApp::start().await;
    let back_end = made(&app).await;
    let first = back_end.get("/agent/desk/").await;
    patch(&back_end, json!({ "system_config": { "system_prompt": "Second." } })).await;
    let visitor = atthene_tests::TestVisitor::new(&app.url(), "desk", "https://a.example")
        .start()
        .await;
    let deployed = back_end
        .json(Method::POST, "/agent/desk/versions/1/deploy/", None, 200)
        .await;
    assert_eq!(
        (&deployed["version_number"], &deployed["config_hash"]),
        (&json!(1), &first["config_hash"])
    );
    assert_eq!(deployed["system_config"], first["system_config"]);
    let session = atthene_protocol::ids::SessionId(visitor.session_id.clone());
    let workspace = WorkspaceId::default_workspace();
    let session = app.store.find_session(&workspace, &session).await.unwrap().unwrap();
    assert_ne!(
        json!(session.config_hash),
        first["config_hash"],
        "a session keeps what it began with"
    );
    let versions = back_end.get("/agent/desk/versions/").await;
    let told: Vec<(u64, bool)> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|version| {
            (
                version["version_number"].as_u64().unwrap(),
                version["is_deployed"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(2, false), (1, true)]);
    let second = back_end.get("/agents/desk/versions/2").await;
    assert_eq!(second["system_config"]["system_prompt"], "Second.");
    let third = patch(&back_end, json!({ "system_config": { "system_prompt": "Third." } })).await;
    assert_eq!(third["version_number"], 3);
    for missing in ["4", "0", "x"] {
        back_end
            .json(Method::GET, &format!("/agent/desk/versions/{missing}/"), None, 404)
            .await;
        back_end
            .json(
                Method::POST,
                &format!("/agent/desk/versions/{missing}/deploy/"),
                None,
                404,
            )
            .await;
    }
    let log = app.store.list_audit(&workspace, 100).await.unwrap();
    let entry = log
        .iter()
        .find(|entry| entry.action == "agent.version_deployed")
        .unwrap();
    assert_eq!(
        (&entry.detail["before"], &entry.detail["version"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(entry.actor, back_end.0.key.id.to_string());
}
