//! Sessions under the ids that back ends have for them, as a store keeps them.

use async_trait::async_trait;
use atthene_protocol::ids::{KeyId, WorkspaceId};

use super::StoreResult;
use crate::model::conversation::Session;

/// External ids: unique for each key, gone with the session.
#[async_trait]
pub trait ExternalStore: Send + Sync {
    /// The session that a key knows under an id of its own.
    async fn find_external(
        &self,
        workspace: &WorkspaceId,
        key: &KeyId,
        external_id: &str,
    ) -> StoreResult<Option<Session>>;
    /// Makes a session that its key knows under an id of its own, or gives back the one that has that id already.
    async fn create_external(&self, session: &Session, external_id: &str) -> StoreResult<Session>;
}
