//! SIGTERM (BAR.md D4): nothing acknowledged is lost, and the end comes in time.
#![cfg(unix)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use atthene_tests::socket::TestSocket;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;

use super::{Place, Served};
use crate::models::upstream::{STREAM_HEAD, Upstream, delta, end};

/// A vendor that says one word, and the other one when it is told to.
pub(super) async fn slow_vendor() -> (Upstream, Arc<Notify>) {
    let go_on = Arc::new(Notify::new());
    let wait = Arc::clone(&go_on);
    let upstream = Upstream::start(move |_, mut socket| {
        let wait = Arc::clone(&wait);
        async move {
            let _ = socket
                .write_all(format!("{STREAM_HEAD}{}", delta("Half")).as_bytes())
                .await;
            wait.notified().await;
            let _ = socket
                .write_all(format!("{}{}", delta(" and whole"), end()).as_bytes())
                .await;
            let _ = socket.shutdown().await;
        }
    })
    .await;
    (upstream, go_on)
}

pub(super) fn place(upstream: &Upstream, grace_ms: &str) -> Place {
    let base_url = format!("http://127.0.0.1:{}/v1/", upstream.port);
    let env = [
        ("ATTHENE__PROVIDERS__MOCK__KIND", "openai"),
        ("ATTHENE__PROVIDERS__MOCK__BASE_URL", base_url.as_str()),
        ("ATTHENE__SHUTDOWN_GRACE_MS", grace_ms),
    ];
    Place::new("mock/m", &env)
}

#[tokio::test]
async fn sigterm_lets_a_running_answer_end_and_refuses_what_is_new() {
    let (upstream, go_on) = slow_vendor().await;
    let place = place(&upstream, "15000");
    let served = place.serve().await;
    let visitor = served.visitor().start().await;
    let mut events = visitor.events(0).await;
    assert_eq!(visitor.send("c1", "One").await.status(), StatusCode::ACCEPTED);
    events.until("TEXT_MESSAGE_CONTENT").await;

    served.terminate();
    let last = events.next().await.unwrap();
    assert_eq!(
        (last.name.as_deref(), &last.data["code"]),
        (Some("reconnect"), &json!(1012))
    );
    let ready = reqwest::Client::new().get(format!("{}/readyz", served.url()));
    assert_eq!(ready.send().await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    let refused = served.visitor().request(Method::POST, "/sessions").json(&json!({}));
    let refused = refused.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));

    go_on.notify_one();
    let (status, log) = served.ended().await;
    assert!(status.success(), "{log}");
    let served = place.serve().await;
    let history = served.resumed(&visitor).await.history().await;
    assert_eq!(
        (history[1]["content"].as_str(), history[1]["status"].as_str()),
        (Some("Half and whole"), Some("completed"))
    );
}

#[tokio::test]
async fn sigterm_marks_an_answer_that_does_not_end_and_stops_in_time() {
    let (upstream, _never) = slow_vendor().await;
    let place = place(&upstream, "300");
    let served = place.serve().await;
    let visitor = served.visitor().start().await;
    let mut events = visitor.events(0).await;
    visitor.send("c1", "One").await;
    events.until("TEXT_MESSAGE_CONTENT").await;
    let begun = Instant::now();
    served.terminate();
    let (status, log) = served.ended().await;
    assert!(status.success(), "{log}");
    // The grace, and at most six seconds for the last texts and the connections.
    assert!(begun.elapsed() < Duration::from_millis(6_300), "{:?}", begun.elapsed());
    let served = place.serve().await;
    let again = served.resumed(&visitor).await;
    assert_eq!(again.started["run"]["status"], "interrupted");
    assert_eq!(again.history().await[1]["content"], "Half");
    served.terminate();
    let (_, log) = served.ended().await;
    assert!(!log.contains("left unfinished"), "the end itself had marked it: {log}");
}

#[tokio::test]
async fn sigterm_ends_a_hundred_sockets_and_a_hundred_streams_in_time_and_in_order() {
    let env = [("ATTHENE__LIMITS__ADDRESS_SOCKETS", "1000")];
    let place = Place::new("builtin", &env);
    let served = place.serve().await;
    let (mut sockets, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let visitor = served.visitor().start().await;
        for _ in 0..5 {
            let mut socket = TestSocket::open(served.address, "shop", super::SHOP).await;
            socket.start(&visitor.token, 0).await;
            sockets.push(socket);
            streams.push(visitor.events(0).await);
        }
    }
    let begun = Instant::now();
    served.terminate();
    for socket in &mut sockets {
        let (told, code) = socket.until_closed().await;
        assert_eq!((told.last().unwrap()["type"].as_str(), code), (Some("reconnect"), 1012));
    }
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().name.as_deref(), Some("reconnect"));
    }
    let (status, log) = served.ended().await;
    assert!(status.success(), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(!log.contains("still open"), "{log}");
}

/// Sends until it is told no; answers what was acknowledged.
async fn chat_until_refused(served: &Served, number: usize) -> (atthene_tests::TestVisitor, Vec<String>) {
    let visitor = served.visitor().start().await;
    let mut acknowledged = Vec::new();
    // One page of the history holds what both have said.
    while acknowledged.len() < 100 {
        let count = acknowledged.len();
        let body = json!({ "client_id": format!("c{count}"), "content": format!("question {number}.{count}") });
        let sent = visitor
            .session_request(Method::POST, "/messages")
            .json(&body)
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status() == StatusCode::ACCEPTED => {
                let body: Value = answer.json().await.unwrap();
                acknowledged.push(body["message_id"].as_str().unwrap().to_owned());
            }
            Ok(answer) if answer.status() == StatusCode::CONFLICT => {
                let _ = visitor.session_request(Method::POST, "/stop").send().await;
            }
            Ok(answer) => {
                assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
                break;
            }
            Err(_gone) => break,
        }
    }
    (visitor, acknowledged)
}

#[tokio::test]
async fn what_was_acknowledged_before_sigterm_is_there_afterwards() {
    let env = [
        ("ATTHENE__LIMITS__ADDRESS_MESSAGES_PER_MIN", "100000"),
        ("ATTHENE__LIMITS__VISITOR_MESSAGES_PER_MIN", "100000"),
        ("ATTHENE__LIMITS__AGENT_MESSAGES_PER_MIN", "100000"),
    ];
    let place = Place::new("builtin", &env);
    let served = place.serve().await;
    let chats = futures_util::future::join_all((0..12).map(|number| chat_until_refused(&served, number)));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        served.terminate();
    };
    let (chats, ()) = futures_util::future::join(chats, stop).await;
    let (status, log) = served.ended().await;
    assert!(status.success(), "{log}");
    let served = place.serve().await;
    let mut count = 0;
    for (visitor, acknowledged) in chats {
        let history = served.resumed(&visitor).await.history().await;
        for message in &acknowledged {
            assert!(history.iter().any(|known| known["id"] == message.as_str()), "{message}");
        }
        assert!(history.iter().all(|message| message["status"] != "running"));
        count += acknowledged.len();
    }
    assert!(count > 12, "only {count} messages were acknowledged");
}
