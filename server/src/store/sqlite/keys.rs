//! Keys in SQLite, and the answers of repeated requests.

use async_trait::async_trait;
use atthene_protocol::ids::{KeyId, SessionId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{IdempotencyStore, Idempotent, IdempotentRequest, KeyStore, StoreResult};
use super::agents::bump_revision;
use super::{SqliteStore, rows};
use crate::model::key::ApiKey;
use crate::model::time::Timestamp;

#[async_trait]
impl KeyStore for SqliteStore {
    async fn list_all_keys(&self) -> StoreResult<Vec<ApiKey>> {
        let found = sqlx::query("SELECT * FROM keys WHERE revoked_at IS NULL")
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::key).collect()
    }

    async fn list_keys(&self, workspace: &WorkspaceId) -> StoreResult<Vec<ApiKey>> {
        let found = sqlx::query(
            "SELECT * FROM keys WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC",
        )
        .bind(&workspace.0)
        .fetch_all(&mut *self.readers.take().await?)
        .await?;
        found.iter().map(rows::key).collect()
    }

    async fn create_key(&self, key: &ApiKey) -> StoreResult<()> {
        let key = key.clone();
        self.writer
            .write(move |connection| Box::pin(async move { create(connection, &key).await }))
            .await
    }

    async fn revoke_key(&self, workspace: &WorkspaceId, id: &KeyId, now: Timestamp) -> StoreResult<bool> {
        let (workspace, id) = (workspace.clone(), id.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query(
                        "UPDATE keys SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
                    )
                    .bind(&workspace.0)
                    .bind(&id.0)
                    .bind(now.0)
                    .execute(&mut *connection)
                    .await?;
                    if done.rows_affected() > 0 {
                        bump_revision(connection).await?;
                    }
                    Ok(done.rows_affected() > 0)
                })
            })
            .await
    }

    async fn touch_keys(&self, used: &[(KeyId, Timestamp)]) -> StoreResult<()> {
        let used = used.to_vec();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    for (id, at) in used {
                        sqlx::query("UPDATE keys SET last_used_at = MAX(COALESCE(last_used_at, 0), $2) WHERE id = $1")
                            .bind(&id.0)
                            .bind(at.0)
                            .execute(&mut *connection)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

async fn create(connection: &mut SqliteConnection, key: &ApiKey) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO keys (workspace_id, id, hash, name, prefix, scopes, agents, addresses, created_by, created_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&key.workspace.0)
    .bind(&key.id.0)
    .bind(&key.hash)
    .bind(&key.name)
    .bind(&key.prefix)
    .bind(rows::to_json(&key.scopes)?)
    .bind(key.agents.as_ref().map(rows::to_json).transpose()?)
    .bind(key.addresses.as_ref().map(rows::to_json).transpose()?)
    .bind(&key.created_by)
    .bind(key.created_at.0)
    .bind(key.expires_at.map(|at| at.0))
    .execute(&mut *connection)
    .await?;
    bump_revision(connection).await
}

#[async_trait]
impl IdempotencyStore for SqliteStore {
    async fn claim_request(
        &self,
        request: &IdempotentRequest,
        now: Timestamp,
        forget_before: Timestamp,
        lost_before: Timestamp,
    ) -> StoreResult<Idempotent> {
        let request = request.clone();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "DELETE FROM idempotent_answers
                         WHERE created_at < $1 OR (status IS NULL AND created_at < $2)",
                    )
                    .bind(forget_before.0)
                    .bind(lost_before.0)
                    .execute(&mut *connection)
                    .await?;
                    claim(connection, &request, now).await
                })
            })
            .await
    }

    async fn keep_answer(
        &self,
        request: &IdempotentRequest,
        session: Option<&SessionId>,
        status: u16,
        body: &[u8],
    ) -> StoreResult<()> {
        let (request, session, body) = (request.clone(), session.cloned(), body.to_vec());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let kept = sqlx::query(
                        "UPDATE idempotent_answers SET status = $5, body = $6, session_id = $7
                         WHERE workspace_id = $1 AND key_id = $2 AND route = $3 AND idempotency_key = $4
                             AND ($7 IS NULL OR EXISTS (SELECT 1 FROM sessions WHERE workspace_id = $1 AND id = $7))",
                    )
                    .bind(&request.workspace.0)
                    .bind(&request.key_id.0)
                    .bind(&request.route)
                    .bind(&request.idempotency_key)
                    .bind(status)
                    .bind(&body)
                    .bind(session.map(|id| id.0))
                    .execute(&mut *connection)
                    .await?;
                    if kept.rows_affected() == 0 {
                        release(connection, &request).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn release_request(&self, request: &IdempotentRequest) -> StoreResult<()> {
        let request = request.clone();
        self.writer
            .write(move |connection| Box::pin(async move { release(connection, &request).await }))
            .await
    }

    async fn release_all_requests(&self) -> StoreResult<u64> {
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query("DELETE FROM idempotent_answers WHERE status IS NULL")
                        .execute(connection)
                        .await?;
                    Ok(done.rows_affected())
                })
            })
            .await
    }
}

async fn release(connection: &mut SqliteConnection, request: &IdempotentRequest) -> StoreResult<()> {
    sqlx::query(
        "DELETE FROM idempotent_answers
         WHERE workspace_id = $1 AND key_id = $2 AND route = $3 AND idempotency_key = $4 AND status IS NULL",
    )
    .bind(&request.workspace.0)
    .bind(&request.key_id.0)
    .bind(&request.route)
    .bind(&request.idempotency_key)
    .execute(connection)
    .await?;
    Ok(())
}

async fn claim(
    connection: &mut SqliteConnection,
    request: &IdempotentRequest,
    now: Timestamp,
) -> StoreResult<Idempotent> {
    let claimed = sqlx::query(
        "INSERT INTO idempotent_answers (workspace_id, key_id, route, idempotency_key, request_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(&request.workspace.0)
    .bind(&request.key_id.0)
    .bind(&request.route)
    .bind(&request.idempotency_key)
    .bind(&request.request_hash)
    .bind(now.0)
    .execute(&mut *connection)
    .await?;
    if claimed.rows_affected() > 0 {
        return Ok(Idempotent::New);
    }
    let earlier = sqlx::query(
        "SELECT request_hash, status, body FROM idempotent_answers
         WHERE workspace_id = $1 AND key_id = $2 AND route = $3 AND idempotency_key = $4",
    )
    .bind(&request.workspace.0)
    .bind(&request.key_id.0)
    .bind(&request.route)
    .bind(&request.idempotency_key)
    .fetch_one(connection)
    .await?;
    if earlier.try_get::<&str, _>("request_hash")? != request.request_hash {
        return Ok(Idempotent::Reused);
    }
    Ok(match earlier.try_get::<Option<u16>, _>("status")? {
        Some(status) => Idempotent::Answered {
            status,
            body: earlier.try_get("body")?,
        },
        None => Idempotent::Running,
    })
}
