//! How somebody becomes a user: by the one-time token that the server prints while there is no owner, or by the link of
//! an invitation, which is also the way out of a lost password.

use serde_json::json;

use super::Users;
use super::fields::Fields;
use super::logins::NewLogin;
use crate::domain::clock::new_user_id;
use crate::domain::error::Error;
use crate::domain::visitors::{hash_secret, new_resume_secret};
use crate::model::time::Timestamp;
use crate::model::user::{Role, User, UserState, UserToken};

/// Where the console takes the token of the first owner, in the fragment.
pub const SETUP_PATH: &str = "/setup#token=";
/// Where it takes that of an invitation.
pub const INVITE_PATH: &str = "/invite#token=";
/// How long the token of the first owner works.
const SETUP_TTL_MS: i64 = 60 * 60 * 1_000;
/// How long an invitation works.
const INVITE_TTL_MS: i64 = 72 * 60 * 60 * 1_000;
/// Who made the first owner.
const SETUP_ACTOR: &str = "setup";
const NOT_GOOD: Error = Error::TokenInvalid(
    "This link was used before, is too old or is not whole. The server prints a new one when it is started again; an \
     admin makes a new invitation.",
);

/// What somebody says of themselves with their token.
#[derive(Default)]
pub struct SetUp {
    /// The token of the link.
    pub token: String,
    /// Their e-mail address; that of an invitation counts where it was one.
    pub email: String,
    /// Their name; empty keeps that of the invitation.
    pub name: String,
    /// Their password.
    pub password: String,
}

impl Users {
    /// A new token that makes the first owner; earlier ones end. None where there is an active owner.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn new_setup_token(&self) -> Result<Option<String>, Error> {
        let users = self.store.list_users(&self.workspace).await?;
        if users.iter().any(User::is_active_owner) {
            return Ok(None);
        }
        let (secret, token) = self.mint(None, SETUP_TTL_MS);
        self.store.keep_token(&token).await?;
        Ok(Some(secret))
    }

    /// A link with which an invited user chooses a password, and when it ends; earlier ones end now.
    pub(super) async fn new_invitation(&self, user: &User) -> Result<(String, Timestamp), Error> {
        let (secret, token) = self.mint(Some(user), INVITE_TTL_MS);
        self.store.keep_token(&token).await?;
        let link = format!("{}{INVITE_PATH}{secret}", self.console_url);
        Ok((link, token.expires_at))
    }

    fn mint(&self, user: Option<&User>, ttl_ms: i64) -> (String, UserToken) {
        let now = self.clock.now();
        let secret = new_resume_secret();
        let token = UserToken {
            hash: hash_secret(&secret),
            workspace: self.workspace.clone(),
            user_id: user.map(|user| user.id.clone()),
            created_at: now,
            expires_at: now.plus_ms(ttl_ms),
        };
        (secret, token)
    }

    /// Uses a token up: whoever brought it has an account now, and is logged in.
    ///
    /// # Errors
    /// `TokenInvalid`, `InvalidFields` with every field that is wrong, `RateLimited`, `Internal`.
    pub async fn set_up(&self, wish: SetUp) -> Result<NewLogin, Error> {
        let now = self.clock.now();
        // Before anything costly is done, and before a stranger learns what a password may be.
        let hash = hash_secret(&wish.token);
        let token = self.store.find_token(&hash, now).await?.ok_or(NOT_GOOD)?;
        let invited = match &token.user_id {
            Some(id) => Some(self.store.find_user(&token.workspace, id).await?.ok_or(NOT_GOOD)?),
            None => None,
        };
        let user = self.read(&wish, invited, now).await?;
        let password = self.passwords.hash(&wish.password).await?;
        if !self.store.redeem_token(&hash, &user, &password, now).await? {
            return Err(NOT_GOOD);
        }
        let action = match token.user_id {
            Some(_) => "user.joined",
            None => "user.set_up",
        };
        let id = user.id.as_str();
        self.record(id, action, id, json!({ "role": user.role })).await?;
        self.begin_login(user).await
    }

    /// The user that a good token and these words make.
    async fn read(&self, wish: &SetUp, invited: Option<User>, now: Timestamp) -> Result<User, Error> {
        let mut fields = Fields::default();
        let user = match invited {
            Some(mut user) => {
                if !wish.name.trim().is_empty() {
                    user.name = fields.name(&wish.name);
                }
                user.state = UserState::Active;
                user
            }
            None => {
                let (email, name) = (fields.email(&wish.email), fields.name(&wish.name));
                // Whoever has the machine may take over an account that is there, an invited or a disabled one.
                let known = self.store.find_user_by_email(&self.workspace, &email).await?;
                let new = User {
                    id: new_user_id(),
                    workspace: self.workspace.clone(),
                    email,
                    name: name.clone(),
                    role: Role::Owner,
                    state: UserState::Active,
                    created_at: now,
                    created_by: SETUP_ACTOR.to_owned(),
                    last_login_at: None,
                };
                let known = known.map(|(user, _)| User {
                    name,
                    role: Role::Owner,
                    state: UserState::Active,
                    ..user
                });
                known.unwrap_or(new)
            }
        };
        fields.password("password", &wish.password, &user.email);
        fields.check()?;
        Ok(user)
    }
}
