//! Configurations as the runner reads them, by their hash: a hash never changes its meaning, so they stay in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use atthene_protocol::ids::WorkspaceId;

use crate::domain::agents::runnable_config;
use crate::model::agent::RunnableConfig;
use crate::store::{Store, StoreError, StoreResult};

/// So many are kept; then it begins anew.
const MAX_CONFIGS: usize = 1_000;

/// What was read lately.
#[derive(Default)]
pub(super) struct ConfigCache {
    known: Mutex<HashMap<(WorkspaceId, String), Arc<RunnableConfig>>>,
}

impl ConfigCache {
    /// The configuration of a hash.
    pub(super) async fn find(
        &self,
        store: &dyn Store,
        workspace: &WorkspaceId,
        config_hash: &str,
    ) -> StoreResult<Arc<RunnableConfig>> {
        let key = (workspace.clone(), config_hash.to_owned());
        if let Some(config) = self.lock().get(&key) {
            return Ok(Arc::clone(config));
        }
        let found = store.find_configuration(workspace, config_hash).await?;
        let found = found.ok_or_else(|| StoreError::Unreadable("the session's configuration is gone".to_owned()))?;
        let config = Arc::new(runnable_config(&found).map_err(StoreError::Unreadable)?);
        let mut known = self.lock();
        if known.len() >= MAX_CONFIGS {
            known.clear();
        }
        known.insert(key, Arc::clone(&config));
        Ok(config)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(WorkspaceId, String), Arc<RunnableConfig>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
