//! Address and password.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::centred;
use crate::api::{self, types::LogIn};
use crate::state::{state, words};
use crate::view::{Button, Dialog, Kind, TextField};

/// The page; it stands where one wanted to go, so one is there afterwards.
pub fn log_in() -> impl IntoView {
    let words = words();
    let form = view! {
        {form(String::new())}
        <p class="quiet">{words.entry.lost}</p>
    };
    centred(words.entry.log_in, "", form)
}

/// The question over a page whose log-in has ended.
pub fn log_in_again() -> impl IntoView {
    let words = words();
    let state = state();
    view! {
        <Dialog is_open=state.is_expired title=words.entry.again can_leave=false>
            <p class="dialog-text">{words.entry.again_text}</p>
            {form(state.user.with_untracked(|user| user.as_ref().map(|user| user.email.clone())).unwrap_or_default())}
        </Dialog>
    }
}

fn form(email: String) -> impl IntoView {
    let words = words();
    let (email, password) = (RwSignal::new(email), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let submit = move || {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let body = LogIn {
                email: email.get_untracked().trim().to_owned(),
                password: password.get_untracked(),
            };
            match api::log_in(&body).await {
                Ok(answer) => state().welcome(Some(answer.user)),
                Err(failure) => {
                    wrong.try_set(Some(words.general.failure(&failure)));
                }
            }
            is_busy.try_set(false);
        });
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <TextField label=words.entry.email value=email kind="email" autocomplete="username" />
            <TextField
                label=words.entry.password
                value=password
                kind="password"
                autocomplete="current-password"
                error=wrong
            />
            <Button label=words.entry.log_in kind=Kind::Primary is_busy=is_busy submits=true on_press=|| () />
        </form>
    }
}
