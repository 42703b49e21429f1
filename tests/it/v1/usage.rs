//! `/usage`: what happened of late, over time and per agent.

use atthene_server::llm::ModelErrorKind;
use atthene_tests::scripted::Piece;
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;
use super::conversations::talked;

/// The point of a series in which turns are.
fn busy(usage: &Value) -> Vec<(usize, u64)> {
    let points = usage["series"].as_array().unwrap().iter().enumerate();
    let counted = points.map(|(place, point)| (place, point["turns"].as_u64().unwrap()));
    counted.filter(|(_, turns)| *turns > 0).collect()
}

#[tokio::test]
async fn what_visitors_did_is_told_by_the_hour_and_by_the_day() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["traces:read"]).await;
    let other = AgentSpec {
        key: "other",
        ..AgentSpec::default()
    };
    app.add_agent(other).await;
    let visitor = talked(&app, "Hi").await;
    app.llm.answer(&[Piece::Fail(ModelErrorKind::Unreachable)]);
    visitor.send("c2", "Again").await;
    visitor.events(0).await.until_end().await;
    let foreign = TestVisitor::new(&app.url(), "shop", "https://evil.example");
    foreign
        .request(Method::POST, "/sessions")
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    let mut usage = reader.get("/usage").await;
    // Refusals are written away from the requests.
    for _ in 0..200 {
        if usage["totals"]["refused_origins"] == 1 && usage["totals"]["turns"] == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        usage = reader.get("/usage/?days=1").await;
    }
    let totals = &usage["totals"];
    for (name, count) in [
        ("messages", 4),
        ("sessions", 1),
        ("visitors", 1),
        ("turns", 2),
        ("errors", 1),
        ("refused_origins", 1),
    ] {
        assert_eq!(totals[name], count, "{name}: {totals}");
        assert_eq!(usage["previous"][name], 0, "{name}");
    }
    assert!(
        totals["turn_p50_ms"].is_u64() && totals["first_token_p95_ms"].is_u64(),
        "{totals}"
    );
    assert_eq!(usage["previous"]["turn_p50_ms"], Value::Null);
    assert_eq!(
        (&usage["step"], usage["series"].as_array().unwrap().len()),
        (&json!("hour"), 24)
    );
    assert_eq!(busy(&usage), [(23, 2)]);
    let agents: Vec<_> = usage["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| &agent["agent_key"])
        .collect();
    assert_eq!(agents, ["shop", "other"]);
    assert_eq!(usage["agents"][0]["totals"]["turns"], 2);
    for (days, busy_place) in [(7, 6), (30, 29)] {
        let usage = reader.get(&format!("/usage?days={days}&agent_key=shop")).await;
        assert_eq!((&usage["step"], &usage["totals"]["turns"]), (&json!("day"), &json!(2)));
        assert_eq!(busy(&usage), [(busy_place, 2)]);
        assert_eq!(usage["agents"].as_array().unwrap().len(), 1);
    }
    let none = reader.get("/usage?days=7&agent_key=other").await;
    assert_eq!(
        (&none["totals"]["turns"], &none["agents"][0]["agent_key"]),
        (&json!(0), &json!("other"))
    );
}

#[tokio::test]
async fn yesterday_is_the_time_before_today() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["traces:read"]).await;
    talked(&app, "Yesterday").await;
    app.clock.advance_s(24 * 60 * 60);
    talked(&app, "Today").await;
    let mut usage = reader.get("/usage?days=1").await;
    for _ in 0..200 {
        if usage["totals"]["turns"] == 1 && usage["previous"]["turns"] == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        usage = reader.get("/usage?days=1").await;
    }
    assert_eq!(
        (&usage["totals"]["turns"], &usage["previous"]["turns"]),
        (&json!(1), &json!(1))
    );
    let week = reader.get("/usage?days=7").await;
    assert_eq!(busy(&week), [(5, 1), (6, 1)]);
    assert_eq!(week["totals"]["visitors"], 2);
}

#[tokio::test]
async fn a_key_sees_its_own_agents_and_other_days_are_refused() {
    let app = TestApp::start().await;
    talked(&app, "Hi").await;
    let other = app
        .add_agent(AgentSpec {
            key: "other",
            ..AgentSpec::default()
        })
        .await;
    let scopes = ["traces:read"];
    let bound = Rest::bound(&app, &scopes, Some(vec![other.id.clone()]), "default").await;
    let usage = bound.get("/usage").await;
    assert_eq!(
        (&usage["totals"]["turns"], &usage["totals"]["sessions"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(usage["agents"].as_array().unwrap().len(), 1);
    bound.json(Method::GET, "/usage?agent_key=shop", None, 404).await;
    let refused = bound.json(Method::GET, "/usage?days=2", None, 400).await;
    assert_eq!(refused["error"]["code"], "days");
    let stranger = Rest::bound(&app, &scopes, None, "ws_other").await;
    assert_eq!(stranger.get("/usage").await["totals"]["sessions"], 0);
    let chat = Rest::new(&app, &["chat", "sessions:read"]).await;
    chat.json(Method::GET, "/usage", None, 403).await;
}
