//! `/traces/` as a console draws them: pages of many, each step from its begin, tools with what they were given and brought.

use std::time::Duration;

use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use reqwest::Method;
use serde_json::{Value, json};

use super::Rest;
use super::conversations::talked;
use crate::public::waiting::app as asking_app;

/// Traces, once there are so many: they are kept with the end, which is told a moment later than it is shown.
async fn traces(reader: &Rest, query: &str, count: usize) -> Vec<Value> {
    for _ in 0..200 {
        let found = reader.get(&format!("/traces/{query}")).await;
        let found = found.as_array().unwrap().clone();
        if found.len() == count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no {count} traces of {query} after 2 s");
}

#[tokio::test]
async fn a_question_to_a_human_shows_what_was_asked_and_what_was_answered() {
    let app = asking_app().await;
    let reader = Rest::new(&app, &["traces:read", "agents:read"]).await;
    let visitor = app.visitor("https://shop.example").start().await;
    app.llm.answer(&[Piece::Ask("Which one?", &["Blue", "Red"])]);
    visitor.send("c1", "One of them").await;
    visitor.events(0).await.until_end().await;
    let status = Rest::new(&app, &["sessions:read"])
        .await
        .get(&format!("/runtime/{}/status", visitor.session_id))
        .await;
    let body = json!({ "interrupt_id": status["waiting_for_input"]["interrupt_id"], "content": "Blue" });
    let answered = visitor
        .session_request(Method::POST, "/input")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(answered.status().is_success(), "{}", answered.text().await.unwrap());
    let listed = traces(&reader, "", 2).await;
    let tool = |trace: &Value| {
        let steps = trace["steps"].as_array().unwrap().clone();
        steps.into_iter().find(|step| step["kind"] == "tool").unwrap()
    };
    let (asked, went_on) = (tool(&listed[1]), tool(&listed[0]));
    assert_eq!(
        (&asked["name"], &went_on["name"]),
        (&json!("ask_human"), &json!("ask_human"))
    );
    let arguments: Value = serde_json::from_str(asked["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(
        arguments,
        json!({ "question": "Which one?", "choices": ["Blue", "Red"] })
    );
    assert_eq!((&asked["result"], &went_on["result"]), (&Value::Null, &json!("Blue")));
    assert_eq!(
        listed[0]["steps"][0]["kind"], "tool",
        "what it goes on from comes first"
    );
}

#[tokio::test]
async fn each_step_is_told_from_the_begin_of_its_turn_and_the_first_piece_too() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["traces:read", "agents:read"]).await;
    let visitor = app.visitor("https://shop.example").start().await;
    app.llm
        .answer(&[Piece::Hold, Piece::Text("One "), Piece::Hold, Piece::Text("two")]);
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Count").await;
    events.until("RUN_STARTED").await;
    while app.llm.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    app.clock.advance_s(2);
    app.llm.release();
    events.until("TEXT_MESSAGE_CONTENT").await;
    app.clock.advance_s(3);
    app.llm.release();
    events.until("RUN_FINISHED").await;
    let trace = traces(&reader, "", 1).await.remove(0);
    assert_eq!(
        (&trace["first_token_ms"], &trace["duration_ms"]),
        (&json!(2_000), &json!(5_000))
    );
    let step = &trace["steps"][0];
    assert_eq!((&step["start_ms"], &step["duration_ms"]), (&json!(0), &json!(5_000)));
    let usage = reader.get("/usage").await;
    let told = |name: &str| usage["totals"][name].as_i64().unwrap();
    assert!((told("first_token_p50_ms") - 2_000).abs() <= 40, "{usage}");
    assert!((told("turn_p95_ms") - 5_000).abs() <= 100, "{usage}");
}

#[tokio::test]
async fn pages_lead_from_one_to_the_next_and_may_be_brief() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["traces:read", "agents:read"]).await;
    for text in ["One", "Two", "Three"] {
        talked(&app, text).await;
        app.clock.advance_s(1);
    }
    let all = traces(&reader, "", 3).await;
    let mut walked = Vec::new();
    let mut path = "?limit=1&before=".to_owned();
    for _ in 0..3 {
        let page = traces(&reader, &path, 1).await;
        let run_id = page[0]["run_id"].as_str().unwrap();
        path = format!("?limit=1&agent_key=shop&before={run_id}");
        walked.push(page[0].clone());
    }
    assert_eq!(walked, all);
    assert!(traces(&reader, &path, 0).await.is_empty());
    assert!(traces(&reader, "?before=run_none", 0).await.is_empty());
    let brief = traces(&reader, "?brief=true&limit=1", 1).await;
    assert_eq!((&brief[0]["received"], &brief[0]["steps"]), (&Value::Null, &json!([])));
    assert_eq!(brief[0]["answer"], "Hello from the script.");
}
