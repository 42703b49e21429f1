//! `/agent/{id}/preview`: a key for an hour, for the pages of the console and for nobody else.

use std::time::Duration;

use atthene_protocol::ids::{SessionId, WorkspaceId};
use atthene_server::model::conversation::Session;
use atthene_tests::scripted::Piece;
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::{Rest, fields};

/// `console_url` where no setting says another.
const CONSOLE: &str = "http://127.0.0.1:8090";
const SHOP: &str = "https://shop.example";
const HOUR_S: i64 = 60 * 60;

async fn preview(back_end: &Rest, agent: &str, body: Option<&Value>) -> String {
    let made = back_end
        .json(Method::POST, &format!("/agent/{agent}/preview/"), body, 201)
        .await;
    let key = made["agent_key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("prev_") && key.len() > 25, "{key}");
    key
}

/// What the gate answers to a page of this origin.
async fn gate(app: &TestApp, agent_key: &str, origin: Option<&str>) -> (u16, Value) {
    let page = Client::new().get(format!("{}/public/v1/agents/{agent_key}", app.url()));
    let page = match origin {
        Some(origin) => page.header("origin", origin),
        None => page,
    };
    let answer = page.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn session_of(app: &TestApp, visitor: &TestVisitor) -> Session {
    let id = SessionId(visitor.session_id.clone());
    let found = app.store.find_session(&WorkspaceId::default_workspace(), &id).await;
    found.unwrap().unwrap()
}

fn scripted(prompt: &str) -> Value {
    json!({ "name": "shop", "agent_type": "llm_agent", "system_prompt": prompt, "llm_config": { "model": "builtin" } })
}

#[tokio::test]
async fn the_console_s_pages_may_use_it_and_no_others_whatever_the_agent_allows() {
    let app = TestApp::start().await;
    let closed = AgentSpec {
        key: "closed",
        is_public: false,
        dev_mode: true,
        origins: vec![SHOP],
    };
    app.add_agent(closed).await;
    let back_end = Rest::new(&app, &["agents:write"]).await;
    let key = preview(&back_end, "closed", None).await;
    let (status, settings) = gate(&app, &key, Some(CONSOLE)).await;
    assert_eq!((status, &settings["title"]), (200, &json!("Shop help")));
    for (origin, code) in [
        (Some(SHOP), "origin_not_allowed"),
        (Some("http://127.0.0.1:8091"), "origin_not_allowed"),
        (Some("null"), "origin_not_allowed"),
        (None, "origin_required"),
    ] {
        let (status, body) = gate(&app, &key, origin).await;
        assert_eq!((status, &body["error"]["code"]), (403, &json!(code)), "{origin:?}");
    }
    // The agent itself is as closed as before, and nobody's list tells of it.
    assert_eq!(gate(&app, "closed", Some(CONSOLE)).await.0, 404);
    assert_eq!(
        gate(&app, "prev_k7m2xq9a4c8d3e6f5g2h7j9kab", Some(CONSOLE)).await.0,
        404
    );
    let reader = Rest::new(&app, &["admin"]).await;
    assert_eq!(reader.get("/agent/closed/origins/seen/").await, json!([]));
}

#[tokio::test]
async fn a_conversation_in_it_is_the_agent_s_and_in_no_list() {
    let app = TestApp::start().await;
    let admin = Rest::new(&app, &["admin"]).await;
    let key = preview(&admin, "shop", Some(&json!({}))).await;
    let visitor = TestVisitor::new(&app.url(), &key, CONSOLE).start().await;
    let mut events = visitor.events(0).await;
    assert_eq!(visitor.send("c1", "Hello?").await.status().as_u16(), 202);
    events.until("RUN_FINISHED").await;
    let session = session_of(&app, &visitor).await;
    let agent = admin.get("/agent/shop").await;
    assert_eq!(json!(session.agent_id), agent["id"]);
    assert_eq!(json!(session.config_hash), agent["config_hash"]);
    assert!(session.is_preview);
    let own = app.visitor(SHOP).start().await;
    let listed = admin.get("/sessions/").await;
    let ids: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["session_id"])
        .collect();
    assert_eq!(ids, [&json!(own.session_id)]);
    // By its id it is read like any other.
    let shown = admin.get(&format!("/runtime/{}/messages/", visitor.session_id)).await;
    assert_eq!(shown["total"], 2);
    let seen = admin.get("/agent/shop/origins/seen/").await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");
}

#[tokio::test]
async fn after_its_hour_it_is_as_unknown_as_any_and_open_streams_end() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:write"]).await;
    let key = preview(&back_end, "shop", None).await;
    let visitor = TestVisitor::new(&app.url(), &key, CONSOLE).start().await;
    app.llm.answer(&[Piece::Text("So far"), Piece::Hold]);
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hello?").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    app.clock.advance_s(HOUR_S - 1);
    assert_eq!(gate(&app, &key, Some(CONSOLE)).await.0, 200);
    app.clock.advance_s(1);
    let (status, ended) = gate(&app, &key, Some(CONSOLE)).await;
    let (_, unknown) = gate(&app, "nobody", Some(CONSOLE)).await;
    assert_eq!((status, &ended["error"]["code"]), (404, &json!("agent_not_found")));
    assert_eq!(ended["error"]["message"], unknown["error"]["message"]);
    let closed = async {
        loop {
            let event = events.next().await.expect("a last event");
            if event.name.as_deref() == Some("closed") {
                return event.data["code"].clone();
            }
        }
    };
    let code = tokio::time::timeout(Duration::from_secs(5), closed).await.unwrap();
    assert_eq!(code, 4403);
    assert!(app.store.list_all_previews().await.unwrap().is_empty());
}

#[tokio::test]
async fn it_survives_a_restart() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:write"]).await;
    let body = json!({ "draft": { "widget": { "title": "Draft" } } });
    let key = preview(&back_end, "shop", Some(&body)).await;
    let app = app.stop_and_restart().await;
    let (status, settings) = gate(&app, &key, Some(CONSOLE)).await;
    assert_eq!((status, &settings["title"]), (200, &json!("Draft")));
}

#[tokio::test]
async fn it_runs_a_version_or_a_draft_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = Rest::new(&app, &["admin"]).await;
    let first = admin.get("/agent/shop").await;
    let change = json!({ "system_config": { "system_prompt": "Second.", "llm_config": { "model": "builtin" } } });
    let second = admin.json(Method::PATCH, "/agent/shop", Some(&change), 200).await;
    assert_eq!(second["version_number"], 2);
    let draft = json!({ "draft": { "system_config": scripted("Third."), "widget": { "title": "Third" } } });
    let mut hashes = Vec::new();
    for body in [json!({}), json!({ "version": 1 }), json!({ "version": 2 }), draft] {
        // A version that cannot run any more is refused: the script's model is none of the settings'.
        if body["version"] == 1 {
            admin.json(Method::POST, "/agent/shop/preview", Some(&body), 400).await;
            continue;
        }
        let key = preview(&admin, "shop", Some(&body)).await;
        let visitor = TestVisitor::new(&app.url(), &key, CONSOLE).start().await;
        let session = session_of(&app, &visitor).await;
        let config = admin.get(&format!("/sessions/{}", session.id)).await;
        let (_, settings) = gate(&app, &key, Some(CONSOLE)).await;
        hashes.push((
            json!(session.config_hash),
            config["agent_config"]["system_prompt"].clone(),
            settings["title"].clone(),
        ));
    }
    let of_second = (second["config_hash"].clone(), json!("Second."), json!("Shop help"));
    assert_eq!(hashes[..2], [of_second.clone(), of_second]);
    assert_eq!(hashes[2].1, "Third.");
    assert_eq!(hashes[2].2, "Third");
    assert_ne!(hashes[2].0, first["config_hash"]);
    assert_eq!(admin.get("/agent/shop").await, second);
}

#[tokio::test]
async fn a_draft_that_could_not_be_saved_is_refused_in_the_same_words() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:write"]).await;
    let bad = json!({
        "system_config": { "name": "X", "agent_type": "llm_agent", "llm_config": { "model": "nobody", "temperature": 9 } },
        "widget": { "primaryColor": "red; }" },
    });
    let saved = back_end.json(Method::POST, "/agent/", Some(&bad), 400).await;
    let tried = back_end
        .json(Method::POST, "/agent/shop/preview", Some(&json!({ "draft": bad })), 400)
        .await;
    assert_eq!(fields(&tried).len(), 3, "{tried}");
    assert_eq!(tried["errors"], saved["errors"]);
    assert_eq!(tried["error"]["code"], saved["error"]["code"]);
    for (body, status) in [
        (json!({ "version": 1, "draft": {} }), 400),
        (json!({ "draft": "text" }), 400),
        (json!({ "version": "one" }), 422),
        (json!({ "version": 99 }), 404),
    ] {
        back_end
            .json(Method::POST, "/agent/shop/preview", Some(&body), status)
            .await;
    }
    assert!(app.store.list_all_previews().await.unwrap().is_empty());
}

#[tokio::test]
async fn it_takes_the_right_to_change_the_agent_is_written_down_and_no_key_runs_it() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["agents:read", "sessions:read", "traces:read"]).await;
    let refused = reader.json(Method::POST, "/agent/shop/preview", None, 403).await;
    assert_eq!(refused["error"]["code"], "missing_scope");
    let writer = Rest::new(&app, &["agents:write"]).await;
    let key = preview(&writer, "shop", None).await;
    let log = app
        .store
        .list_audit(&WorkspaceId::default_workspace(), 1)
        .await
        .unwrap();
    assert_eq!(
        (log[0].action.as_str(), &log[0].actor),
        ("agent.previewed", &writer.0.key.id.0)
    );
    assert!(!log[0].detail.to_string().contains(&key));
    // Once in an hour, however often the page makes one anew; for each who does.
    let noted = async || {
        let log = app
            .store
            .list_audit(&WorkspaceId::default_workspace(), 100)
            .await
            .unwrap();
        log.iter().filter(|entry| entry.action == "agent.previewed").count()
    };
    preview(&writer, "shop", None).await;
    assert_eq!(noted().await, 1);
    let other = Rest::new(&app, &["agents:write"]).await;
    preview(&other, "shop", None).await;
    assert_eq!(noted().await, 2);
    app.clock.advance_s(60 * 60);
    preview(&writer, "shop", None).await;
    assert_eq!(noted().await, 3);
    let key = preview(&writer, "shop", None).await;
    let running = Rest::new(&app, &["admin"]).await;
    running
        .json(
            Method::GET,
            &format!("/sessions/from-agent/?agent_key={key}"),
            None,
            404,
        )
        .await;
    running.json(Method::GET, &format!("/agent/{key}"), None, 404).await;
    let (_, models) = running.0.get("/v1/models").await;
    assert!(!models.to_string().contains("prev_"), "{models}");
}
