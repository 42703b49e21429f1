//! A peer that takes nothing, a peer that takes little, and a peer that has nothing to take.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep};

use super::StallGuard;

const LIMIT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_write_that_nobody_takes_fails_at_the_limit() {
    let (ours, _theirs) = duplex(16);
    let mut guarded = StallGuard::new(ours, LIMIT);
    let begun = Instant::now();
    let error = guarded.write_all(&[0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert!((LIMIT..LIMIT * 10).contains(&begun.elapsed()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_peer_that_takes_a_little_in_time_is_kept() {
    let (ours, mut theirs) = duplex(16);
    let mut guarded = StallGuard::new(ours, LIMIT);
    let reading = async {
        for _ in 0..8 {
            sleep(LIMIT / 3).await;
            theirs.read_exact(&mut [0; 8]).await.unwrap();
        }
    };
    let (written, ()) = tokio::join!(guarded.write_all(&[0; 64]), reading);
    written.unwrap();
}

#[tokio::test]
async fn silence_is_no_stall() {
    let (ours, mut theirs) = duplex(16);
    let mut guarded = StallGuard::new(ours, LIMIT);
    guarded.write_all(b"one").await.unwrap();
    sleep(LIMIT * 2).await;
    guarded.write_all(b"two").await.unwrap();
    let mut got = [0; 6];
    theirs.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"onetwo");
}
