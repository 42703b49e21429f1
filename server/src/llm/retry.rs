//! The time limits and retries of model calls (BAR.md U1), in this one place, around any model.
//!
//! Further attempts only before the first sign of life, and only where another may help. What a failure means is the
//! provider's business.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Llm, ModelError, ModelErrorKind, ModelEvent, ModelRequest, ModelStream};
use crate::config::UpstreamSettings;

/// The longest wait before the first further attempt; doubles with each.
const BACKOFF_MS: u64 = 500;
/// Where the doubling ends.
const BACKOFF_MAX_MS: u64 = 8_000;

/// A vendor that asks for more is not waited for anyway.
const RETRY_AFTER_MAX_MS: u64 = 24 * 60 * 60 * 1_000;

/// A model behind time limits and retries.
pub struct Retry {
    inner: Arc<dyn Llm>,
    limits: UpstreamSettings,
}

impl Retry {
    /// Wraps a model.
    pub fn new(inner: Arc<dyn Llm>, limits: UpstreamSettings) -> Self {
        Self { inner, limits }
    }
}

#[async_trait]
impl Llm for Retry {
    fn knows(&self, model: &str) -> bool {
        self.inner.knows(model)
    }

    fn can_see(&self, model: &str) -> bool {
        self.inner.can_see(model)
    }

    async fn ask(&self, request: ModelRequest) -> Result<ModelStream, ModelError> {
        if !self.knows(&request.model) {
            // The inner one says why.
            return self.inner.ask(request).await;
        }
        let now = Instant::now();
        let total = now + Duration::from_millis(self.limits.total_timeout_ms);
        let call = Call {
            inner: Arc::clone(&self.inner),
            limits: self.limits.clone(),
            request,
            first: total.min(now + Duration::from_millis(self.limits.first_token_timeout_ms)),
            total,
            state: State::Begin,
        };
        Ok(stream::unfold(call, Call::next).boxed())
    }
}

/// One call with all its attempts.
struct Call {
    inner: Arc<dyn Llm>,
    limits: UpstreamSettings,
    request: ModelRequest,
    /// When the first sign of life must be there, over all attempts.
    first: Instant,
    /// When the last one must be there.
    total: Instant,
    state: State,
}

enum State {
    Begin,
    Flowing(ModelStream),
    Over,
}

impl Call {
    async fn next(mut self) -> Option<(Result<ModelEvent, ModelError>, Self)> {
        let item = match std::mem::replace(&mut self.state, State::Over) {
            State::Begin => match self.begin().await {
                Ok(Some((event, stream))) => {
                    self.state = State::Flowing(stream);
                    Ok(event)
                }
                Ok(None) => return None,
                Err(error) => Err(error),
            },
            State::Flowing(mut stream) => {
                let idle = Instant::now() + Duration::from_millis(self.limits.idle_timeout_ms);
                match timeout_at(idle.min(self.total), stream.next()).await {
                    Ok(Some(Ok(event))) => {
                        self.state = State::Flowing(stream);
                        Ok(event)
                    }
                    Ok(Some(Err(error))) => Err(error),
                    Ok(None) => return None,
                    Err(_) if Instant::now() >= self.total => Err(timed_out("the answer took too long in all")),
                    Err(_) => Err(timed_out("too long between two tokens")),
                }
            }
            State::Over => return None,
        };
        Some((item, self))
    }

    /// Attempts until the first event; `None` where the answer ended without any.
    async fn begin(&mut self) -> Result<Option<(ModelEvent, ModelStream)>, ModelError> {
        let mut attempt = 0;
        loop {
            let error = match timeout_at(self.first, self.attempt()).await {
                Ok(Ok(begun)) => return Ok(begun),
                Ok(Err(error)) => error,
                Err(_) => return Err(timed_out("no token in time, over all attempts")),
            };
            if !error.kind.is_transient() || attempt >= self.limits.retries {
                return Err(error);
            }
            let wait = wait_before(attempt, error.retry_after_ms);
            if Instant::now() + wait >= self.first {
                // The vendor wants more time than the visitor has.
                let kind = if error.retry_after_ms.is_some() {
                    ModelErrorKind::Busy
                } else {
                    error.kind
                };
                return Err(ModelError { kind, ..error });
            }
            tracing::info!(attempt, wait_ms = wait.as_millis() as u64, %error, "asking the model again");
            sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(&mut self) -> Result<Option<(ModelEvent, ModelStream)>, ModelError> {
        let mut stream = self.inner.ask(self.request.clone()).await?;
        match stream.next().await {
            Some(Ok(event)) => Ok(Some((event, stream))),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        }
    }
}

/// Full jitter, so that many waiting turns don't come back at once; never sooner than the vendor asked.
fn wait_before(attempt: u32, retry_after_ms: Option<u64>) -> Duration {
    let most = BACKOFF_MS.saturating_mul(1 << attempt.min(10)).min(BACKOFF_MAX_MS);
    let jitter = rand::random_range(0..=most);
    Duration::from_millis(retry_after_ms.map_or(jitter, |asked| asked.min(RETRY_AFTER_MAX_MS) + jitter / 4))
}

fn timed_out(what: &str) -> ModelError {
    ModelError {
        kind: ModelErrorKind::Timeout,
        detail: what.to_owned(),
        retry_after_ms: None,
        vendor: None,
    }
}

#[cfg(test)]
mod tests;
