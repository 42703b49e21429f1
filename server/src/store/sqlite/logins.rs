//! Log-ins in SQLite, and the passwords that they need.

use async_trait::async_trait;
use atthene_protocol::ids::{UserId, WorkspaceId};

use super::super::{LoginStore, StoreResult};
use super::agents::bump_revision;
use super::users::end_logins;
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;
use crate::model::user::{Login, PasswordHash};

#[async_trait]
impl LoginStore for SqliteStore {
    async fn list_all_logins(&self) -> StoreResult<Vec<Login>> {
        let found = sqlx::query("SELECT * FROM logins")
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::login).collect()
    }

    async fn change_password(
        &self,
        workspace: &WorkspaceId,
        id: &UserId,
        password: &PasswordHash,
        kept_login: Option<&str>,
    ) -> StoreResult<bool> {
        let (workspace, id, password) = (workspace.clone(), id.clone(), password.clone());
        let kept_login = kept_login.map(str::to_owned);
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query("UPDATE users SET password_hash = $3 WHERE workspace_id = $1 AND id = $2")
                        .bind(&workspace.0)
                        .bind(&id.0)
                        .bind(&password.0)
                        .execute(&mut *connection)
                        .await?;
                    if done.rows_affected() == 0 {
                        return Ok(false);
                    }
                    end_logins(connection, &workspace, &id, kept_login.as_deref()).await?;
                    bump_revision(connection).await?;
                    Ok(true)
                })
            })
            .await
    }

    async fn create_login(&self, login: &Login, idle_since: Timestamp, most: u32) -> StoreResult<()> {
        let login = login.clone();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM logins WHERE expires_at <= $1 OR last_seen_at < $2")
                        .bind(login.created_at.0)
                        .bind(idle_since.0)
                        .execute(&mut *connection)
                        .await?;
                    sqlx::query(
                        "INSERT INTO logins (workspace_id, hash, user_id, created_at, last_seen_at, expires_at)
                         VALUES ($1, $2, $3, $4, $5, $6)",
                    )
                    .bind(&login.workspace.0)
                    .bind(&login.hash)
                    .bind(&login.user_id.0)
                    .bind(login.created_at.0)
                    .bind(login.last_seen_at.0)
                    .bind(login.expires_at.0)
                    .execute(&mut *connection)
                    .await?;
                    sqlx::query(
                        "DELETE FROM logins WHERE workspace_id = $1 AND user_id = $2 AND hash NOT IN (
                             SELECT hash FROM logins WHERE workspace_id = $1 AND user_id = $2
                             ORDER BY created_at DESC, hash = $3 DESC LIMIT $4)",
                    )
                    .bind(&login.workspace.0)
                    .bind(&login.user_id.0)
                    .bind(&login.hash)
                    .bind(most)
                    .execute(&mut *connection)
                    .await?;
                    sqlx::query("UPDATE users SET last_login_at = $3 WHERE workspace_id = $1 AND id = $2")
                        .bind(&login.workspace.0)
                        .bind(&login.user_id.0)
                        .bind(login.created_at.0)
                        .execute(&mut *connection)
                        .await?;
                    bump_revision(connection).await
                })
            })
            .await
    }

    async fn touch_login(&self, hash: &str, at: Timestamp) -> StoreResult<()> {
        let hash = hash.to_owned();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("UPDATE logins SET last_seen_at = MAX(last_seen_at, $2) WHERE hash = $1")
                        .bind(&hash)
                        .bind(at.0)
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn delete_login(&self, hash: &str) -> StoreResult<bool> {
        let hash = hash.to_owned();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let done = sqlx::query("DELETE FROM logins WHERE hash = $1")
                        .bind(&hash)
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
}
