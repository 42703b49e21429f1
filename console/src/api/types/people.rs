//! Users and the log-in.

use serde::{Deserialize, Serialize};

/// The shortest password that the server takes, in characters.
pub const SHORTEST_PASSWORD: usize = 12;

/// Whether a text may be an address; the server looks closer.
pub fn is_email(text: &str) -> bool {
    let parts = text.trim().split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// What a user may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but making, changing and removing owners.
    Admin,
    /// Looking.
    #[default]
    Viewer,
}

/// Whether a user can log in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserState {
    /// Yes.
    #[default]
    Active,
    /// Not yet.
    Invited,
    /// Not any more.
    Disabled,
}

/// Somebody who may use the console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct User {
    /// Their id.
    pub id: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can log in.
    pub state: UserState,
    /// Since when they are known.
    pub created_at: String,
    /// When they last logged in.
    pub last_login_at: Option<String>,
}

impl User {
    /// Whether they may change anything.
    pub fn may_change(&self) -> bool {
        self.role != Role::Viewer
    }
}

/// The answer to `GET /auth/state`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuthState {
    /// Whether there is no admin yet.
    pub needs_setup: bool,
    /// Who is logged in.
    pub user: Option<User>,
}

/// The answer to a log-in.
#[derive(Clone, Debug, Deserialize)]
pub struct LoggedIn {
    /// Who is logged in now.
    pub user: User,
}

/// The body of `POST /auth/login`.
#[derive(Clone, Debug, Serialize)]
pub struct LogIn {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// The body of `POST /auth/setup`.
#[derive(Clone, Debug, Serialize)]
pub struct SetUp {
    /// From the link.
    pub token: String,
    /// The address; of the first admin only, an invitation brings its own.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}
