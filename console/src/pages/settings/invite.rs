//! Inviting somebody: the link is made here, shown once, and sent by whoever made it.

use super::users::{Desk, roles_to_give};
use crate::api;
use crate::api::types::{Invitation, NewUser, Role, is_email};
use crate::browser;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{
    Button, Choice, CodeBlock, Dialog, Failed, Form, Kind, Mistakes, SelectField, SendButton, Sending, TextField,
};

/// A link that was just made.
#[derive(Clone, Debug)]
pub(super) struct Link {
    name: String,
    url: String,
    expires_at: String,
}

impl Link {
    /// The link of an invitation.
    pub(super) fn of(name: String, made: Invitation) -> Self {
        Self {
            name,
            url: made.invite_url,
            expires_at: made.expires_at,
        }
    }
}

/// What somebody fills in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    email: RwSignal<String>,
    name: RwSignal<String>,
    role: RwSignal<String>,
}

impl Draft {
    fn role(self) -> Role {
        match self.role.get().as_str() {
            "owner" => Role::Owner,
            "admin" => Role::Admin,
            _ => Role::Viewer,
        }
    }

    fn check(self) -> Mistakes {
        let words = words().users;
        let is_email = self.email.with_untracked(|email| is_email(email));
        let has_name = self.name.with_untracked(|name| !name.trim().is_empty());
        Mistakes::default()
            .note(!is_email, "email", words.no_email)
            .note(!has_name, "name", words.no_name)
    }

    async fn send(self, desk: Desk) -> Result<(), Mistakes> {
        let name = self.name.get_untracked().trim().to_owned();
        let new = NewUser {
            email: self.email.get_untracked().trim().to_owned(),
            name: name.clone(),
            role: untrack(|| self.role()),
        };
        let made = api::invite_user(&new).await?;
        desk.is_inviting.try_set(false);
        desk.link.try_set(Some(Link::of(name, made)));
        desk.users.refresh();
        Ok(())
    }
}

/// The form in the dialog.
pub(super) fn invitation(desk: Desk) -> impl IntoView {
    let words = words();
    let draft = Draft {
        email: RwSignal::new(String::new()),
        name: RwSignal::new(String::new()),
        role: RwSignal::new("viewer".to_owned()),
    };
    let sending = Sending::default();
    let choices = roles_to_give().into_iter().map(|role| {
        let value = match role {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Viewer => "viewer",
        };
        Choice::new(value, words.people.role(role))
    });
    let choices: Vec<Choice> = choices.collect();
    view! {
        <Form on_send=move || sending.send(draft.check(), draft.send(desk))>
            <TextField label=words.users.name value=draft.name error=sending.wrong_at("name") />
            <TextField label=words.users.email value=draft.email kind="email" error=sending.wrong_at("email") />
            <SelectField
                label=words.users.role
                value=draft.role
                choices=choices
                error=sending.wrong_at("role")
            />
            <p class="hint" aria-live="polite">{move || words.users.may(draft.role())}</p>
            <Failed sending=sending />
            <div class="dialog-end">
                <Button label=words.general.cancel on_press=move || desk.is_inviting.set(false) />
                <SendButton label=words.users.send sending=sending />
            </div>
        </Form>
    }
}

/// The link, the one time that it is shown.
pub(super) fn link_shown(desk: Desk) -> impl IntoView {
    let words = words().users;
    let is_open = RwSignal::new(false);
    Effect::new(move |_| is_open.set(desk.link.with(Option::is_some)));
    let title = Signal::derive(move || {
        let name = desk.link.with(|link| link.as_ref().map(|link| link.name.clone()));
        fill(words.link_title, &[&name.unwrap_or_default()])
    });
    view! {
        <Dialog is_open=is_open title=title can_leave=false>
            {move || {
                desk.link
                    .get()
                    .map(|link| {
                        let until = browser::exact_time(&link.expires_at, state().locale.get_untracked().code());
                        view! {
                            <div class="stack">
                                <p class="dialog-text">{fill(words.link_text, &[&until])}</p>
                                <CodeBlock label=words.link text=Signal::stored(link.url) />
                                <div class="dialog-end">
                                    <Button
                                        label=words.done
                                        kind=Kind::Primary
                                        on_press=move || desk.link.set(None)
                                    />
                                </div>
                            </div>
                        }
                    })
            }}
        </Dialog>
    }
}
