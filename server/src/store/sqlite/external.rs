//! Sessions in SQLite under the ids that back ends have for them.

use async_trait::async_trait;
use atthene_protocol::ids::{KeyId, WorkspaceId};
use sqlx::SqliteConnection;

use super::super::{ExternalStore, StoreError, StoreResult};
use super::{SqliteStore, rows, sessions};
use crate::model::conversation::Session;

#[async_trait]
impl ExternalStore for SqliteStore {
    async fn find_external(
        &self,
        workspace: &WorkspaceId,
        key: &KeyId,
        external_id: &str,
    ) -> StoreResult<Option<Session>> {
        find(&mut *self.readers.take().await?, workspace, key, external_id).await
    }

    async fn create_external(&self, session: &Session, external_id: &str) -> StoreResult<Session> {
        let (session, external_id) = (session.clone(), external_id.to_owned());
        self.writer
            .write(move |connection| Box::pin(async move { create(connection, session, &external_id).await }))
            .await
    }
}

async fn find(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    key: &KeyId,
    external_id: &str,
) -> StoreResult<Option<Session>> {
    let found = sqlx::query(
        "SELECT sessions.* FROM external_ids
         JOIN sessions ON sessions.workspace_id = external_ids.workspace_id AND sessions.id = external_ids.session_id
         WHERE external_ids.workspace_id = $1 AND external_ids.key_id = $2 AND external_ids.external_id = $3",
    )
    .bind(&workspace.0)
    .bind(&key.0)
    .bind(external_id)
    .fetch_optional(connection)
    .await?;
    found.as_ref().map(rows::session).transpose()
}

/// The writer is one, so nobody comes in between.
async fn create(connection: &mut SqliteConnection, session: Session, external_id: &str) -> StoreResult<Session> {
    let key = session.key_id.as_ref();
    let key = key.ok_or_else(|| StoreError::Broken("a session without a key has no id of a back end".to_owned()))?;
    if let Some(known) = find(&mut *connection, &session.workspace, key, external_id).await? {
        return Ok(known);
    }
    sessions::create(connection, &session, None).await?;
    sqlx::query("INSERT INTO external_ids (workspace_id, key_id, external_id, session_id) VALUES ($1, $2, $3, $4)")
        .bind(&session.workspace.0)
        .bind(&key.0)
        .bind(external_id)
        .bind(&session.id.0)
        .execute(connection)
        .await?;
    Ok(session)
}
