//! Looking after users: inviting, changing, removing. An admin does all of it but to owners; nobody takes the last active
//! owner away.

use atthene_protocol::ids::UserId;
use serde_json::json;

use super::fields::Fields;
use super::{Actor, Users};
use crate::domain::clock::new_user_id;
use crate::domain::error::Error;
use crate::model::time::Timestamp;
use crate::model::user::{Role, User, UserState};
use crate::store::UserChanged;

const NO_USER: Error = Error::NotFound("There is no such user.");

/// What is wanted of a new user.
#[derive(Clone, Debug, Default)]
pub struct UserDraft {
    /// Their e-mail address.
    pub email: String,
    /// What people call them.
    pub name: String,
    /// The word of their role.
    pub role: String,
}

/// What is to change of a user; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// What people call them.
    pub name: Option<String>,
    /// The word of their role.
    pub role: Option<String>,
    /// `active` or `disabled`.
    pub state: Option<String>,
}

/// A user who may choose a password with a link. It does not show itself: the link is a secret.
pub struct Invited {
    /// The user.
    pub user: User,
    /// The link.
    pub link: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Users {
    /// The users, in the order in which they came.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list(&self) -> Result<Vec<User>, Error> {
        Ok(self.store.list_users(&self.workspace).await?)
    }

    /// One user, by their id or e-mail address.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn find(&self, id_or_email: &str) -> Result<User, Error> {
        let by_id = self
            .store
            .find_user(&self.workspace, &UserId(id_or_email.to_owned()))
            .await?;
        if let Some(user) = by_id {
            return Ok(user);
        }
        let by_email = self.store.find_user_by_email(&self.workspace, id_or_email).await?;
        by_email.map(|(user, _)| user).ok_or(NO_USER)
    }

    /// Makes a user who has no password yet, and the link to choose one.
    ///
    /// # Errors
    /// `InvalidFields`, `Forbidden`, `Conflict` where the e-mail address is somebody's, `Internal`.
    pub async fn invite(&self, actor: &Actor, draft: UserDraft) -> Result<Invited, Error> {
        let user = self.draft(actor, draft, UserState::Invited, None)?;
        self.keep(actor, &user, None, "user.invited").await?;
        self.with_link(user).await
    }

    /// Makes a user with a password.
    ///
    /// # Errors
    /// As [`Users::invite`].
    pub async fn create(&self, actor: &Actor, draft: UserDraft, password: &str) -> Result<User, Error> {
        let user = self.draft(actor, draft, UserState::Active, Some(password))?;
        self.keep(actor, &user, Some(password), "user.created").await?;
        Ok(user)
    }

    /// A new link for a user; the way out of a lost password, too.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Conflict` where the user is disabled, `Internal`.
    pub async fn invite_again(&self, actor: &Actor, id: &str) -> Result<Invited, Error> {
        let user = self.find(id).await?;
        may_touch(actor, user.role)?;
        if user.state == UserState::Disabled {
            return Err(Error::Conflict {
                code: "user_disabled",
                message: "This user is disabled. Set the state to active first, then make a link.",
            });
        }
        let invited = self.with_link(user).await?;
        let subject = invited.user.id.as_str();
        self.record(&actor.id, "user.invited", subject, json!({ "again": true }))
            .await?;
        Ok(invited)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// `NotFound`, `InvalidFields`, `Forbidden`, `Conflict` where it is the last active owner, `Internal`.
    pub async fn change(&self, actor: &Actor, id: &str, change: UserChange) -> Result<User, Error> {
        let before = self.find(id).await?;
        may_touch(actor, before.role)?;
        let mut after = before.clone();
        let mut fields = Fields::default();
        if let Some(name) = &change.name {
            after.name = fields.name(name);
        }
        if let Some(word) = &change.role {
            after.role = read_role(&mut fields, word);
        }
        if let Some(word) = &change.state {
            after.state = self.read_state(&mut fields, word, &before).await?;
        }
        fields.check()?;
        may_touch(actor, after.role)?;
        if after == before {
            return Ok(after);
        }
        settle(self.store.update_user(&after).await?)?;
        self.follow().await?;
        let detail = json!({ "role": [before.role, after.role], "state": [before.state, after.state] });
        self.record(&actor.id, "user.changed", after.id.as_str(), detail)
            .await?;
        Ok(after)
    }

    /// Removes a user.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Conflict` where it is the last active owner, `Internal`.
    pub async fn remove(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let user = self.find(id).await?;
        may_touch(actor, user.role)?;
        settle(self.store.delete_user(&user.workspace, &user.id).await?)?;
        self.follow().await?;
        let detail = json!({ "role": user.role });
        self.record(&actor.id, "user.removed", user.id.as_str(), detail).await
    }

    fn draft(&self, actor: &Actor, draft: UserDraft, state: UserState, password: Option<&str>) -> Result<User, Error> {
        let mut fields = Fields::default();
        let user = User {
            id: new_user_id(),
            workspace: self.workspace.clone(),
            email: fields.email(&draft.email),
            name: fields.name(&draft.name),
            role: read_role(&mut fields, &draft.role),
            state,
            created_at: self.clock.now(),
            created_by: actor.id.clone(),
            last_login_at: None,
        };
        if let Some(password) = password {
            fields.password("password", password, &user.email);
        }
        fields.check()?;
        may_touch(actor, user.role)?;
        Ok(user)
    }

    async fn keep(&self, actor: &Actor, user: &User, password: Option<&str>, action: &str) -> Result<(), Error> {
        let hash = match password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        if !self.store.create_user(user, hash.as_ref()).await? {
            return Err(Error::Conflict {
                code: "email_taken",
                message: "There is a user with this e-mail address already.",
            });
        }
        self.follow().await?;
        let detail = json!({ "role": user.role });
        self.record(&actor.id, action, user.id.as_str(), detail).await
    }

    async fn with_link(&self, user: User) -> Result<Invited, Error> {
        let (link, expires_at) = self.new_invitation(&user).await?;
        Ok(Invited { user, link, expires_at })
    }

    /// Whoever never had a password goes back to being invited.
    async fn read_state(&self, fields: &mut Fields, word: &str, user: &User) -> Result<UserState, Error> {
        match UserState::from_word(word) {
            Some(UserState::Disabled) => Ok(UserState::Disabled),
            Some(UserState::Active) => {
                let found = self.store.find_user_by_email(&user.workspace, &user.email).await?;
                let has_password = found.is_some_and(|(_, hash)| hash.is_some());
                Ok(if has_password {
                    UserState::Active
                } else {
                    UserState::Invited
                })
            }
            _ => {
                fields.say("state", "A state is active or disabled.".to_owned());
                Ok(user.state)
            }
        }
    }
}

fn read_role(fields: &mut Fields, word: &str) -> Role {
    Role::from_word(word).unwrap_or_else(|| {
        fields.say("role", "A role is owner, admin or viewer.".to_owned());
        Role::Viewer
    })
}

/// Owners are the business of owners.
fn may_touch(actor: &Actor, role: Role) -> Result<(), Error> {
    if role == Role::Owner && actor.role != Role::Owner {
        return Err(Error::Forbidden {
            code: "owners_only",
            message: "Only an owner may make, change or remove owners.".to_owned(),
        });
    }
    Ok(())
}

fn settle(changed: UserChanged) -> Result<(), Error> {
    match changed {
        UserChanged::Done => Ok(()),
        UserChanged::NoUser => Err(NO_USER),
        UserChanged::LastOwner => Err(Error::Conflict {
            code: "last_owner",
            message: "This is the last active owner. Make somebody else an owner first.",
        }),
    }
}
