//! A user of the console, their log-ins, and the tokens that let somebody become one. Of every secret only a hash.

use std::fmt;

use atthene_protocol::ids::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::key::Scope;
use super::time::Timestamp;

/// What a user may do; the later may do whatever the earlier may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads agents, conversations and traces; changes nothing.
    Viewer,
    /// Does everything but make, change or remove owners.
    Admin,
    /// Does everything.
    Owner,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Admin, Self::Owner];

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What it may do where a key needs a scope.
    pub fn scopes(self) -> Vec<Scope> {
        match self {
            Self::Viewer => vec![Scope::AgentsRead, Scope::SessionsRead, Scope::TracesRead],
            Self::Admin | Self::Owner => vec![Scope::Admin],
        }
    }
}

/// Whether a user may log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserState {
    /// They have a password.
    Active,
    /// They were invited and have none yet.
    Invited,
    /// They may not log in any more.
    Disabled,
}

impl UserState {
    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Invited, Self::Disabled]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A person who logs in at the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Whose agents they look after.
    pub workspace: WorkspaceId,
    /// Their e-mail address as they wrote it; unique in the workspace whatever its case.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may log in.
    pub state: UserState,
    /// When they were invited or made.
    pub created_at: Timestamp,
    /// Who made them: the id of a user, `cli` or `setup`.
    pub created_by: String,
    /// When they last logged in.
    pub last_login_at: Option<Timestamp>,
}

impl User {
    /// Whether they may do everything, now.
    pub fn is_active_owner(&self) -> bool {
        self.role == Role::Owner && self.state == UserState::Active
    }
}

/// An e-mail address as it is looked up: without the case in which somebody wrote it.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The hash of a password, in the form of the PHC (`$argon2id$...`). It does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// One log-in of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// SHA-256 of its secret, hex.
    pub hash: String,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Whose it is.
    pub user_id: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
}

/// A token that is good once: it makes the first owner, or lets an invited user choose a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserToken {
    /// SHA-256 of it, hex.
    pub hash: String,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The user who chooses a password with it; none where it makes the first owner.
    pub user_id: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}
