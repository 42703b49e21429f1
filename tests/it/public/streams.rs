//! `/events`: a snapshot, then live; nothing doubled, nothing missed.

use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{EventReader, shown_text};
use reqwest::Method;
use serde_json::json;

const SHOP: &str = "https://shop.example";

#[tokio::test]
async fn a_turn_is_told_in_the_order_of_the_protocol() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hi").await;
    let events = events.until("RUN_FINISHED").await;
    let kinds: Vec<&str> = events.iter().map(|event| event.kind()).collect();
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
    let numbers: Vec<u64> = events.iter().filter_map(|event| event.seq).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
}

#[tokio::test]
async fn resuming_after_any_number_shows_the_same_conversation() {
    let app = TestApp::start().await;
    app.llm.answer(&[
        Piece::Text("One "),
        Piece::Text("two "),
        Piece::Hold,
        Piece::Text("three "),
        Piece::Text("four"),
    ]);
    let visitor = app.visitor(SHOP).start().await;
    let mut first = visitor.events(0).await;
    visitor.send("c1", "Count").await;
    let mut seen = first.until("TEXT_MESSAGE_CONTENT").await;
    seen.extend(first.until("TEXT_MESSAGE_CONTENT").await);
    // Readers that come while the turn runs, after each number that the first one has seen.
    let numbers: Vec<u64> = seen.iter().filter_map(|event| event.seq).collect();
    let mut readers = Vec::new();
    for &after in &numbers {
        readers.push((after, visitor.events(after).await));
    }
    app.llm.release();
    seen.extend(first.until("RUN_FINISHED").await);
    let whole = shown_text(&seen);
    assert!(whole.values().any(|text| text == "One two three four"), "{whole:?}");
    for (after, mut reader) in readers {
        let mut events: Vec<_> = seen
            .iter()
            .filter(|event| event.seq.is_none_or(|seq| seq <= after))
            .cloned()
            .collect();
        events.extend(reader.until("RUN_FINISHED").await);
        assert_eq!(shown_text(&events), whole, "resumed after {after}");
    }
    // And readers that come when it is over.
    let all: Vec<u64> = seen.iter().filter_map(|event| event.seq).collect();
    for &after in &all {
        let mut events: Vec<_> = seen
            .iter()
            .filter(|event| event.seq.is_none_or(|seq| seq <= after))
            .cloned()
            .collect();
        let mut reader = visitor.events(after).await;
        while let Some(event) = reader.next().await {
            let last = event.data["name"] == "run.snapshot";
            events.push(event);
            if last {
                break;
            }
        }
        assert_eq!(shown_text(&events), whole, "resumed after {after}, at the end");
    }
}

#[tokio::test]
async fn a_crash_keeps_the_partial_answer_marked_and_retry_answers() {
    let app = TestApp::start().await;
    app.llm.answer(&[Piece::Text("Partial"), Piece::Hold]);
    let visitor = app.visitor(SHOP).start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Hi").await;
    let seen = events.until("TEXT_MESSAGE_CONTENT").await;
    let last = seen.iter().filter_map(|event| event.seq).max().unwrap();
    // D2: within a second the text is committed.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let resume = visitor.resume.clone();
    let app = app.crash_and_restart().await;
    let mut visitor = app.visitor(SHOP);
    visitor.resume = resume;
    let visitor = visitor.start().await;
    assert_eq!(visitor.started["run"]["status"], "interrupted");
    let history = visitor.history().await;
    assert_eq!(
        (history[1]["content"].as_str(), history[1]["status"].as_str()),
        (Some("Partial"), Some("interrupted"))
    );
    let mut resumed = visitor.events(last).await;
    let snapshot = resumed.until("CUSTOM").await;
    assert_eq!(snapshot[0].data["value"]["status"], "interrupted");
    visitor.session_request(Method::POST, "/retry").send().await.unwrap();
    let after = resumed.until("RUN_FINISHED").await;
    assert!(
        after.iter().filter_map(|event| event.seq).all(|seq| seq > last),
        "numbers only rise, crashes included"
    );
    assert_eq!(visitor.history().await[1]["content"], "Hello from the script.");
}

#[tokio::test]
async fn send_can_stream_what_follows() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let body = json!({ "client_id": "c1", "content": "Hi" });
    let answer = visitor
        .session_request(Method::POST, "/messages")
        .header("accept", "text/event-stream")
        .json(&body)
        .send()
        .await
        .unwrap();
    let mut reader = EventReader::new(answer);
    let events = reader.until("RUN_FINISHED").await;
    assert!(
        shown_text(&events)
            .values()
            .any(|text| text == "Hello from the script.")
    );
    assert!(reader.next().await.is_none(), "the stream ends with its turn");
}
