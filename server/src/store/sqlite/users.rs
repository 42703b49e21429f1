//! Users in SQLite, and the tokens that make users.

use async_trait::async_trait;
use atthene_protocol::ids::{UserId, WorkspaceId};
use sqlx::{Row, SqliteConnection};

use super::super::{StoreResult, UserChanged, UserStore};
use super::agents::bump_revision;
use super::{SqliteStore, rows};
use crate::model::time::Timestamp;
use crate::model::user::{PasswordHash, User, UserState, UserToken, fold_email};

#[async_trait]
impl UserStore for SqliteStore {
    async fn list_all_users(&self) -> StoreResult<Vec<User>> {
        let found = sqlx::query("SELECT * FROM users")
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::user).collect()
    }

    async fn list_users(&self, workspace: &WorkspaceId) -> StoreResult<Vec<User>> {
        let found = sqlx::query("SELECT * FROM users WHERE workspace_id = $1 ORDER BY created_at, id")
            .bind(&workspace.0)
            .fetch_all(&mut *self.readers.take().await?)
            .await?;
        found.iter().map(rows::user).collect()
    }

    async fn find_user(&self, workspace: &WorkspaceId, id: &UserId) -> StoreResult<Option<User>> {
        find(&mut *self.readers.take().await?, workspace, id).await
    }

    async fn find_user_by_email(
        &self,
        workspace: &WorkspaceId,
        email: &str,
    ) -> StoreResult<Option<(User, Option<PasswordHash>)>> {
        let found = sqlx::query("SELECT * FROM users WHERE workspace_id = $1 AND email_folded = $2")
            .bind(&workspace.0)
            .bind(fold_email(email))
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let password: Option<String> = row.try_get("password_hash")?;
        Ok(Some((rows::user(&row)?, password.map(PasswordHash))))
    }

    async fn create_user(&self, user: &User, password: Option<&PasswordHash>) -> StoreResult<bool> {
        let (user, password) = (user.clone(), password.cloned());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let is_made = insert(connection, &user, password.as_ref()).await?;
                    if is_made {
                        bump_revision(connection).await?;
                    }
                    Ok(is_made)
                })
            })
            .await
    }

    async fn update_user(&self, user: &User) -> StoreResult<UserChanged> {
        let user = user.clone();
        self.writer
            .write(move |connection| Box::pin(async move { update(connection, &user).await }))
            .await
    }

    async fn delete_user(&self, workspace: &WorkspaceId, id: &UserId) -> StoreResult<UserChanged> {
        let (workspace, id) = (workspace.clone(), id.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let Some(user) = find(connection, &workspace, &id).await? else {
                        return Ok(UserChanged::NoUser);
                    };
                    if user.is_active_owner() && !has_other_owner(connection, &user).await? {
                        return Ok(UserChanged::LastOwner);
                    }
                    sqlx::query("DELETE FROM users WHERE workspace_id = $1 AND id = $2")
                        .bind(&workspace.0)
                        .bind(&id.0)
                        .execute(&mut *connection)
                        .await?;
                    bump_revision(connection).await?;
                    Ok(UserChanged::Done)
                })
            })
            .await
    }

    async fn keep_token(&self, token: &UserToken) -> StoreResult<()> {
        let token = token.clone();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM user_tokens WHERE workspace_id = $1 AND user_id IS $2")
                        .bind(&token.workspace.0)
                        .bind(token.user_id.as_ref().map(|id| &id.0))
                        .execute(&mut *connection)
                        .await?;
                    sqlx::query(
                        "INSERT INTO user_tokens (workspace_id, hash, user_id, created_at, expires_at)
                         VALUES ($1, $2, $3, $4, $5)",
                    )
                    .bind(&token.workspace.0)
                    .bind(&token.hash)
                    .bind(token.user_id.as_ref().map(|id| &id.0))
                    .bind(token.created_at.0)
                    .bind(token.expires_at.0)
                    .execute(connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn find_token(&self, hash: &str, now: Timestamp) -> StoreResult<Option<UserToken>> {
        let found = sqlx::query("SELECT * FROM user_tokens WHERE hash = $1 AND expires_at > $2")
            .bind(hash)
            .bind(now.0)
            .fetch_optional(&mut *self.readers.take().await?)
            .await?;
        found.as_ref().map(rows::user_token).transpose()
    }

    async fn redeem_token(
        &self,
        hash: &str,
        user: &User,
        password: &PasswordHash,
        now: Timestamp,
    ) -> StoreResult<bool> {
        let (hash, user, password) = (hash.to_owned(), user.clone(), password.clone());
        self.writer
            .write(move |connection| Box::pin(async move { redeem(connection, &hash, &user, &password, now).await }))
            .await
    }
}

async fn find(connection: &mut SqliteConnection, workspace: &WorkspaceId, id: &UserId) -> StoreResult<Option<User>> {
    let found = sqlx::query("SELECT * FROM users WHERE workspace_id = $1 AND id = $2")
        .bind(&workspace.0)
        .bind(&id.0)
        .fetch_optional(connection)
        .await?;
    found.as_ref().map(rows::user).transpose()
}

/// Whether there is an active owner beside this user.
async fn has_other_owner(connection: &mut SqliteConnection, user: &User) -> StoreResult<bool> {
    let found = sqlx::query(
        "SELECT 1 FROM users WHERE workspace_id = $1 AND id <> $2 AND role = 'owner' AND state = 'active' LIMIT 1",
    )
    .bind(&user.workspace.0)
    .bind(&user.id.0)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

async fn insert(connection: &mut SqliteConnection, user: &User, password: Option<&PasswordHash>) -> StoreResult<bool> {
    let made = sqlx::query(
        "INSERT INTO users (workspace_id, id, email, email_folded, name, role, state, password_hash, created_at,
             created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (workspace_id, email_folded) DO NOTHING",
    )
    .bind(&user.workspace.0)
    .bind(&user.id.0)
    .bind(&user.email)
    .bind(fold_email(&user.email))
    .bind(&user.name)
    .bind(user.role.as_str())
    .bind(user.state.as_str())
    .bind(password.map(|hash| &hash.0))
    .bind(user.created_at.0)
    .bind(&user.created_by)
    .execute(connection)
    .await?;
    Ok(made.rows_affected() > 0)
}

async fn update(connection: &mut SqliteConnection, user: &User) -> StoreResult<UserChanged> {
    let Some(before) = find(connection, &user.workspace, &user.id).await? else {
        return Ok(UserChanged::NoUser);
    };
    if before.is_active_owner() && !user.is_active_owner() && !has_other_owner(connection, user).await? {
        return Ok(UserChanged::LastOwner);
    }
    sqlx::query("UPDATE users SET name = $3, role = $4, state = $5 WHERE workspace_id = $1 AND id = $2")
        .bind(&user.workspace.0)
        .bind(&user.id.0)
        .bind(&user.name)
        .bind(user.role.as_str())
        .bind(user.state.as_str())
        .execute(&mut *connection)
        .await?;
    if user.state == UserState::Disabled {
        end_logins(connection, &user.workspace, &user.id, None).await?;
        sqlx::query("DELETE FROM user_tokens WHERE workspace_id = $1 AND user_id = $2")
            .bind(&user.workspace.0)
            .bind(&user.id.0)
            .execute(&mut *connection)
            .await?;
    }
    bump_revision(connection).await?;
    Ok(UserChanged::Done)
}

/// Ends the log-ins of a user, but for one.
pub(super) async fn end_logins(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    id: &UserId,
    kept: Option<&str>,
) -> StoreResult<()> {
    sqlx::query("DELETE FROM logins WHERE workspace_id = $1 AND user_id = $2 AND hash IS NOT $3")
        .bind(&workspace.0)
        .bind(&id.0)
        .bind(kept)
        .execute(connection)
        .await?;
    Ok(())
}

async fn redeem(
    connection: &mut SqliteConnection,
    hash: &str,
    user: &User,
    password: &PasswordHash,
    now: Timestamp,
) -> StoreResult<bool> {
    let used = sqlx::query("DELETE FROM user_tokens WHERE hash = $1 AND workspace_id = $2 RETURNING *")
        .bind(hash)
        .bind(&user.workspace.0)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(token) = used.as_ref().map(rows::user_token).transpose()? else {
        return Ok(false);
    };
    if token.expires_at <= now {
        return Ok(false);
    }
    if token.user_id.is_none() {
        if has_other_owner(connection, user).await? {
            return Ok(false);
        }
        insert(connection, user, Some(password)).await?;
    }
    let done = sqlx::query(
        "UPDATE users SET name = $3, password_hash = $4, state = 'active', role = CASE WHEN $5 THEN 'owner' ELSE role END
         WHERE workspace_id = $1 AND id = $2 AND ($5 OR state <> 'disabled')",
    )
    .bind(&user.workspace.0)
    .bind(&user.id.0)
    .bind(&user.name)
    .bind(&password.0)
    .bind(token.user_id.is_none())
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    end_logins(connection, &user.workspace, &user.id, None).await?;
    bump_revision(connection).await?;
    Ok(true)
}
