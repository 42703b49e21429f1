//! Resuming at every number of a long answer: while it is written, when it is over, before and after a crash. Whatever a
//! page had, it then shows what one shows that was never away.

use atthene_tests::fold::{Shown, ShownMessage};
use atthene_tests::scripted::Piece;
use atthene_tests::sse::SseEvent;
use atthene_tests::{TestApp, TestVisitor};
use reqwest::{Method, StatusCode};

const SHOP: &str = "https://shop.example";
const PIECES: usize = 40;

/// A long answer that waits in the middle.
fn long_answer() -> Vec<Piece> {
    let mut pieces: Vec<Piece> = (0..PIECES)
        .map(|at| Piece::Text(["Wort ", "語", "🙂 ", "מילה "][at % 4]))
        .collect();
    pieces.insert(PIECES / 2, Piece::Hold);
    pieces
}

fn folded<'a>(events: impl IntoIterator<Item = &'a SseEvent>) -> Shown {
    let mut shown = Shown::default();
    for event in events {
        shown.take_in(event);
    }
    shown
}

/// A page for every number, as it was when that number had come.
fn pages(seen: &[SseEvent]) -> Vec<Shown> {
    let ends = (0..seen.len()).filter(|&at| seen[at].seq.is_some());
    let pages: Vec<Shown> = ends.map(|at| folded(&seen[..=at])).collect();
    [vec![Shown::default()], pages].concat()
}

async fn kept(visitor: &TestVisitor) -> Vec<ShownMessage> {
    let history = visitor.history().await;
    let text = |message: &serde_json::Value, name: &str| message[name].as_str().unwrap().to_owned();
    history
        .iter()
        .map(|message| ShownMessage {
            id: text(message, "id"),
            role: text(message, "role"),
            content: text(message, "content"),
            status: text(message, "status"),
        })
        .collect()
}

/// Lets a page catch up with a turn that is over.
async fn catch_up(visitor: &TestVisitor, page: &mut Shown) {
    let mut reader = visitor.events(page.last_seq).await;
    loop {
        let event = reader.next().await.unwrap();
        page.take_in(&event);
        if event.data["name"] == "run.snapshot" {
            return;
        }
    }
}

async fn resumed(app: &TestApp, before: &TestVisitor) -> TestVisitor {
    let mut visitor = app.visitor(SHOP);
    visitor.resume.clone_from(&before.resume);
    let visitor = visitor.start().await;
    assert_eq!(visitor.session_id, before.session_id);
    visitor
}

fn many_streams(settings: &mut atthene_server::config::Settings) {
    (settings.limits.visitor_sockets, settings.limits.address_sockets) = (1_000, 1_000);
}

#[tokio::test]
async fn every_page_that_resumes_during_the_answer_or_after_it_shows_the_same() {
    let app = TestApp::start_with(many_streams).await;
    app.llm.answer(&long_answer());
    let visitor = app.visitor(SHOP).start().await;
    let mut first = visitor.events(0).await;
    visitor.send("c1", "Tell me all").await;
    let mut seen = first.until("TEXT_MESSAGE_CONTENT").await;
    for _ in 1..PIECES / 2 {
        seen.extend(first.until("TEXT_MESSAGE_CONTENT").await);
    }
    let mut during = Vec::new();
    for page in pages(&seen) {
        let reader = visitor.events(page.last_seq).await;
        during.push((page, reader));
    }
    app.llm.release();
    seen.extend(first.until("RUN_FINISHED").await);
    let whole = folded(&seen);
    assert!(whole.faults.is_empty(), "{:?}", whole.faults);
    assert_eq!(whole.messages, kept(&visitor).await);
    assert!(during.len() > PIECES / 2);
    for (mut page, mut reader) in during {
        let had = page.last_seq;
        for event in reader.until("RUN_FINISHED").await {
            page.take_in(&event);
        }
        assert_eq!(page.messages, whole.messages, "resumed after {had}");
        assert!(page.faults.is_empty(), "resumed after {had}: {:?}", page.faults);
    }
    let after = pages(&seen);
    assert!(after.len() > PIECES);
    for mut page in after {
        let had = page.last_seq;
        catch_up(&visitor, &mut page).await;
        assert_eq!(page.messages, whole.messages, "resumed after {had}, at the end");
        assert!(page.faults.is_empty(), "resumed after {had}: {:?}", page.faults);
    }
}

#[tokio::test]
async fn every_page_of_before_a_crash_shows_after_it_what_was_kept_and_then_the_whole() {
    let app = TestApp::start_with(many_streams).await;
    app.llm.answer(&long_answer());
    let visitor = app.visitor(SHOP).start().await;
    let mut first = visitor.events(0).await;
    visitor.send("c1", "Tell me all").await;
    let mut seen = first.until("TEXT_MESSAGE_CONTENT").await;
    for _ in 1..PIECES / 2 {
        seen.extend(first.until("TEXT_MESSAGE_CONTENT").await);
    }
    let app = app.crash_and_restart().await;
    let visitor = resumed(&app, &visitor).await;
    let cut = kept(&visitor).await;
    assert_eq!((cut.len(), cut[1].status.as_str()), (2, "interrupted"));
    let mut pages = pages(&seen);
    for page in &mut pages {
        let had = page.last_seq;
        catch_up(&visitor, page).await;
        assert_eq!(page.messages, cut, "resumed after {had}");
        assert_eq!(page.run.as_ref().unwrap().1, "interrupted", "resumed after {had}");
    }
    app.llm.answer(&long_answer());
    app.llm.release();
    let mut readers = Vec::new();
    for page in &pages {
        readers.push(visitor.events(page.last_seq).await);
    }
    let retried = visitor.session_request(Method::POST, "/retry").send().await.unwrap();
    assert_eq!(retried.status(), StatusCode::ACCEPTED);
    for (page, reader) in pages.iter_mut().zip(&mut readers) {
        for event in reader.until("RUN_FINISHED").await {
            page.take_in(&event);
        }
    }
    let whole = kept(&visitor).await;
    assert_eq!(whole[1].status, "completed");
    for page in &pages {
        assert_eq!(page.messages, whole);
        assert!(page.faults.is_empty(), "{:?}", page.faults);
    }
}
