//! Hashing passwords with argon2id, away from the requests' threads and few at a time: each needs 19 MiB and some tens of
//! milliseconds, so a flood of log-ins must wait in line rather than fill the memory.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::fields::normalize;
use crate::domain::error::Error;
use crate::model::user::PasswordHash;

/// So many are hashed at once.
const AT_ONCE: usize = 2;
/// So long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is verified where there is no account, so that it takes as long: parameters as for new hashes, of no password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The line in front of the hashing.
pub struct Passwords {
    places: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Passwords {
    /// The hash of a new password.
    ///
    /// # Errors
    /// `RateLimited` where the line is too long, `Internal`.
    pub async fn hash(&self, password: &str) -> Result<PasswordHash, Error> {
        let password = normalize(password);
        let hashed = self
            .run(move || {
                let hashed = Argon2::default().hash_password(password.as_bytes());
                hashed.map(|hash: phc::PasswordHash| hash.to_string())
            })
            .await?;
        hashed
            .map(PasswordHash)
            .map_err(|error| Error::Internal(format!("a password could not be hashed: {error}")))
    }

    /// Whether this is the password of a hash; never where there is none, which takes as long.
    ///
    /// # Errors
    /// `RateLimited` where the line is too long, `Internal`.
    pub async fn verify(&self, password: &str, hash: Option<PasswordHash>) -> Result<bool, Error> {
        let password = normalize(password);
        self.run(move || {
            let kept = hash.as_ref().map_or(NOBODY, |hash| hash.0.as_str());
            let is_right = Argon2::default().verify_password(password.as_bytes(), kept).is_ok();
            is_right && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        const BUSY: Error = Error::RateLimited {
            what: "log-ins at once",
            retry_after_ms: 5_000,
            limit: AT_ONCE as u32,
        };
        let waiting = Arc::clone(&self.places).acquire_owned();
        let place = timeout(PATIENCE, waiting).await.map_err(|_| BUSY)?.map_err(|_| BUSY)?;
        // A thread of its own, which ends with the work: the runtime's many threads would each keep the memory of a hash.
        // The place goes along: whoever hangs up does not make room before the work is done.
        let (told, done) = oneshot::channel();
        let hashing = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
            let _place = place;
            // Nobody may wait for it any more.
            drop(told.send(work()));
        });
        hashing.map_err(|error| Error::Internal(format!("a password cannot be looked at: {error}")))?;
        done.await
            .map_err(|error| Error::Internal(format!("a password could not be looked at: {error}")))
    }
}

#[cfg(test)]
mod tests;
