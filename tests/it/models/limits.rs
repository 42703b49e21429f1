//! Retries and time limits, with a model whose every attempt is written down beforehand.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use atthene_server::config::UpstreamSettings;
use atthene_server::llm::retry::Retry;
use atthene_server::llm::{Llm, ModelError, ModelErrorKind as Kind, ModelEvent, ModelRequest, ModelStream};
use futures_util::{StreamExt, stream};

use super::upstream::{Outcome, STREAM_HEAD, Upstream, ask, ask_of, delta, end, whole};
use tokio::io::AsyncWriteExt;

type Item = Result<ModelEvent, ModelError>;

/// Each attempt plays the next list.
struct Written {
    attempts: Mutex<Vec<Vec<Item>>>,
    asked: Mutex<usize>,
}

#[async_trait]
impl Llm for Written {
    fn knows(&self, _: &str) -> bool {
        true
    }

    async fn ask(&self, _: ModelRequest) -> Result<ModelStream, ModelError> {
        *self.asked.lock().unwrap() += 1;
        let items = self.attempts.lock().unwrap().remove(0);
        Ok(stream::iter(items).boxed())
    }
}

fn text(text: &str) -> Item {
    Ok(ModelEvent::Text(text.to_owned()))
}

fn error(kind: Kind, retry_after_ms: Option<u64>) -> Item {
    Err(ModelError {
        kind,
        detail: "written".to_owned(),
        retry_after_ms,
        vendor: None,
    })
}

async fn played(attempts: Vec<Vec<Item>>, limits: UpstreamSettings) -> (Outcome, usize) {
    let written = Arc::new(Written {
        attempts: Mutex::new(attempts),
        asked: Mutex::new(0),
    });
    let llm: Arc<dyn Llm> = Arc::<Written>::clone(&written);
    let outcome = ask_of(&Retry::new(llm, limits), "any").await;
    let asked = *written.asked.lock().unwrap();
    (outcome, asked)
}

#[tokio::test]
async fn a_transient_failure_before_the_first_token_is_tried_again() {
    for kind in [Kind::Busy, Kind::Unreachable, Kind::Broken] {
        let attempts = vec![
            vec![error(kind, Some(5))],
            vec![error(kind, Some(5))],
            vec![text("there")],
        ];
        let (outcome, asked) = played(attempts, UpstreamSettings::default()).await;
        assert_eq!((outcome.text.as_str(), asked), ("there", 3));
        assert!(outcome.errors.is_empty());
    }
}

#[tokio::test]
async fn what_another_attempt_cannot_help_is_not_tried_again() {
    for kind in [Kind::Refused, Kind::Timeout, Kind::UnknownModel] {
        let (outcome, asked) = played(vec![vec![error(kind, None)]], UpstreamSettings::default()).await;
        assert_eq!((outcome.errors[0].kind, asked), (kind, 1));
    }
}

#[tokio::test]
async fn nothing_is_tried_again_after_the_first_token() {
    let attempts = vec![vec![text("half"), error(Kind::Unreachable, None)], vec![text("whole")]];
    let (outcome, asked) = played(attempts, UpstreamSettings::default()).await;
    assert_eq!((outcome.text.as_str(), asked, outcome.errors.len()), ("half", 1, 1));
}

#[tokio::test]
async fn attempts_end_with_the_last_error() {
    let attempts = (0..5).map(|_| vec![error(Kind::Busy, Some(1))]).collect();
    let (outcome, asked) = played(attempts, UpstreamSettings::default()).await;
    assert_eq!((outcome.errors.len(), asked), (1, 3));
    assert_eq!(outcome.errors[0].kind, Kind::Busy);
}

#[tokio::test]
async fn a_wait_that_does_not_fit_ends_at_once_as_busy() {
    let begun = Instant::now();
    for asked_ms in [60_000, u64::MAX] {
        let attempts = vec![vec![error(Kind::Unreachable, Some(asked_ms))], vec![text("late")]];
        let (outcome, asked) = played(attempts, UpstreamSettings::default()).await;
        assert_eq!((outcome.errors[0].kind, asked), (Kind::Busy, 1));
    }
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let begun = Instant::now();
    let attempts = vec![vec![error(Kind::Busy, Some(300))], vec![text("there")]];
    played(attempts, UpstreamSettings::default()).await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn the_first_token_limit_counts_all_attempts_together() {
    let upstream = Upstream::start(|number, mut socket| async move {
        if number == 0 {
            let _ = socket
                .write_all(&whole("503 Service Unavailable", "retry-after-ms: 10\r\n", "{}"))
                .await;
        } else {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    })
    .await;
    let mut settings = upstream.settings();
    settings.upstream.retries = 2;
    settings.upstream.first_token_timeout_ms = 600;
    let begun = Instant::now();
    let outcome = ask(&settings, "mock/m").await;
    assert_eq!(outcome.errors[0].kind, Kind::Timeout);
    assert_eq!(upstream.requests().len(), 2);
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_busy_vendor_is_asked_again_on_the_wire() {
    let upstream = Upstream::start(|number, mut socket| async move {
        let answer = if number == 0 {
            whole("429 Too Many Requests", "retry-after: 0\r\n", "{}")
        } else {
            format!("{STREAM_HEAD}{}{}", delta("second"), end()).into_bytes()
        };
        let _ = socket.write_all(&answer).await;
        let _ = socket.shutdown().await;
    })
    .await;
    let mut settings = upstream.settings();
    settings.upstream.retries = 2;
    assert_eq!(ask(&settings, "mock/m").await.text, "second");
    assert_eq!(upstream.requests().len(), 2);
}
