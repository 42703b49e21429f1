//! What was done, and by whom, for those who look after a workspace: a page at a time, the newest first.

use std::sync::Arc;

use super::error::Error;
use super::keys::Caller;
use crate::model::audit::AuditLine;
pub use crate::store::AuditFilter;
use crate::store::Store;

/// The audit log, over the store.
pub struct Audit {
    store: Arc<dyn Store>,
}

impl Audit {
    /// Over its seam.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// A page of entries, and whether there are older ones that fit.
    ///
    /// # Errors
    /// `Forbidden` for a key that is bound to agents, `Internal`.
    pub async fn page(&self, caller: &Caller, mut filter: AuditFilter) -> Result<(Vec<AuditLine>, bool), Error> {
        if caller.key.agents.is_some() {
            return Err(Error::Forbidden {
                code: "key_bound_to_agents",
                message: "This key is bound to agents, and the audit log is about the whole workspace.".to_owned(),
            });
        }
        let wanted = filter.limit as usize;
        filter.limit = filter.limit.saturating_add(1);
        let mut lines = self.store.page_audit(&caller.key.workspace, &filter).await?;
        let has_more = lines.len() > wanted;
        lines.truncate(wanted);
        Ok((lines, has_more))
    }
}
