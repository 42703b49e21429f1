//! A new account: of the first admin, or of somebody who was invited. The token comes in the fragment of the link and
//! leaves the address at once.

use super::centred;
use crate::api::types::{SHORTEST_PASSWORD, SetUp, is_email};
use crate::api::{self, Failure};
use crate::browser;
use crate::prelude::*;
use crate::route::Route;
use crate::state::{state, words};
use crate::view::{Failed, Form, Mistakes, SendButton, Sending, TextField};

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

/// What somebody types in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    email: RwSignal<String>,
    name: RwSignal<String>,
    password: RwSignal<String>,
    repeated: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            email: empty(),
            name: empty(),
            password: empty(),
            repeated: empty(),
        }
    }

    /// What is wrong before anything is sent.
    fn check(self, wants_email: bool) -> Mistakes {
        let words = words().entry;
        let password = self.password.get_untracked();
        let is_short = password.chars().count() < SHORTEST_PASSWORD;
        let is_email = self.email.with_untracked(|email| is_email(email));
        let has_name = self.name.with_untracked(|name| !name.trim().is_empty());
        Mistakes::default()
            .note(wants_email && !is_email, "email", words.no_email)
            .note(!has_name, "name", words.no_name)
            .note(is_short, "password", words.too_short)
            .note(self.repeated.get_untracked() != password, "repeated", words.differ)
    }

    async fn send(self, token: String) -> Result<(), Mistakes> {
        let body = SetUp {
            token,
            email: self.email.get_untracked().trim().to_owned(),
            name: self.name.get_untracked().trim().to_owned(),
            password: self.password.get_untracked(),
        };
        let answer = api::set_up(&body).await.map_err(refused)?;
        browser::replace_address(&Route::Agents.path());
        state().welcome(Some(answer.user));
        state().route.set(Route::Agents);
        Ok(())
    }
}

fn refused(failure: Failure) -> Mistakes {
    if failure.code == "token_invalid" {
        Mistakes::in_all(words().entry.link_gone.to_owned())
    } else {
        failure.into()
    }
}

fn form(is_first: bool) -> AnyView {
    let words = words();
    let token = StoredValue::new(browser::take_token());
    let (draft, sending) = (Draft::new(), Sending::default());
    let send = move || sending.send(draft.check(is_first), draft.send(token.get_value()));
    if token.with_value(String::is_empty) {
        return view! { <p class="entry-text">{words.entry.link_missing}</p> };
    }
    view! {
        <Form on_send=send>
            <TextField
                label=words.entry.name
                value=draft.name
                autocomplete="name"
                error=sending.wrong_at("name")
            />
            {is_first
                .then(|| {
                    view! {
                        <TextField
                            label=words.entry.email
                            value=draft.email
                            kind="email"
                            autocomplete="username"
                            error=sending.wrong_at("email")
                        />
                    }
                })}
            <TextField
                label=words.entry.password
                value=draft.password
                kind="password"
                autocomplete="new-password"
                hint=words.entry.password_hint
                error=sending.wrong_at("password")
            />
            <TextField
                label=words.entry.repeat
                value=draft.repeated
                kind="password"
                autocomplete="new-password"
                error=sending.wrong_at("repeated")
            />
            <Failed sending=sending />
            <SendButton label=words.entry.make_account sending=sending />
        </Form>
    }
}
