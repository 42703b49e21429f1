//! Words about users.

use crate::api::types::Role;

/// Words about users.
#[derive(Debug)]
pub struct People {
    /// A role.
    pub owner: &'static str,
    /// A role.
    pub admin: &'static str,
    /// A role.
    pub viewer: &'static str,
}

pub(super) static ENGLISH: People = People {
    owner: "Owner",
    admin: "Admin",
    viewer: "Viewer",
};

pub(super) static GERMAN: People = People {
    owner: "Inhaber",
    admin: "Administrator",
    viewer: "Betrachter",
};

impl People {
    /// The word for a role.
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.owner,
            Role::Admin => self.admin,
            Role::Viewer => self.viewer,
        }
    }
}
