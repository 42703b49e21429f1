//! SIGTERM with both kinds of long-lived connection open (BAR.md D4): all are told to come back, nothing is lost.
#![cfg(unix)]

use std::time::{Duration, Instant};

use atthene_tests::socket::TestSocket;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use super::SHOP;
use super::signals::{place, slow_vendor};

const VISITORS: usize = 20;
/// Streams of each visitor, and as many sockets.
const LINES: usize = 5;

#[tokio::test]
async fn sigterm_with_a_hundred_sockets_and_a_hundred_streams_tells_all_and_loses_nothing() {
    let (upstream, _never) = slow_vendor().await;
    let place = place(&upstream, "1500");
    let served = place.serve().await;
    let (mut visitors, mut streams, mut sockets) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..VISITORS {
        let visitor = served.visitor().start().await;
        for _ in 0..LINES {
            streams.push(visitor.events(0).await);
            let mut socket = TestSocket::open(served.address, "shop", SHOP).await;
            socket.start(&visitor.token, 0).await;
            sockets.push(socket);
        }
        assert_eq!(visitor.send("c1", "One").await.status(), StatusCode::ACCEPTED);
        visitors.push(visitor);
    }
    assert_eq!((streams.len(), sockets.len()), (100, 100));
    for stream in &mut streams {
        stream.until("TEXT_MESSAGE_CONTENT").await;
    }
    for socket in &mut sockets {
        socket.until_event("TEXT_MESSAGE_CONTENT").await;
    }

    let begun = Instant::now();
    served.terminate();
    for last in join_all(streams.iter_mut().map(|stream| stream.next())).await {
        let last = last.unwrap();
        assert_eq!(
            (last.name.as_deref(), &last.data["code"]),
            (Some("reconnect"), &json!(1012))
        );
    }
    for (frames, code) in join_all(sockets.iter_mut().map(TestSocket::until_closed)).await {
        assert_eq!(code, 1012);
        assert_eq!(frames.last().unwrap()["type"], "reconnect", "{frames:?}");
    }
    let (status, log) = served.ended().await;
    assert!(status.success(), "{log}");
    // The grace, and at most six seconds for the last texts and the connections: with the usual grace, thirty.
    assert!(begun.elapsed() < Duration::from_millis(7_500), "{:?}", begun.elapsed());

    let served = place.serve().await;
    for visitor in visitors {
        let history = served.resumed(&visitor).await.history().await;
        let told: Vec<_> = history
            .iter()
            .map(|message| {
                (
                    message["content"].as_str().unwrap(),
                    message["status"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(told, [("One", "completed"), ("Half", "interrupted")]);
    }
}
