//! A new account: of the first admin, or of somebody who was invited. The token comes in the fragment of the link and
//! leaves the address at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::centred;
use crate::api::{self, types::SetUp};
use crate::browser;
use crate::route::Route;
use crate::state::{state, words};
use crate::view::{Button, Kind, TextField};

/// The server's own rule; said before anything is sent.
const SHORTEST_PASSWORD: usize = 12;

/// The page of the set-up link.
pub fn set_up() -> impl IntoView {
    let words = words();
    centred(words.entry.set_up, words.entry.set_up_text, form(true))
}

/// The page of an invitation.
pub fn invite() -> impl IntoView {
    let words = words();
    centred(words.entry.invite, words.entry.invite_text, form(false))
}

/// What somebody types in.
#[derive(Clone, Copy)]
struct Draft {
    email: RwSignal<String>,
    name: RwSignal<String>,
    password: RwSignal<String>,
    repeated: RwSignal<String>,
    /// The mistakes, by the names of the fields.
    wrong: RwSignal<Vec<(String, String)>>,
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            email: empty(),
            name: empty(),
            password: empty(),
            repeated: empty(),
            wrong: RwSignal::new(Vec::new()),
        }
    }

    fn wrong_at(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|all| {
                let found = all.iter().find(|(name, _)| name == field);
                found.map(|(_, message)| message.clone())
            })
        })
    }

    /// What is wrong before anything is sent.
    fn check(self, wants_email: bool) -> Vec<(String, String)> {
        let words = words().entry;
        let mut wrong = Vec::new();
        let mut note = |is_wrong: bool, field: &str, message: &str| {
            if is_wrong {
                wrong.push((field.to_owned(), message.to_owned()));
            }
        };
        let email = self.email.get_untracked();
        let is_email = email
            .trim()
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        note(wants_email && !is_email, "email", words.no_email);
        note(
            self.name.with_untracked(|name| name.trim().is_empty()),
            "name",
            words.no_name,
        );
        let password = self.password.get_untracked();
        note(
            password.chars().count() < SHORTEST_PASSWORD,
            "password",
            words.too_short,
        );
        note(self.repeated.get_untracked() != password, "repeated", words.differ);
        wrong
    }
}

fn form(is_first: bool) -> impl IntoView {
    let words = words();
    let token = StoredValue::new(browser::take_token());
    let draft = Draft::new();
    let is_busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let submit = move || {
        let wrong = draft.check(is_first);
        let is_right = wrong.is_empty();
        draft.wrong.set(wrong);
        if !is_right || is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let body = SetUp {
                token: token.get_value(),
                email: draft.email.get_untracked().trim().to_owned(),
                name: draft.name.get_untracked().trim().to_owned(),
                password: draft.password.get_untracked(),
            };
            match api::set_up(&body).await {
                Ok(answer) => {
                    browser::replace_address(&Route::Agents.path());
                    state().welcome(Some(answer.user));
                    state().route.set(Route::Agents);
                }
                Err(failure) => {
                    let by_field = failure.fields.iter();
                    draft
                        .wrong
                        .set(by_field.map(|one| (one.field.clone(), one.message.clone())).collect());
                    let text = if failure.code == "token_invalid" {
                        words.entry.link_gone.to_owned()
                    } else {
                        words.general.failure(&failure)
                    };
                    failed.set(failure.fields.is_empty().then_some(text));
                }
            }
            is_busy.try_set(false);
        });
    };
    if token.with_value(String::is_empty) {
        return view! { <p class="entry-text">{words.entry.link_missing}</p> }.into_any();
    }
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <TextField label=words.entry.name value=draft.name autocomplete="name" error=draft.wrong_at("name") />
            {is_first
                .then(|| {
                    view! {
                        <TextField
                            label=words.entry.email
                            value=draft.email
                            kind="email"
                            autocomplete="username"
                            error=draft.wrong_at("email")
                        />
                    }
                })}
            <TextField
                label=words.entry.password
                value=draft.password
                kind="password"
                autocomplete="new-password"
                hint=words.entry.password_hint
                error=draft.wrong_at("password")
            />
            <TextField
                label=words.entry.repeat
                value=draft.repeated
                kind="password"
                autocomplete="new-password"
                error=draft.wrong_at("repeated")
            />
            <p class="error" role="alert">{move || failed.get()}</p>
            <Button label=words.entry.make_account kind=Kind::Primary is_busy=is_busy submits=true on_press=|| () />
        </form>
    }
    .into_any()
}
