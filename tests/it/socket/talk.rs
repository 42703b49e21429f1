//! A conversation over the socket: sent once, told to every tab, resumed after any number.

use std::collections::BTreeSet;

use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{SseEvent, shown_text};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{tab, talking};

#[tokio::test]
async fn a_message_is_acknowledged_and_then_answered() {
    let app = TestApp::start().await;
    let (visitor, mut socket) = talking(&app).await;
    socket.say("c1", "Hi").await;
    let ack = socket.frame().await;
    assert_eq!((&ack["type"], &ack["client_id"]), (&json!("ack"), &json!("c1")));
    let events = socket.until_event("RUN_FINISHED").await;
    let kinds: Vec<&str> = events.iter().map(SseEvent::kind).collect();
    assert_eq!(
        kinds,
        [
            "CUSTOM",
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED"
        ]
    );
    assert_eq!(events[0].seq, ack["seq"].as_u64());
    assert_eq!(events[0].data["value"]["messageId"], ack["message_id"]);
    assert_eq!(events[1].data["runId"], ack["run_id"]);
    let numbers: Vec<u64> = events.iter().filter_map(|event| event.seq).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    assert_eq!(visitor.history().await[1]["content"], "Hello from the script.");

    // The same again is the same answer, and no other turn.
    socket.say("c1", "Hi").await;
    assert_eq!(socket.frame().await, ack);
    assert_eq!(app.llm.requests().len(), 1);
    socket.send(&json!({ "type": "ping" })).await;
    assert_eq!(socket.frame().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_message_that_is_refused_says_why_in_the_words_of_rest() {
    let app = TestApp::start_with(|settings| settings.limits.visitor_messages_per_min = 6).await;
    let (visitor, mut socket) = talking(&app).await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let bodies = [
        json!({ "client_id": "", "content": "Hi" }),
        json!({ "client_id": "c1", "content": "  " }),
        json!({ "client_id": "c1", "content": "x".repeat(10_001) }),
        json!({ "client_id": "c1", "content": "Hi", "inputs": { "secret": 1 } }),
        json!({ "client_id": "c1", "content": "Hi", "correlation_id": "x".repeat(257) }),
    ];
    let mut codes = BTreeSet::new();
    for mut body in bodies {
        let answer = visitor.session_request(reqwest::Method::POST, "/messages").json(&body);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let rest: Value = answer.json().await.unwrap();
        let client_id = body["client_id"].clone();
        body["type"] = json!("message.send");
        socket.send(&body).await;
        let told = socket.frame().await;
        assert_eq!((&told["type"], &told["client_id"]), (&json!("error"), &client_id));
        for field in ["type", "message", "code"] {
            assert_eq!(told["error"][field], rest["error"][field]);
        }
        assert!(told["error"]["request_id"].as_str().unwrap().starts_with("req_"));
        codes.insert(told["error"]["code"].as_str().unwrap().to_owned());
    }
    assert!(codes.len() >= 4, "{codes:?}");
    // One turn at a time, then a rate: the socket stays open through all of it.
    socket.say("m0", "Hi").await;
    assert_eq!(socket.frame().await["type"], "ack");
    socket.until_event("TEXT_MESSAGE_CONTENT").await;
    socket.say("m1", "Hi").await;
    assert_eq!(socket.frame().await["error"]["code"], "turn_running");
    let limited = loop {
        socket.say("m2", "Hi").await;
        let told = socket.frame().await;
        if told["error"]["code"] != "turn_running" {
            break told;
        }
    };
    assert_eq!(limited["error"]["code"], "rate_limited");
    assert!(limited["error"]["retry_after_ms"].as_u64().unwrap() > 0);
    assert_eq!(limited["client_id"], "m2");
}

#[tokio::test]
async fn two_tabs_show_the_same_conversation_and_either_stops_the_answer() {
    let app = TestApp::start().await;
    app.llm.answer(&[Piece::Text("One "), Piece::Hold, Piece::Text("two")]);
    let (visitor, mut first) = talking(&app).await;
    let mut second = tab(&app, &visitor, 0).await;
    first.say("c1", "Count").await;
    let mut seen = first.until_event("TEXT_MESSAGE_CONTENT").await;
    let mut told = second.until_event("TEXT_MESSAGE_CONTENT").await;
    second.send(&json!({ "type": "run.stop" })).await;
    seen.extend(first.until_event("RUN_FINISHED").await);
    told.extend(second.until_event("RUN_FINISHED").await);
    let of = |events: &[SseEvent]| -> Vec<(Option<u64>, Value)> {
        events.iter().map(|event| (event.seq, event.data.clone())).collect()
    };
    assert_eq!(of(&seen), of(&told));
    assert_eq!(seen.last().unwrap().data["outcome"]["type"], "cancelled");
    assert_eq!(visitor.history().await[1]["status"], "stopped");

    // A third tab takes it up again.
    let mut third = tab(&app, &visitor, 0).await;
    third.until_event("CUSTOM").await;
    third.send(&json!({ "type": "run.retry" })).await;
    let ack = third.until("ack").await.pop().unwrap();
    assert_eq!(ack.get("client_id"), None);
    third.until_event("RUN_FINISHED").await;
    first.until_event("RUN_FINISHED").await;
    assert_eq!(visitor.history().await[1]["content"], "Hello from the script.");
    third.send(&json!({ "type": "run.retry" })).await;
    let refused = third.until("error").await.pop().unwrap();
    assert_eq!(refused["error"]["code"], "nothing_to_retry");
}

#[tokio::test]
async fn resuming_after_any_number_shows_the_same_conversation() {
    let app = TestApp::start().await;
    app.llm.answer(&[
        Piece::Text("Eins 一 "),
        Piece::Text("🙂 "),
        Piece::Hold,
        Piece::Text("שלום "),
        Piece::Text("vier"),
    ]);
    let (visitor, mut first) = talking(&app).await;
    first.say("c1", "Count").await;
    let mut seen = first.until_event("TEXT_MESSAGE_CONTENT").await;
    seen.extend(first.until_event("TEXT_MESSAGE_CONTENT").await);
    let numbers = |seen: &[SseEvent]| -> Vec<u64> { seen.iter().filter_map(|event| event.seq).collect() };
    let mut tabs = Vec::new();
    for after in numbers(&seen).into_iter().take(9) {
        tabs.push((after, tab(&app, &visitor, after).await));
    }
    app.llm.release();
    seen.extend(first.until_event("RUN_FINISHED").await);
    let whole = shown_text(&seen);
    assert!(whole.values().any(|text| text == "Eins 一 🙂 שלום vier"), "{whole:?}");
    let known = |after: u64| -> Vec<SseEvent> {
        let had = seen.iter().filter(|event| event.seq.is_none_or(|seq| seq <= after));
        had.cloned().collect()
    };
    for (after, mut tab) in tabs {
        let mut events = known(after);
        events.extend(tab.until_event("RUN_FINISHED").await);
        assert_eq!(shown_text(&events), whole, "resumed after {after}");
        tab.close().await;
    }
    for after in numbers(&seen) {
        let mut tab = tab(&app, &visitor, after).await;
        let mut events = known(after);
        loop {
            let mut event = tab.until_event("CUSTOM").await;
            let is_last = event.last().unwrap().data["name"] == "run.snapshot";
            events.append(&mut event);
            if is_last {
                break;
            }
        }
        assert_eq!(shown_text(&events), whole, "resumed after {after}, at the end");
        tab.close().await;
    }
}

#[tokio::test]
async fn an_answer_goes_on_without_its_socket() {
    let app = TestApp::start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" and whole")]);
    let (visitor, mut socket) = talking(&app).await;
    socket.say("c1", "Hi").await;
    socket.until_event("TEXT_MESSAGE_CONTENT").await;
    drop(socket);
    app.llm.release();
    visitor.events(0).await.until_end().await;
    assert_eq!(visitor.history().await[1]["content"], "Half and whole");
}

#[tokio::test]
async fn an_answer_longer_than_a_buffer_arrives_whole() {
    let app = TestApp::start().await;
    let long: &'static str = Box::leak("一🙂x".repeat(60_000).into_boxed_str());
    app.llm.answer(&[Piece::Text(long)]);
    let (visitor, mut socket) = talking(&app).await;
    socket.say("c1", "Hi").await;
    let events = socket.until_event("RUN_FINISHED").await;
    assert!(shown_text(&events).values().any(|text| text == long));
    // And as a snapshot, in one message of half a megabyte.
    let events = tab(&app, &visitor, 0).await.until_event("CUSTOM").await;
    assert_eq!(events.len(), 1);
    let mut again = tab(&app, &visitor, 0).await;
    again.until_event("CUSTOM").await;
    let answer = again.until_event("CUSTOM").await;
    assert!(shown_text(&answer).values().any(|text| text == long));
}
