//! One running turn, seen at once by everything that can see it: the same numbers, the same text, the same end.

use atthene_server::model::key::Scope;
use atthene_tests::socket::TestSocket;
use atthene_tests::sse::{SseEvent, shown_text};
use atthene_tests::{EventReader, Piece, TestApp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";
const TEXT: &str = "Grüße 你好 👩‍👩‍👧 مرحبا";

/// An answer in pieces that the test lets out one by one.
const PIECES: [Piece; 7] = [
    Piece::Text("Grüße "),
    Piece::Hold,
    Piece::Text("你好 👩‍"),
    Piece::Hold,
    Piece::Text("👩‍👧 "),
    Piece::Hold,
    Piece::Text("مرحبا"),
];

async fn open(request: RequestBuilder) -> EventReader {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    EventReader::new(answer)
}

/// What the turn says, event by event, under its numbers; what the dialects name differently is left out.
fn said(events: &[SseEvent]) -> Vec<(Option<u64>, Value)> {
    let of_turn = events.iter().filter(|event| event.kind() != "CUSTOM");
    let said = of_turn.map(|event| {
        let mut data = event.data.clone();
        for name in ["threadId", "runId", "timestamp", "metadata"] {
            data.as_object_mut().unwrap().remove(name);
        }
        (event.seq, data)
    });
    said.collect()
}

fn run(thread: &str, run: &str) -> Value {
    let message = json!({ "id": "m1", "role": "user", "content": "Hello" });
    json!({ "threadId": thread, "runId": run, "messages": [message] })
}

#[tokio::test]
async fn a_visitor_s_turn_is_the_same_in_every_tab_and_to_an_agui_client() {
    let app = TestApp::start().await;
    app.llm.answer(&PIECES);
    let visitor = app.visitor(SHOP).start().await;
    let (mut one, mut other) = (visitor.events(0).await, visitor.events(0).await);
    let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
    socket.start(&visitor.token, 0).await;
    let agui = || {
        let request = Client::new().post(format!("{}/agui/shop", app.url()));
        request.header("origin", SHOP).bearer_auth(&visitor.token)
    };
    let mut client = open(agui().json(&run(&visitor.session_id, "first"))).await;
    let mut to_client = client.until("TEXT_MESSAGE_CONTENT").await;
    app.llm.release();
    to_client.extend(client.until("TEXT_MESSAGE_CONTENT").await);
    // Somebody comes late, by each way.
    let mut late = visitor.events(0).await;
    let mut joined = open(agui().json(&run(&visitor.session_id, "second"))).await;
    let mut to_joined = joined.until("TEXT_MESSAGE_CONTENT").await;
    app.llm.release();
    app.llm.release();
    to_client.extend(client.until("RUN_FINISHED").await);
    to_joined.extend(joined.until("RUN_FINISHED").await);
    let (to_one, to_other, to_late) = (one.until_end().await, other.until_end().await, late.until_end().await);
    assert_eq!(said(&to_one), said(&to_other));
    assert!(said(&to_one).iter().all(|(seq, _)| seq.is_some()));
    assert_eq!(said(&to_one), said(&to_client), "AG-UI tells what the widget is told");
    let to_socket = socket.until_event("RUN_FINISHED").await;
    assert_eq!(said(&to_one), said(&to_socket), "and so does the socket");
    let shown: Vec<String> = [&to_one, &to_client, &to_joined, &to_late]
        .iter()
        .map(|events| shown_text(events).into_values().find(|text| text != "Hello").unwrap())
        .collect();
    assert_eq!(shown, [TEXT; 4]);
    // Whoever came late sees the rest under the same numbers.
    let tail = |events: &[SseEvent]| {
        let mut said = said(events);
        said.split_off(said.len() - 4)
    };
    assert_eq!((tail(&to_late), tail(&to_joined)), (tail(&to_one), tail(&to_one)));
    assert_eq!(visitor.history().await[1]["content"], TEXT);
    assert_eq!(app.llm.requests().len(), 1);
}

#[tokio::test]
async fn a_back_end_s_answer_is_the_same_streamed_whole_and_over_agui() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let mut answers = Vec::new();
    for way in ["stream", "whole", "agui"] {
        app.llm.answer(&PIECES);
        for _ in 0..3 {
            app.llm.release();
        }
        let session = back_end.session("shop").await;
        let path = format!("/api/v1/runtime/{session}/execute/");
        let kinds = match way {
            "whole" => {
                let (_, told) = back_end.execute(&session, "Hello").await;
                assert_eq!(told["response"]["content"], TEXT);
                let events = told["events"].as_array().unwrap();
                kinds(events.iter())
            }
            "stream" => {
                let request = back_end
                    .request(Method::POST, &path)
                    .header("accept", "text/event-stream");
                let mut reader = open(request.json(&json!({ "content": "Hello" }))).await;
                let events = reader.until("RUN_FINISHED").await;
                let whole = reader.next().await.unwrap();
                assert_eq!(whole.data["response"]["content"], TEXT);
                kinds(events.iter().map(|event| &event.data))
            }
            _ => {
                let request = back_end.request(Method::POST, "/agui/shop");
                let mut reader = open(request.json(&run(&session, "run"))).await;
                let events = reader.until("RUN_FINISHED").await;
                assert!(reader.next().await.is_none());
                kinds(events.iter().map(|event| &event.data))
            }
        };
        let (_, kept) = back_end.get(&format!("/api/v1/runtime/{session}/messages/")).await;
        assert_eq!(kept["messages"][1]["content"], TEXT, "{way}");
        answers.push(kinds);
    }
    assert_eq!((&answers[1], &answers[2]), (&answers[0], &answers[0]));
}

/// Types and texts of the events, without the snapshot of the question.
fn kinds<'a>(events: impl Iterator<Item = &'a Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_turn = events.filter(|event| event["type"] != "CUSTOM");
    of_turn
        .map(|event| (text(&event["type"]), text(&event["delta"])))
        .collect()
}
