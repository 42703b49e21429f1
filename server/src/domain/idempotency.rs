//! The same request again is answered as the first time (`Idempotency-Key`), for a day, per key and route.

use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::ids::SessionId;

use super::clock::Clock;
use super::error::Error;
pub use crate::store::IdempotentRequest;
use crate::store::{Idempotent, Store};

/// So long an answer is given again.
pub(super) const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
/// A request that is being answered for longer than any may take was lost with its process.
const LOST_MS: i64 = 15 * 60 * 1_000;
/// How often whoever waits for the first answer asks for it.
const ASK_EVERY: Duration = Duration::from_millis(40);
/// How long it waits.
const PATIENCE: Duration = Duration::from_secs(6 * 60);

/// Answers that are given again, over the store.
pub struct Idempotency {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

/// What is to be done with a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new: answer it, then call `keep` or `release`.
    New,
    /// It was answered so.
    Answered {
        /// The status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
}

impl Idempotency {
    /// Over its seams.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Claims a request, or waits for the answer of the one that came first.
    ///
    /// # Errors
    /// `Conflict` where the same header came with another request, or the first one takes too long; `Internal`.
    pub async fn claim(&self, request: &IdempotentRequest) -> Result<Claim, Error> {
        let given_up = tokio::time::Instant::now() + PATIENCE;
        loop {
            let now = self.clock.now();
            let claimed = self
                .store
                .claim_request(request, now, now.plus_ms(-KEPT_MS), now.plus_ms(-LOST_MS))
                .await?;
            match claimed {
                Idempotent::New => return Ok(Claim::New),
                Idempotent::Answered { status, body } => return Ok(Claim::Answered { status, body }),
                Idempotent::Reused => {
                    return Err(Error::Conflict {
                        code: "idempotency_key_reused",
                        message: "This Idempotency-Key came with another request; make a new one for each request.",
                    });
                }
                Idempotent::Running if tokio::time::Instant::now() < given_up => {
                    tokio::time::sleep(ASK_EVERY).await;
                }
                Idempotent::Running => {
                    return Err(Error::Conflict {
                        code: "request_running",
                        message: "The first request with this Idempotency-Key is still being answered; try again later.",
                    });
                }
            }
        }
    }

    /// Keeps the answer of a claimed request; for as long only as the session that it tells of is there.
    pub async fn keep(&self, request: &IdempotentRequest, session: Option<&SessionId>, status: u16, body: &[u8]) {
        if let Err(error) = self.store.keep_answer(request, session, status, body).await {
            tracing::error!(%error, "an answer could not be kept for its Idempotency-Key");
        }
    }

    /// Gives a claim up: what failed may be tried again.
    pub async fn release(&self, request: &IdempotentRequest) {
        if let Err(error) = self.store.release_request(request).await {
            tracing::error!(%error, "an Idempotency-Key could not be released");
        }
    }
}
