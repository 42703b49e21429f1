//! Clients that send one request after the other, and how long each of them took.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::{Client, Request};

/// What came of a load.
pub struct Measured {
    took: Vec<Duration>,
    whole: Duration,
}

impl Measured {
    /// The time that so many of a hundred requests needed at most, in milliseconds.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let at = (self.took.len() * percent / 100).min(self.took.len().saturating_sub(1));
        self.took.get(at).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }

    /// Requests per second.
    pub fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.whole.as_secs_f64()
    }
}

/// How far an answer is read before its time counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To its end; it holds the word.
    End,
    /// To the first piece with the word in it. The rest is read, too.
    Word,
}

/// Sends all requests from so many clients and reads every answer to its end.
///
/// # Errors
/// One of them is not answered, or not with `wanted` in it.
pub async fn send(requests: Vec<Request>, clients: usize, until: Until, wanted: &'static str) -> Result<Measured> {
    let client = Client::builder().no_proxy().pool_max_idle_per_host(clients).build()?;
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let tasks = (0..clients).map(|_| {
        let (client, requests, next) = (client.clone(), Arc::clone(&requests), Arc::clone(&next));
        tokio::spawn(async move {
            let mut took = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let request = request.try_clone().expect("a body in memory");
                let sent = Instant::now();
                let mut answer = client.execute(request).await?;
                let (status, mut read, mut heard) = (answer.status(), Vec::new(), None);
                while let Some(piece) = answer.chunk().await? {
                    read.extend_from_slice(&piece);
                    if until == Until::Word && heard.is_none() && holds(&read, wanted) {
                        heard = Some(sent.elapsed());
                    }
                }
                let all = sent.elapsed();
                let text = || String::from_utf8_lossy(&read).into_owned();
                ensure!(status.is_success() && holds(&read, wanted), "{status} {}", text());
                took.push(heard.unwrap_or(all));
            }
            Ok(took)
        })
    });
    let mut took = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        took.extend(task.await??);
    }
    let whole = begun.elapsed();
    took.sort();
    Ok(Measured { took, whole })
}

fn holds(read: &[u8], wanted: &str) -> bool {
    read.windows(wanted.len()).any(|bytes| bytes == wanted.as_bytes())
}
