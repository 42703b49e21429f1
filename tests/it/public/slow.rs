//! A reader that is too slow (BAR.md W3): told so where it can be, cut off where it cannot; the turn goes on.

use std::time::Duration;

use atthene_tests::TestApp;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{EventReader, shown_text};
use atthene_tests::visitor::TestVisitor;
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

const SHOP: &str = "https://shop.example";
/// Together more than the kernel keeps on both ends of a connection whose reader does not read.
const ANSWERS: usize = 8;
const ANSWER_CHARS: usize = 1_000_000;

/// A long conversation, and a turn that runs and waits; with a reader who has seen all of it.
async fn long_conversation(app: &TestApp) -> (TestVisitor, EventReader) {
    let visitor = app.visitor(SHOP).start().await;
    let text: &'static str = Box::leak("x".repeat(ANSWER_CHARS).into_boxed_str());
    let mut events = visitor.events(0).await;
    for number in 0..ANSWERS {
        app.llm.answer(&[Piece::Text(text)]);
        visitor.send(&format!("c{number}"), "Tell me all").await;
        events.until("RUN_FINISHED").await;
    }
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" and whole")]);
    visitor.send("last", "And now?").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    (visitor, events)
}

/// A connection with a small window that asks for all events and reads nothing by itself.
async fn follow_without_reading(app: &TestApp, visitor: &TestVisitor) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(app.address).await.unwrap();
    let request = format!(
        "GET /public/v1/agents/shop/sessions/{}/events HTTP/1.1\r\nhost: test\r\norigin: {SHOP}\r\nauthorization: Bearer {}\r\n\r\n",
        visitor.session_id, visitor.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads until the connection or its answer ends; tells whether it did.
async fn read_rest(stream: &mut TcpStream) -> (String, bool) {
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    let has_ended = loop {
        match timeout(Duration::from_secs(10), stream.read(&mut chunk)).await {
            Ok(Ok(0) | Err(_)) => break true,
            Ok(Ok(read)) => bytes.extend_from_slice(&chunk[..read]),
            Err(_silence) => break false,
        }
        if bytes.ends_with(b"\r\n0\r\n\r\n") {
            break true;
        }
    };
    (String::from_utf8_lossy(&bytes).into_owned(), has_ended)
}

async fn assert_the_turn_ends_well(app: &TestApp, visitor: &TestVisitor, mut reader: EventReader) {
    app.llm.release();
    reader.until("RUN_FINISHED").await;
    let history = visitor.history().await;
    let last = history.last().unwrap();
    assert_eq!(
        (last["content"].as_str(), last["status"].as_str()),
        (Some("Half and whole"), Some("completed"))
    );
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut_off_and_its_place_is_free_again() {
    let app = TestApp::start_with(|settings| {
        settings.limits.slow_reader_timeout_ms = 900;
        settings.limits.visitor_sockets = 2;
    })
    .await;
    let (visitor, reader) = long_conversation(&app).await;
    let mut stalled = follow_without_reading(&app, &visitor).await;
    let ask = async || {
        let events = visitor.session_request(Method::GET, "/events?after=1000000");
        events.send().await.unwrap().status()
    };
    // Both places are taken; the one of the reader that does not read becomes free by itself.
    let mut is_taken = false;
    let mut is_free = false;
    for _ in 0..100 {
        sleep(Duration::from_millis(50)).await;
        let status = ask().await;
        is_taken |= status == StatusCode::TOO_MANY_REQUESTS;
        is_free = is_taken && status == StatusCode::OK;
        if is_free {
            break;
        }
    }
    assert!(is_taken, "the reader that does not read had no place");
    assert!(is_free, "a reader that takes nothing keeps its place");
    let (read, has_ended) = read_rest(&mut stalled).await;
    assert!(has_ended, "its connection is closed");
    assert!(read.len() < ANSWERS * ANSWER_CHARS, "what waited for it was not kept");
    assert_the_turn_ends_well(&app, &visitor, reader).await;
}

#[tokio::test]
async fn a_reader_that_wakes_up_late_is_told_and_comes_back_for_the_rest() {
    let app = TestApp::start_with(|settings| settings.limits.slow_reader_timeout_ms = 4_000).await;
    let (visitor, reader) = long_conversation(&app).await;
    let mut slow = follow_without_reading(&app, &visitor).await;
    // Between being slow (4 s after the first bytes) and being cut off (a third later).
    slow.readable().await.unwrap();
    sleep(Duration::from_millis(4_600)).await;
    let (read, has_ended) = read_rest(&mut slow).await;
    let tail = &read[read.len().saturating_sub(300)..];
    assert!(has_ended, "{tail}");
    let last = "event: closed\ndata: {\"code\":1013,\"after_ms\":500}\n\n";
    assert!(read.contains(last), "{tail}");
    assert!(read.len() < ANSWERS * ANSWER_CHARS, "what waited for it was not kept");
    assert_the_turn_ends_well(&app, &visitor, reader).await;
    let events = visitor.events(0).await.until_end().await;
    let shown = shown_text(&events);
    assert_eq!(
        shown.values().filter(|text| text.len() == ANSWER_CHARS).count(),
        ANSWERS
    );
}
