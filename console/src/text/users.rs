//! Words about users and their roles.

use crate::api::types::{Role, UserState};

/// Words about users and their roles.
#[derive(Debug)]
pub struct Users {
    /// What users are.
    pub about: &'static str,
    /// Invites somebody.
    pub invite: &'static str,
    /// A column and a field.
    pub name: &'static str,
    /// A column and a field.
    pub email: &'static str,
    /// A column and a field.
    pub role: &'static str,
    /// For screen readers.
    pub role_of: &'static str,
    /// A column.
    pub state: &'static str,
    /// A state.
    pub active: &'static str,
    /// A state.
    pub invited: &'static str,
    /// A state.
    pub disabled: &'static str,
    /// A column.
    pub last_login: &'static str,
    /// Not yet.
    pub never: &'static str,
    /// Marks the person in front of the page.
    pub you: &'static str,
    /// What a role may do.
    pub owner_may: &'static str,
    /// What a role may do.
    pub admin_may: &'static str,
    /// What a role may do.
    pub viewer_may: &'static str,
    /// Makes the invitation.
    pub send: &'static str,
    /// It is made.
    pub link_title: &'static str,
    /// What to do with it.
    pub link_text: &'static str,
    /// Its name.
    pub link: &'static str,
    /// Closes it.
    pub done: &'static str,
    /// Makes another.
    pub new_link: &'static str,
    /// What it is for.
    pub new_link_about: &'static str,
    /// Stops the log-in.
    pub disable: &'static str,
    /// Allows the log-in.
    pub enable: &'static str,
    /// Question before.
    pub remove_title: &'static str,
    /// What happens then.
    pub remove_text: &'static str,
    /// Question before.
    pub disable_title: &'static str,
    /// What happens then.
    pub disable_text: &'static str,
    /// It is done.
    pub changed: &'static str,
    /// It is done.
    pub removed: &'static str,
    /// A mistake.
    pub no_email: &'static str,
    /// A mistake.
    pub no_name: &'static str,
    /// Why an admin cannot.
    pub only_owners: &'static str,
    /// Why it was refused.
    pub last_owner: &'static str,
    /// A heading.
    pub password_title: &'static str,
    /// What happens then.
    pub password_about: &'static str,
    /// A field.
    pub current: &'static str,
    /// A field.
    pub new_password: &'static str,
    /// What goes in.
    pub password_hint: &'static str,
    /// A field.
    pub repeat: &'static str,
    /// A mistake.
    pub too_short: &'static str,
    /// A mistake.
    pub differ: &'static str,
    /// Does it.
    pub change_password: &'static str,
    /// It is done.
    pub password_changed: &'static str,
    /// A mistake.
    pub wrong_password: &'static str,
    /// A heading.
    pub you_are: &'static str,
}

pub(super) static ENGLISH: Users = Users {
    about: "Everybody who may log in here, and what they may do.",
    invite: "Invite user",
    name: "Name",
    email: "Email",
    role: "Role",
    role_of: "Role of {}",
    state: "State",
    active: "Active",
    invited: "Invited",
    disabled: "Disabled",
    last_login: "Last log-in",
    never: "Never",
    you: "you",
    owner_may: "Everything. Owners alone make, change and remove owners.",
    admin_may: "Everything but making, changing and removing owners.",
    viewer_may: "Looks at agents, conversations, traces and usage. Changes nothing.",
    send: "Make invitation link",
    link_title: "Invitation for {}",
    link_text: "Send this link to them yourself. It is shown only now and works once, until {}.",
    link: "Invitation link",
    done: "Done",
    new_link: "New link",
    new_link_about: "For a lost password, too: with the link they choose a new one.",
    disable: "Disable",
    enable: "Enable",
    remove_title: "Remove {}?",
    remove_text: "They are logged out at once and cannot log in again. What they made stays. API keys stay, too.",
    disable_title: "Disable {}?",
    disable_text: "They are logged out at once, until you enable them again.",
    changed: "Changed.",
    removed: "{} is removed.",
    no_email: "Write an e-mail address such as ada@example.com.",
    no_name: "Write a name.",
    only_owners: "Only an owner may change owners.",
    last_owner: "This is the last active owner. Make somebody else an owner first.",
    password_title: "Change password",
    password_about: "Your other log-ins end then.",
    current: "Current password",
    new_password: "New password",
    password_hint: "At least 12 characters; a sentence is fine.",
    repeat: "New password again",
    too_short: "A password has at least 12 characters.",
    differ: "The two passwords differ.",
    change_password: "Change password",
    password_changed: "Your password is changed.",
    wrong_password: "This is not your password.",
    you_are: "You",
};

pub(super) static GERMAN: Users = Users {
    about: "Alle, die sich hier anmelden dürfen, und was sie dürfen.",
    invite: "Benutzer einladen",
    name: "Name",
    email: "E-Mail",
    role: "Rolle",
    role_of: "Rolle von {}",
    state: "Status",
    active: "Aktiv",
    invited: "Eingeladen",
    disabled: "Gesperrt",
    last_login: "Letzte Anmeldung",
    never: "Nie",
    you: "Sie",
    owner_may: "Alles: auch Inhaber anlegen, ändern und entfernen.",
    admin_may: "Alles, außer Inhaber anzulegen, zu ändern und zu entfernen.",
    viewer_may: "Sieht Agenten, Gespräche, Traces und Nutzung. Ändert nichts.",
    send: "Einladungslink erstellen",
    link_title: "Einladung für {}",
    link_text: "Senden Sie diesen Link selbst. Er wird nur jetzt angezeigt und gilt einmal, bis {}.",
    link: "Einladungslink",
    done: "Fertig",
    new_link: "Neuer Link",
    new_link_about: "Auch bei vergessenem Passwort: Mit dem Link wählt man ein neues.",
    disable: "Sperren",
    enable: "Entsperren",
    remove_title: "{} entfernen?",
    remove_text: "Die Person wird sofort abgemeldet und kann sich nicht mehr anmelden. Was sie angelegt hat, bleibt. API-Schlüssel bleiben auch.",
    disable_title: "{} sperren?",
    disable_text: "Die Person wird sofort abgemeldet, bis Sie sie entsperren.",
    changed: "Geändert.",
    removed: "{} ist entfernt.",
    no_email: "Schreiben Sie eine E-Mail-Adresse wie ada@example.com.",
    no_name: "Schreiben Sie einen Namen.",
    only_owners: "Nur Inhaber dürfen Inhaber ändern.",
    last_owner: "Das ist der letzte aktive Inhaber. Machen Sie erst jemand anderen zum Inhaber.",
    password_title: "Passwort ändern",
    password_about: "Ihre anderen Anmeldungen enden dann.",
    current: "Aktuelles Passwort",
    new_password: "Neues Passwort",
    password_hint: "Mindestens 12 Zeichen; ein Satz ist gut.",
    repeat: "Neues Passwort noch einmal",
    too_short: "Ein Passwort hat mindestens 12 Zeichen.",
    differ: "Die beiden Passwörter sind verschieden.",
    change_password: "Passwort ändern",
    password_changed: "Ihr Passwort ist geändert.",
    wrong_password: "Das ist nicht Ihr Passwort.",
    you_are: "Sie",
};

impl Users {
    /// What a role may do.
    pub fn may(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.owner_may,
            Role::Admin => self.admin_may,
            Role::Viewer => self.viewer_may,
        }
    }

    /// The word for a state.
    pub fn state_of(&self, state: UserState) -> &'static str {
        match state {
            UserState::Active => self.active,
            UserState::Invited => self.invited,
            UserState::Disabled => self.disabled,
        }
    }
}
