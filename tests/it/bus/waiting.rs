//! What waits for a reader is bounded in bytes too, and is let go as soon as the reader lags.

use std::sync::Arc;

use atthene_server::bus::{Lagged, SUBSCRIPTION_BYTES};
use tokio::time::timeout;

use super::{PATIENCE, grown, next, on_every_backend, session};

#[tokio::test]
async fn few_large_events_make_a_reader_lag_and_nothing_of_them_is_kept() {
    on_every_backend(async |bus| {
        let (_, mut slow) = bus.snapshot_and_subscribe(&session("a")).await;
        let large = "x".repeat(SUBSCRIPTION_BYTES / 2);
        let events: Vec<_> = (1..=3).map(|seq| grown(seq, &large)).collect();
        for event in &events {
            bus.publish(&session("a"), Arc::clone(event)).await;
        }
        // Before the reader does anything: it may never read again.
        assert!(events.iter().all(|event| Arc::strong_count(event) == 1));
        let told = timeout(PATIENCE, slow.next()).await.unwrap();
        assert_eq!(told.err(), Some(Lagged));
    })
    .await;
}

#[tokio::test]
async fn one_event_larger_than_all_that_may_wait_arrives_where_nothing_else_waits() {
    on_every_backend(async |bus| {
        let (_, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
        bus.publish(&session("a"), grown(1, &"x".repeat(2 * SUBSCRIPTION_BYTES)))
            .await;
        assert_eq!(next(&mut reader).await.seq, 1);
        bus.publish(&session("a"), grown(2, "y")).await;
        assert_eq!(next(&mut reader).await.seq, 2);
    })
    .await;
}
