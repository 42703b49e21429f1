//! The part of the seam that is about users, their log-ins, and the tokens that make users.

use async_trait::async_trait;
use atthene_protocol::ids::{UserId, WorkspaceId};

use super::StoreResult;
use crate::model::time::Timestamp;
use crate::model::user::{Login, PasswordHash, User, UserToken};

/// How a change of a user ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserChanged {
    /// It is kept.
    Done,
    /// There is no such user.
    NoUser,
    /// It would leave the workspace without an active owner.
    LastOwner,
}

/// Users. Every change but that of a last use bumps the agents' revision too: one table follows all.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// The users of all workspaces, for the table.
    async fn list_all_users(&self) -> StoreResult<Vec<User>>;
    /// The users of a workspace, in the order in which they came.
    async fn list_users(&self, workspace: &WorkspaceId) -> StoreResult<Vec<User>>;
    /// One user.
    async fn find_user(&self, workspace: &WorkspaceId, id: &UserId) -> StoreResult<Option<User>>;
    /// The user of an e-mail address, whatever its case, and the hash of their password, where they have one.
    async fn find_user_by_email(
        &self,
        workspace: &WorkspaceId,
        email: &str,
    ) -> StoreResult<Option<(User, Option<PasswordHash>)>>;
    /// Makes a user. `false`: the e-mail address is somebody's.
    async fn create_user(&self, user: &User, password: Option<&PasswordHash>) -> StoreResult<bool>;
    /// Replaces name, role and state of a user. Whoever is not active any more loses log-ins and tokens.
    async fn update_user(&self, user: &User) -> StoreResult<UserChanged>;
    /// Deletes a user with log-ins and tokens.
    async fn delete_user(&self, workspace: &WorkspaceId, id: &UserId) -> StoreResult<UserChanged>;
    /// Keeps a token in the place of the earlier ones of the same user, or of no user.
    async fn keep_token(&self, token: &UserToken) -> StoreResult<()>;
    /// The token of a hash that is good at `now`.
    async fn find_token(&self, hash: &str, now: Timestamp) -> StoreResult<Option<UserToken>>;
    /// Uses a token up, once: the user is active with this name and password from now on, and their earlier log-ins
    /// end. A token of no user makes them, as they are given, unless there is an active owner by now. `false`: it was
    /// used before, is too old, or its user may not use it.
    async fn redeem_token(&self, hash: &str, user: &User, password: &PasswordHash, now: Timestamp)
    -> StoreResult<bool>;
}

/// Log-ins. Every change but that of a last use bumps the agents' revision too.
#[async_trait]
pub trait LoginStore: Send + Sync {
    /// The log-ins of all workspaces, for the table.
    async fn list_all_logins(&self) -> StoreResult<Vec<Login>>;
    /// Replaces a user's password and ends their log-ins, but for one. `false`: there is no such user.
    async fn change_password(
        &self,
        workspace: &WorkspaceId,
        id: &UserId,
        password: &PasswordHash,
        kept_login: Option<&str>,
    ) -> StoreResult<bool>;
    /// Keeps a new log-in, and that its user logged in. What ended, or was last used before `idle_since`, goes, and
    /// of the same user's all but the newest `most`.
    async fn create_login(&self, login: &Login, idle_since: Timestamp, most: u32) -> StoreResult<()>;
    /// Notes a use of a log-in; nothing else changes by it, the revision included.
    async fn touch_login(&self, hash: &str, at: Timestamp) -> StoreResult<()>;
    /// Ends a log-in. `false`: there is none.
    async fn delete_login(&self, hash: &str) -> StoreResult<bool>;
}
