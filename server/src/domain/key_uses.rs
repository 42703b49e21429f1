//! When keys were last used: noted in memory on the hot path, written once in a while beside it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use atthene_protocol::ids::KeyId;
use tokio_util::sync::CancellationToken;

use crate::model::key::ApiKey;
use crate::model::time::Timestamp;
use crate::store::Store;

/// How often it is written.
const WRITE_EVERY: Duration = Duration::from_secs(10);

/// Uses that are not written yet.
#[derive(Default)]
pub struct KeyUses {
    waiting: Mutex<HashMap<KeyId, Timestamp>>,
}

impl KeyUses {
    /// Notes a use.
    pub fn note(&self, key: &ApiKey, now: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.get_mut(&key.id) {
            Some(last) => *last = now,
            None => {
                waiting.insert(key.id.clone(), now);
            }
        }
    }

    /// Writes what waits until it is told to stop, and a last time then.
    pub async fn write(self: Arc<Self>, store: Arc<dyn Store>, stop: CancellationToken) {
        loop {
            let is_over = stop
                .run_until_cancelled(tokio::time::sleep(WRITE_EVERY))
                .await
                .is_none();
            let used: Vec<_> = {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.drain().collect()
            };
            if !used.is_empty()
                && let Err(error) = store.touch_keys(&used).await
            {
                tracing::warn!(%error, "the last use of keys could not be written");
            }
            if is_over {
                return;
            }
        }
    }
}
