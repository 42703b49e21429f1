//! Logging in and out, and what a log-in is worth on each request. It slides while it is used and ends for good after
//! some days; both are settings. Its secret and the value against forged requests are seen by the browser alone.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atthene_protocol::ids::KeyId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::Users;
use super::fields::Fields;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::domain::visitors::{hash_secret, new_resume_secret};
use crate::model::key::ApiKey;
use crate::model::time::{DAY_MS, Timestamp};
use crate::model::user::{Login, User, UserState};

/// A use is written down so often at most: half of what the sliding end is exact to.
const TOUCH_EVERY_MS: i64 = 60_000;
/// Somebody who logs in more often loses the oldest.
const MOST_LOGINS: u32 = 50;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A log-in that works, as the table holds it.
#[derive(Debug)]
pub struct LiveLogin {
    /// As it is kept.
    pub login: Login,
    /// Whose it is; active.
    pub user: Arc<User>,
    seen_ms: AtomicI64,
}

impl LiveLogin {
    /// Of a user who may log in.
    pub fn new(login: Login, user: Arc<User>) -> Self {
        Self {
            seen_ms: AtomicI64::new(login.last_seen_at.0),
            login,
            user,
        }
    }
}

/// A log-in that was just made; its secret is told this once. It does not show itself.
pub struct NewLogin {
    /// Who logged in.
    pub user: User,
    /// The secret.
    pub secret: String,
    /// The value that every request of it must bring along.
    pub csrf: String,
}

/// The value against forged requests that belongs to a log-in: it follows from its secret and does not tell it, so that a
/// cookie which somebody else planted fits no log-in.
pub fn csrf_of(secret: &str) -> String {
    // A key of any length is fine for HMAC, so this never falls back.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return new_resume_secret();
    };
    mac.update(b"atthene csrf");
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

impl Users {
    /// Logs somebody in. Where there is no such account it takes as long and says the same.
    ///
    /// # Errors
    /// `LoginInvalid`, `LockedOut`, `RateLimited`, `Internal`.
    pub async fn log_in(&self, email: &str, password: &str, address: IpAddr) -> Result<NewLogin, Error> {
        let now = self.clock.now();
        let attempt = self.lockout.begin(email, address, now)?;
        let found = self.store.find_user_by_email(&self.workspace, email).await?;
        let (user, hash) = found.unzip();
        let user = user.filter(|user| user.state == UserState::Active);
        let hash = hash.flatten().filter(|_| user.is_some());
        let is_right = self.passwords.verify(password, hash).await?;
        match user.filter(|_| is_right) {
            Some(user) => {
                self.lockout.forgive(attempt);
                let new = self.begin_login(user).await?;
                let id = new.user.id.as_str();
                self.record(id, "login.succeeded", id, json!({})).await?;
                Ok(new)
            }
            None => {
                // A sample: the first of a row, and the one that ends it. What was typed is not kept: it may be a password.
                if attempt.count == 1 || attempt.is_last {
                    let detail = json!({ "is_locked_out": attempt.is_last });
                    let subject = self.account_of(email).await?;
                    self.record("visitor", "login.failed", &subject, detail).await?;
                }
                Err(Error::LoginInvalid)
            }
        }
    }

    /// The id of an account, for the audit log alone.
    async fn account_of(&self, email: &str) -> Result<String, Error> {
        let found = self.store.find_user_by_email(&self.workspace, email).await?;
        Ok(found.map_or_else(|| "unknown".to_owned(), |(user, _)| user.id.to_string()))
    }

    pub(super) async fn begin_login(&self, mut user: User) -> Result<NewLogin, Error> {
        let now = self.clock.now();
        let secret = new_resume_secret();
        let login = Login {
            hash: hash_secret(&secret),
            workspace: user.workspace.clone(),
            user_id: user.id.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus_ms(i64::from(self.settings.login_max_days) * DAY_MS),
        };
        let idle_since = now.plus_ms(-self.idle_ms());
        self.store.create_login(&login, idle_since, MOST_LOGINS).await?;
        self.follow().await?;
        user.last_login_at = Some(now);
        Ok(NewLogin {
            csrf: csrf_of(&secret),
            user,
            secret,
        })
    }

    /// Who calls with this secret, if it is that of a log-in that works; notes the use.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn authenticate(&self, secret: &str) -> Result<Caller, Error> {
        const ENDED: Error = Error::NotLoggedIn {
            code: "login_expired",
            message: "Your log-in has ended. Log in again.",
        };
        let now = self.clock.now();
        let live = self
            .table
            .as_ref()
            .and_then(|table| table.find_login(&hash_secret(secret)));
        let live = live.ok_or(ENDED)?;
        let seen = live.seen_ms.load(Ordering::Relaxed);
        let idle_end = Timestamp(seen).plus_ms(self.idle_ms());
        if live.login.expires_at <= now || idle_end <= now {
            return Err(ENDED);
        }
        if now.0 - seen >= TOUCH_EVERY_MS
            && live
                .seen_ms
                .compare_exchange(seen, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
            && let Err(error) = self.store.touch_login(&live.login.hash, now).await
        {
            tracing::warn!(%error, "the last use of a log-in could not be written");
        }
        let end = live.login.expires_at.min(now.plus_ms(self.idle_ms()));
        Ok(Caller {
            key: Arc::new(as_key(&live, end)),
            user: Some(Arc::clone(&live.user)),
        })
    }

    /// Ends the log-in of a caller.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), Error> {
        self.store.delete_login(&caller.key.hash).await?;
        self.follow().await?;
        let id = caller.key.id.as_str();
        self.record(id, "login.ended", id, json!({})).await
    }

    /// Changes the password of a user who knows the present one; their other log-ins end.
    ///
    /// # Errors
    /// `InvalidFields`, `LockedOut`, `RateLimited`, `Internal`.
    pub async fn change_password(
        &self,
        caller: &Caller,
        user: &User,
        current: &str,
        new: &str,
        address: IpAddr,
    ) -> Result<(), Error> {
        let mut fields = Fields::default();
        fields.password("new", new, &user.email);
        fields.check()?;
        let attempt = self.lockout.begin(&user.email, address, self.clock.now())?;
        let found = self.store.find_user_by_email(&user.workspace, &user.email).await?;
        let hash = found.and_then(|(_, hash)| hash);
        if !self.passwords.verify(current, hash).await? {
            let mut fields = Fields::default();
            fields.say("current", "This is not your present password.".to_owned());
            return fields.check();
        }
        self.lockout.forgive(attempt);
        let hash = self.passwords.hash(new).await?;
        let kept = Some(caller.key.hash.as_str());
        self.store
            .change_password(&user.workspace, &user.id, &hash, kept)
            .await?;
        self.follow().await?;
        let id = user.id.as_str();
        self.record(id, "user.password_changed", id, json!({})).await
    }

    fn idle_ms(&self) -> i64 {
        i64::from(self.settings.login_idle_hours) * HOUR_MS
    }
}

/// What a log-in may do, in the form in which everything else asks: a key whose id is the user's.
fn as_key(live: &LiveLogin, end: Timestamp) -> ApiKey {
    let user = &live.user;
    ApiKey {
        id: KeyId(user.id.0.clone()),
        workspace: user.workspace.clone(),
        hash: live.login.hash.clone(),
        name: user.name.clone(),
        prefix: String::new(),
        scopes: user.role.scopes(),
        agents: None,
        addresses: None,
        created_by: user.created_by.clone(),
        created_at: user.created_at,
        last_used_at: None,
        expires_at: Some(end),
    }
}
