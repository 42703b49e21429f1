//! A bad line, to the visitor and to the model: whatever it does, the text arrives intact and once, because whoever comes
//! back says what it has.

use std::net::SocketAddr;

use atthene_server::config::Settings;
use atthene_tests::fault_proxy::{Fault, FaultProxy};
use atthene_tests::fold::Shown;
use atthene_tests::scripted::Piece;
use atthene_tests::{TestApp, TestVisitor};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::models::upstream::{STREAM_HEAD, Upstream, delta, end, settings};

const SHOP: &str = "https://shop.example";
const PIECES: [&str; 4] = ["日本", "語 🙂👩‍👩‍👧", " مرحبا", " naïve"];

fn no_limits(settings: &mut Settings) {
    let limits = &mut settings.limits;
    (limits.visitor_messages_per_min, limits.address_messages_per_min) = (100_000, 100_000);
    (limits.agent_messages_per_min, limits.address_sessions_per_min) = (100_000, 100_000);
    (limits.address_sockets, limits.visitor_sockets) = (10_000, 10_000);
}

/// The same visitor on another line; a stream that breaks off is a connection of its own.
fn on_line(visitor: &TestVisitor, address: SocketAddr) -> TestVisitor {
    let mut other = TestVisitor::new(&format!("http://{address}"), "shop", SHOP);
    (other.session_id, other.token) = (visitor.session_id.clone(), visitor.token.clone());
    other
}

/// Reads until the turn is over, and comes back after each break with the number of what it has.
async fn read_on(line: &TestVisitor, proxy: &FaultProxy, shown: &mut Shown) {
    let mut run = None;
    while run.is_none() || !shown.is_over() {
        let path = format!("/events?after={}", shown.last_seq);
        // A line may break before the head of the answer is there.
        let answer = tokio::select! {
            answer = line.session_request(Method::GET, &path).send() => answer,
            () = proxy.stalled() => continue,
        };
        let Ok(answer) = answer else { continue };
        assert_eq!(answer.status(), StatusCode::OK);
        let mut reader = atthene_tests::EventReader::new(answer);
        loop {
            let event = tokio::select! {
                event = reader.next() => event,
                () = proxy.stalled() => None,
            };
            let Some(event) = event else { break };
            shown.take_in(&event);
            run = shown.run.clone();
            if shown.is_over() {
                return;
            }
        }
    }
}

/// What the store says is shown.
async fn assert_shows_the_history(visitor: &TestVisitor, shown: &Shown, what: &str) {
    assert!(shown.faults.is_empty(), "{what}: {:?}", shown.faults);
    let history = visitor.history().await;
    let told: Vec<[&str; 4]> = history
        .iter()
        .map(|message| ["id", "role", "content", "status"].map(|name| message[name].as_str().unwrap()))
        .collect();
    let read: Vec<[&str; 4]> = shown
        .messages
        .iter()
        .map(|message| [&*message.id, &*message.role, &*message.content, &*message.status])
        .collect();
    assert_eq!(read, told, "{what}");
}

#[tokio::test]
async fn a_line_that_breaks_at_any_byte_of_a_live_answer_loses_and_doubles_nothing() {
    let app = TestApp::start_with(no_limits).await;
    let proxy = FaultProxy::to(app.address).await;
    let whole = PIECES.concat();
    // The head of the answer and its events are some 1,900 bytes.
    let offsets = (0..1_900).step_by(61);
    let faults = offsets.flat_map(|at| [Fault::Cut(at), Fault::Stall(at)]);
    for fault in faults.chain([Fault::Trickle]) {
        let visitor = app.visitor(SHOP).start().await;
        app.llm.answer(&PIECES.map(Piece::Text));
        visitor.send("c1", "问题").await;
        let mut shown = Shown::default();
        proxy.next(fault);
        read_on(&on_line(&visitor, proxy.address), &proxy, &mut shown).await;
        assert_eq!(shown.last().unwrap().content, whole, "{fault:?}");
        assert_shows_the_history(&visitor, &shown, &format!("{fault:?}")).await;
    }
}

#[tokio::test]
async fn a_snapshot_that_is_cut_at_every_byte_is_read_whole_by_whoever_comes_back() {
    let app = TestApp::start_with(no_limits).await;
    let proxy = FaultProxy::to(app.address).await;
    let visitor = app.visitor(SHOP).start().await;
    app.llm.answer(&PIECES.map(Piece::Text));
    visitor.send("c1", "问题").await;
    visitor.events(0).await.until_end().await;
    let mut whole = Shown::default();
    let line = on_line(&visitor, proxy.address);
    read_on(&line, &proxy, &mut whole).await;
    for at in 0..1_400 {
        // Half of them whole, in two pieces: all others come back for it.
        for fault in [Fault::Cut(at), Fault::Split(at)].into_iter().take(1 + at % 2) {
            let mut shown = Shown::default();
            proxy.next(fault);
            read_on(&line, &proxy, &mut shown).await;
            assert_eq!(shown.messages, whole.messages, "{fault:?}");
            assert!(shown.faults.is_empty(), "{fault:?}: {:?}", shown.faults);
        }
    }
}

#[tokio::test]
async fn a_model_whose_line_breaks_at_any_byte_gives_a_clean_beginning_and_one_end_and_the_retry_the_whole() {
    let stream: String = PIECES.iter().map(|piece| delta(piece)).collect::<String>() + &end();
    let bytes = format!("{STREAM_HEAD}{stream}").into_bytes();
    let length = bytes.len();
    let upstream = Upstream::always(vec![bytes]).await;
    let proxy = FaultProxy::to(SocketAddr::from(([127, 0, 0, 1], upstream.port))).await;
    let providers = settings(proxy.address.port());
    let app = TestApp::start_asking_models(|settings| {
        no_limits(settings);
        settings.upstream = providers.upstream;
        settings.upstream.idle_timeout_ms = 1_000;
        settings.upstream.first_token_timeout_ms = 1_000;
        settings.providers = providers.providers;
        settings.models.insert("scripted".to_owned(), "mock/m".to_owned());
    })
    .await;
    let whole = PIECES.concat();
    let mut broken = 0;
    let faults = (1..length).step_by(31).map(Fault::Cut);
    let faults = faults.chain((1..length).step_by(37).map(Fault::Split));
    let faults = faults
        .chain((1..length).step_by(300).map(Fault::Stall))
        .chain([Fault::Trickle]);
    for fault in faults {
        let visitor = app.visitor(SHOP).start().await;
        let mut events = visitor.events(0).await;
        proxy.next(fault);
        visitor.send("c1", "问题").await;
        let mut shown = Shown::default();
        for event in events.until_end().await {
            shown.take_in(&event);
        }
        let text = shown
            .last()
            .filter(|last| last.role == "assistant")
            .map(|last| last.content.clone());
        let text = text.unwrap_or_default();
        assert!(whole.starts_with(&text), "{fault:?}: {text}");
        if shown.run.as_ref().unwrap().1 == "completed" {
            assert_eq!(text, whole, "{fault:?}");
            assert_shows_the_history(&visitor, &shown, &format!("{fault:?}")).await;
            continue;
        }
        assert!(matches!(fault, Fault::Cut(_) | Fault::Stall(_)), "{fault:?}");
        broken += 1;
        let retried: Value = {
            let answer = visitor.session_request(Method::POST, "/retry").send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::ACCEPTED);
            answer.json().await.unwrap()
        };
        while shown.run.as_ref().unwrap().0 != retried["run_id"] || !shown.is_over() {
            shown.take_in(&events.next().await.unwrap());
        }
        assert_eq!(shown.last().unwrap().content, whole, "{fault:?}");
        assert_shows_the_history(&visitor, &shown, &format!("{fault:?}")).await;
    }
    assert!(broken > 10, "only {broken} answers were broken off");
}
