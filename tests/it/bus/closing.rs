//! A session that is closed: whoever listens looks at it anew.

use std::sync::Arc;

use atthene_server::bus::Lagged;
use tokio::time::timeout;

use super::{PATIENCE, grown, is_silent, on_every_backend, opened, session, started};

#[tokio::test]
async fn closing_a_session_sends_its_readers_to_look_again_and_no_others() {
    on_every_backend(async |bus| {
        let (_, mut here) = bus.snapshot_and_subscribe(&session("a")).await;
        let (_, mut there) = bus.snapshot_and_subscribe(&session("b")).await;
        for event in [started(1), opened(2), grown(3, "x")] {
            bus.publish(&session("a"), Arc::clone(&event)).await;
        }
        bus.close(&session("a")).await;
        // What it had before may still come, in order; what it knows is that it must look again.
        let mut before = 0;
        let told = loop {
            match timeout(PATIENCE, here.next()).await.unwrap() {
                Ok(event) => {
                    assert_eq!(event.seq, before + 1);
                    before = event.seq;
                }
                Err(told) => break told,
            }
        };
        assert_eq!(told, Lagged);
        assert!(is_silent(&mut there).await);
    })
    .await;
}

#[tokio::test]
async fn a_closed_session_keeps_nothing_of_its_running_turn() {
    on_every_backend(async |bus| {
        let (_, _reader) = bus.snapshot_and_subscribe(&session("a")).await;
        for event in [started(1), opened(2), grown(3, "secret")] {
            bus.publish(&session("a"), event).await;
        }
        bus.close(&session("a")).await;
        let (live, _reader) = bus.snapshot_and_subscribe(&session("a")).await;
        assert_eq!(live, None);
    })
    .await;
}
