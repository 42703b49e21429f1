//! `/runtime/{id}/events`: a session live, for its owner and for those who read the sessions of others.

use std::time::Duration;

use atthene_server::model::key::Scope;
use atthene_tests::scripted::Piece;
use atthene_tests::sse::{EventReader, shown_text};
use atthene_tests::{BackEnd, TestApp};
use reqwest::{Method, StatusCode};

use crate::public::waiting::app as asking_app;

const SHOP: &str = "https://shop.example";

async fn follow(back_end: &BackEnd, session: &str, after: u64) -> EventReader {
    let path = format!("/api/v1/runtime/{session}/events/?after={after}");
    let answer = back_end.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    EventReader::new(answer)
}

#[tokio::test]
async fn a_reader_sees_a_visitor_s_conversation_live_and_resumes_by_number() {
    let app = TestApp::start().await;
    let reader = app.back_end(&[Scope::SessionsRead]).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&[Piece::Text("One "), Piece::Hold, Piece::Text("two")]);
    let mut live = follow(&reader, &visitor.session_id, 0).await;
    visitor.send("c1", "Count").await;
    let seen = live.until("TEXT_MESSAGE_CONTENT").await;
    let number = seen.iter().filter_map(|event| event.seq).max().unwrap();
    // As browsers come back.
    let path = format!("/api/v1/runtime/{}/events", visitor.session_id);
    let resumed = reader
        .request(Method::GET, &path)
        .header("Last-Event-ID", number.to_string());
    let mut resumed = EventReader::new(resumed.send().await.unwrap());
    app.llm.release();
    let mut all = seen.clone();
    all.extend(live.until("RUN_FINISHED").await);
    let mut again = seen;
    again.extend(resumed.until("RUN_FINISHED").await);
    assert_eq!(shown_text(&all), shown_text(&again));
    assert!(shown_text(&all).values().any(|text| text == "One two"));
    assert!(again.iter().skip(1).filter_map(|event| event.seq).max().unwrap() > number);
}

#[tokio::test]
async fn what_is_for_back_ends_alone_comes_too() {
    let app = asking_app().await;
    let reader = app.back_end(&[Scope::SessionsRead]).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&[Piece::Ask("Which one?", &["Blue", "Red"])]);
    let mut live = follow(&reader, &visitor.session_id, 0).await;
    let mut page = visitor.events(0).await;
    visitor.send("c1", "One of them").await;
    let seen = live.until("RUN_FINISHED").await;
    assert!(seen.iter().any(|event| event.kind() == "TOOL_CALL_ARGS"));
    let shown = page.until("RUN_FINISHED").await;
    assert!(shown.iter().all(|event| !event.kind().starts_with("TOOL_CALL")));
}

#[tokio::test]
async fn a_session_of_others_is_followed_with_the_scope_alone() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let owner = app.back_end(&[Scope::Chat]).await;
    let own = owner.session("shop").await;
    let path = |session: &str, query: &str| format!("/api/v1/runtime/{session}/events{query}");
    let (status, _) = owner.get(&path(&visitor.session_id, "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = owner.get(&path("sess_none", "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, refused) = owner.get(&path(&own, "?after=x")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["error"]["code"], "after");
    let mut live = follow(&owner, &own, 0).await;
    let (status, _) = owner.execute(&own, "Hi").await;
    assert_eq!(status, StatusCode::OK);
    live.until("RUN_FINISHED").await;
}

#[tokio::test]
async fn a_revoked_key_and_an_erased_session_end_the_stream() {
    let app = TestApp::start().await;
    let (reader, eraser) = (
        app.back_end(&[Scope::SessionsRead]).await,
        app.back_end(&[Scope::Admin]).await,
    );
    let (kept, erased) = (app.visitor(SHOP).start().await, app.visitor(SHOP).start().await);
    let live = follow(&reader, &erased.session_id, 0).await;
    let (status, _) = eraser.delete(&format!("/api/v1/sessions/{}", erased.session_id)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    until_closed(live).await;
    let live = follow(&reader, &kept.session_id, 0).await;
    let key = &reader.key;
    assert!(
        app.store
            .revoke_key(&key.workspace, &key.id, app.clock_now())
            .await
            .unwrap()
    );
    until_closed(live).await;
}

/// Within five seconds, and with a word.
async fn until_closed(mut live: EventReader) {
    let end = async {
        while let Some(event) = live.next().await {
            if event.name.as_deref() == Some("closed") {
                return;
            }
        }
        panic!("the stream ended without a word");
    };
    tokio::time::timeout(Duration::from_secs(5), end).await.unwrap();
}
