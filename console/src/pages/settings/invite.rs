//! Inviting somebody: the link is made here, shown once, and sent by whoever made it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::users::{Desk, roles_to_give};
use crate::api;
use crate::api::types::{Invitation, NewUser, Role};
use crate::browser;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Choice, CodeBlock, Dialog, Kind, SelectField, TextField};

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
    wrong: RwSignal<Vec<(String, String)>>,
    failed: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
}

impl Draft {
    fn wrong_at(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|all| {
                let found = all.iter().find(|(name, _)| name == field);
                found.map(|(_, message)| message.clone())
            })
        })
    }

    fn role(self) -> Role {
        match self.role.get().as_str() {
            "owner" => Role::Owner,
            "admin" => Role::Admin,
            _ => Role::Viewer,
        }
    }

    fn check(self) -> Vec<(String, String)> {
        let words = words().users;
        let mut wrong = Vec::new();
        let email = self.email.get_untracked();
        let parts = email.trim().split_once('@');
        if !parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) {
            wrong.push(("email".to_owned(), words.no_email.to_owned()));
        }
        if self.name.with_untracked(|name| name.trim().is_empty()) {
            wrong.push(("name".to_owned(), words.no_name.to_owned()));
        }
        wrong
    }
}

/// The form in the dialog.
pub(super) fn invitation(desk: Desk) -> impl IntoView {
    let words = words();
    let draft = Draft {
        email: RwSignal::new(String::new()),
        name: RwSignal::new(String::new()),
        role: RwSignal::new("viewer".to_owned()),
        wrong: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
        is_busy: RwSignal::new(false),
    };
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
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit(desk, draft);
            }
        >
            <TextField label=words.users.name value=draft.name error=draft.wrong_at("name") />
            <TextField label=words.users.email value=draft.email kind="email" error=draft.wrong_at("email") />
            <SelectField
                label=words.users.role
                value=draft.role
                choices=choices
                error=draft.wrong_at("role")
            />
            <p class="hint" aria-live="polite">{move || words.users.may(draft.role())}</p>
            <p class="error" role="alert">{move || draft.failed.get()}</p>
            <div class="dialog-end">
                <Button label=words.general.cancel on_press=move || desk.is_inviting.set(false) />
                <Button
                    label=words.users.send
                    kind=Kind::Primary
                    is_busy=draft.is_busy
                    submits=true
                    on_press=|| ()
                />
            </div>
        </form>
    }
}

fn submit(desk: Desk, draft: Draft) {
    let wrong = draft.check();
    let is_right = wrong.is_empty();
    draft.wrong.set(wrong);
    draft.failed.set(None);
    if !is_right || draft.is_busy.get_untracked() {
        return;
    }
    draft.is_busy.set(true);
    let name = draft.name.get_untracked().trim().to_owned();
    let new = NewUser {
        email: draft.email.get_untracked().trim().to_owned(),
        name: name.clone(),
        role: untrack(|| draft.role()),
    };
    spawn_local(async move {
        match api::invite_user(&new).await {
            Ok(made) => {
                desk.is_inviting.try_set(false);
                desk.link.try_set(Some(Link::of(name, made)));
                desk.users.refresh();
            }
            Err(failure) => {
                let by_field = failure.fields.iter();
                draft
                    .wrong
                    .try_set(by_field.map(|one| (one.field.clone(), one.message.clone())).collect());
                draft
                    .failed
                    .try_set(failure.fields.is_empty().then(|| words().general.failure(&failure)));
            }
        }
        draft.is_busy.try_set(false);
    });
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
