//! `/conversations`: everybody's, for keys that may read them.

use atthene_protocol::ids::AgentId;
use atthene_server::model::key::Scope;
use atthene_tests::scripted::Piece;
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Rest;

const SHOP: &str = "https://shop.example";

/// A visitor who said this and has the whole answer.
pub(super) async fn talked(app: &TestApp, text: &str) -> TestVisitor {
    let visitor = app.visitor(SHOP).start().await;
    visitor.send("c1", text).await;
    visitor.events(0).await.until_end().await;
    visitor
}

fn ids(page: &Value) -> Vec<&str> {
    let listed = page["conversations"].as_array().unwrap().iter();
    listed.map(|one| one["session_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_line_tells_what_a_list_needs() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read"]).await;
    app.llm.answer(&[Piece::Text("It is\n\non its way.")]);
    let visitor = talked(&app, "Where is my order?").await;
    let page = reader.get("/conversations").await;
    assert_eq!(page["next"], Value::Null);
    let line = &page["conversations"][0];
    assert_eq!(line["session_id"], visitor.session_id);
    assert_eq!(
        (&line["agent_key"], &line["agent_name"]),
        (&json!("shop"), &json!("shop"))
    );
    assert_eq!(
        (&line["kind"], &line["origin"], &line["status"]),
        (&json!("visitor"), &json!(SHOP), &json!("active"))
    );
    assert_eq!(
        (&line["title"], &line["last_message"]),
        (&json!("Where is my order?"), &json!("It is on its way."))
    );
    assert_eq!(line["message_count"], 2);
    assert_eq!(line["feedback"], json!({ "up": 0, "down": 0 }));
    assert!(line["visitor_id"].as_str().unwrap().starts_with("vis_"));
    assert!(line["created_at"].as_str().unwrap() <= line["last_activity"].as_str().unwrap());

    let one = reader.get(&format!("/conversations/{}", visitor.session_id)).await;
    assert_eq!(&one, line);
}

/// The visitor rates their latest answer.
pub(super) async fn rated(visitor: &TestVisitor, feedback: &Value) {
    let mut body = feedback.clone();
    body["message_id"] = visitor.history().await.last().unwrap()["id"].clone();
    let request = visitor.session_request(Method::POST, "/feedback").json(&body);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn what_visitors_think_is_counted_filtered_and_shown_at_the_answer() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read"]).await;
    let (good, bad) = (talked(&app, "One").await, talked(&app, "Two").await);
    talked(&app, "Three").await;
    let comment = "<img src=x onerror=alert(1)>";
    rated(&good, &json!({ "rating": "up" })).await;
    rated(&bad, &json!({ "rating": "down", "comment": comment })).await;
    let (good, bad) = (good.session_id.as_str(), bad.session_id.as_str());
    for (query, expected) in [
        ("up", vec![good]),
        ("down", vec![bad]),
        ("any", vec![bad, good]),
        ("any&q=one", vec![good]),
        ("any&status=idle", vec![]),
    ] {
        let page = reader.get(&format!("/conversations?feedback={query}")).await;
        assert_eq!(ids(&page), expected, "{query}");
    }
    let page = reader.get("/conversations?feedback=down").await;
    assert_eq!(page["conversations"][0]["feedback"], json!({ "up": 0, "down": 1 }));
    let messages = reader.get(&format!("/runtime/{bad}/messages")).await;
    assert_eq!(messages["messages"][0].get("feedback"), None);
    let kept = json!({ "rating": "down", "comment": comment });
    assert_eq!(messages["messages"][1]["feedback"], kept);
    let refused = reader.json(Method::GET, "/conversations?feedback=meh", None, 400).await;
    assert_eq!(refused["error"]["message"], "`feedback` is one of up, down, any.");
}

#[tokio::test]
async fn the_list_is_filtered_searched_and_paged() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read", "chat"]).await;
    let order = talked(&app, "Where is order 4711?").await;
    app.clock.advance_s(2 * 60 * 60);
    let refund = talked(&app, "I want a refund").await;
    let backend = reader.0.session("shop").await;
    let (order, refund) = (order.session_id.as_str(), refund.session_id.as_str());
    let today = &app.clock_now().to_iso()[..10].to_owned();
    for (query, expected) in [
        ("q=REFUND", vec![refund]),
        ("q=4711", vec![order]),
        ("q=4711&kind=backend", vec![]),
        ("kind=backend", vec![backend.as_str()]),
        ("kind=preview", vec![]),
        ("status=idle", vec![order]),
        ("status=processing", vec![]),
        (
            "q=refund&status=active&kind=visitor&agent_key=shop&origin=https://SHOP.example:443",
            vec![refund],
        ),
        ("agent_key=nobody", vec![]),
        ("from=2035-01-01", vec![]),
        ("to=2020-01-01", vec![]),
        ("to=2020-01-01T00:00:00Z", vec![]),
        ("q=4711&status=&kind=&origin=&from=&to=&before=&agent_key=", vec![order]),
        (&format!("q=refund&from={today}&to={today}"), vec![refund]),
    ] {
        let page = reader.get(&format!("/conversations?{query}")).await;
        assert_eq!(ids(&page), expected, "{query}");
    }
    let mut walked = Vec::new();
    let mut path = "/conversations/?limit=1".to_owned();
    for _ in 0..3 {
        let page = reader.get(&path).await;
        walked.extend(ids(&page).into_iter().map(str::to_owned));
        path = format!(
            "/conversations/?limit=1&before={}",
            page["next"].as_str().unwrap_or_default()
        );
    }
    assert_eq!(walked.len(), 3);
    assert_eq!(walked[2], order);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["sessions:read"]).await;
    let long = format!("q={}", "x".repeat(201));
    for (query, code) in [
        ("status=waiting", "status"),
        ("kind=robot", "kind"),
        ("from=yesterday", "from"),
        ("to=2026-13-01", "to"),
        ("before=x", "before"),
        ("limit=many", "query"),
        (long.as_str(), "q"),
    ] {
        let refused = reader
            .json(Method::GET, &format!("/conversations?{query}"), None, 400)
            .await;
        assert_eq!(refused["error"]["code"], code, "{query}");
    }
}

#[tokio::test]
async fn only_those_who_may_read_sessions_see_it_and_of_their_agents_alone() {
    let app = TestApp::start().await;
    let other = app
        .add_agent(AgentSpec {
            key: "other",
            ..AgentSpec::default()
        })
        .await;
    talked(&app, "Hi").await;
    let scopes = ["sessions:read"];
    for (reader, count) in [
        (Rest::new(&app, &scopes).await, 1),
        (
            Rest::bound(&app, &scopes, Some(vec![other.id.clone()]), "default").await,
            0,
        ),
        (Rest::bound(&app, &scopes, None, "ws_other").await, 0),
    ] {
        for query in ["", "?agent_key=shop", "?q=hi"] {
            let page = reader.get(&format!("/conversations{query}")).await;
            assert_eq!(ids(&page).len(), count, "{query}");
        }
    }
    let bound = Rest::bound(&app, &scopes, Some(vec![AgentId("agt_none".to_owned())]), "default").await;
    assert_eq!(ids(&bound.get("/conversations?agent_key=other").await).len(), 0);
    let chat = app.back_end(&[Scope::Chat, Scope::AgentsRead, Scope::TracesRead]).await;
    let (status, refused) = chat.get("/api/v1/conversations").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(refused["error"]["code"], "missing_scope");
}

#[tokio::test]
async fn an_admin_erases_anybody_s_conversation_and_the_log_names_ids_only() {
    let app = TestApp::start().await;
    let visitor = talked(&app, "marker-of-the-question").await;
    let mut tab = visitor.events(0).await;
    let path = format!("/sessions/{}", visitor.session_id);
    let reader = Rest::new(&app, &["sessions:read", "chat"]).await;
    reader.json(Method::DELETE, &path, None, 404).await;
    let other = Rest::bound(&app, &["admin"], Some(vec![AgentId("agt_none".to_owned())]), "default").await;
    other.json(Method::DELETE, &path, None, 404).await;
    let stranger = Rest::bound(&app, &["admin"], None, "ws_other").await;
    stranger.json(Method::DELETE, &path, None, 404).await;
    let admin = Rest::new(&app, &["admin"]).await;
    admin.json(Method::DELETE, &path, None, 204).await;
    reader.json(Method::GET, &path, None, 404).await;
    assert_eq!(visitor.send("c2", "Again").await.status(), StatusCode::NOT_FOUND);
    // The visitor's own tab is told.
    while let Some(event) = tab.next().await {
        if event.name.as_deref() == Some("closed") {
            break;
        }
    }
    let log = app.store.list_audit(&admin.0.key.workspace, 10).await.unwrap();
    let entry = log.iter().find(|entry| entry.action == "conversation.erased").unwrap();
    assert_eq!((&entry.actor, &entry.subject), (&admin.0.key.id.0, &visitor.session_id));
    assert!(!json!(entry.detail).to_string().contains("marker"));
    let bytes = app.database_bytes();
    let marker = b"marker-of-the-question";
    assert!(!bytes.windows(marker.len()).any(|window| window == marker));
}
