//! BAR.md U2: what a vendor sends without an end costs us a bounded amount of memory and time.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atthene_server::llm::ModelErrorKind as Kind;
use tokio::io::AsyncWriteExt;

use super::upstream::{Outcome, STREAM_HEAD, Upstream, ask, delta};

const MIB: usize = 1024 * 1024;
/// What a hundred megabytes may cost.
const GROWTH_MAX: usize = 16 * MIB;
/// Set where a test runs in a process of its own, so that no other test's memory is measured with it.
const ALONE: &str = "ATTHENE_TEST_ALONE";

/// A vendor that sends a head and then the same bytes so often, as long as they are taken; and how much was taken.
async fn endless(head: String, bytes: Vec<u8>, times: usize) -> (Outcome, usize) {
    let taken = Arc::new(AtomicUsize::new(0));
    let (counter, bytes) = (Arc::clone(&taken), Arc::new(bytes));
    let upstream = Upstream::start(move |_, mut socket| {
        let (head, bytes, counter) = (head.clone(), Arc::clone(&bytes), Arc::clone(&counter));
        async move {
            let _ = socket.write_all(head.as_bytes()).await;
            for _ in 0..times {
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
                counter.fetch_add(bytes.len(), Ordering::Relaxed);
            }
        }
    })
    .await;
    let outcome = ask(&upstream.settings(), "mock/m").await;
    (outcome, taken.load(Ordering::Relaxed))
}

/// The most memory that this process has ever held, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let kib: usize = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024
}

/// Runs one test of this file again, alone in its own process.
fn run_alone(test: &str) {
    let run = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", &format!("models::memory::{test}"), "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(
        run.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

#[test]
fn a_line_of_100_mb_does_not_grow_the_memory() {
    if std::env::var_os(ALONE).is_none() {
        return run_alone("a_line_of_100_mb_does_not_grow_the_memory");
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Once before, so that what is set up once is not counted.
    runtime.block_on(endless(STREAM_HEAD.to_owned(), delta("a").into_bytes(), 1));
    let before = peak();
    let head = format!("{STREAM_HEAD}{}data: ", delta("half"));
    let (outcome, taken) = runtime.block_on(endless(head, vec![b'x'; 64 * 1024], 100 * MIB / (64 * 1024)));
    let growth = peak() - before;
    println!(
        "peak memory grew by {} KiB, {} KiB were taken",
        growth / 1024,
        taken / 1024
    );
    assert_eq!(outcome.text, "half");
    assert_eq!((outcome.errors.len(), outcome.after_error), (1, 0), "{outcome:?}");
    assert_eq!(outcome.errors[0].kind, Kind::Broken);
    assert!(growth < GROWTH_MAX, "{growth} bytes more");
    assert!(taken < 100 * MIB, "the whole line was read");
}

#[tokio::test]
async fn an_answer_that_never_ends_is_cut_at_its_size() {
    let event = delta(&"word ".repeat(2_000));
    let (outcome, taken) = endless(STREAM_HEAD.to_owned(), event.into_bytes(), 20_000).await;
    assert_eq!((outcome.errors.len(), outcome.after_error), (1, 0));
    assert_eq!(outcome.errors[0].kind, Kind::Broken);
    assert!(outcome.errors[0].detail.contains("too long"), "{:?}", outcome.errors);
    assert!(taken < 64 * MIB, "{taken} bytes were taken");
}

#[tokio::test]
async fn a_refusal_that_never_ends_is_cut_too() {
    let head = "HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
    let (outcome, taken) = endless(head.to_owned(), vec![b'x'; 64 * 1024], 1_600).await;
    assert_eq!((outcome.errors.len(), outcome.after_error), (1, 0));
    assert_eq!(outcome.errors[0].kind, Kind::Unreachable, "{:?}", outcome.errors);
    assert!(taken < 32 * MIB, "{taken} bytes were taken");
}
