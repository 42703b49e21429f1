//! Address and password.

use super::centred;
use crate::api::{self, types::LogIn};
use crate::prelude::*;
use crate::state::{state, words};
use crate::view::{Dialog, Form, Mistakes, SendButton, Sending, TextField};

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

fn form(email: String) -> AnyView {
    let words = words();
    let (email, password) = (RwSignal::new(email), RwSignal::new(String::new()));
    let sending = Sending::default();
    let send = move || {
        sending.send(Mistakes::default(), async move {
            let body = LogIn {
                email: email.get_untracked().trim().to_owned(),
                password: password.get_untracked(),
            };
            // Which of the two is wrong is not told, so what is said stands below both.
            let refused = |failure| Mistakes::default().note(true, "password", &words.general.failure(&failure));
            let answer = api::log_in(&body).await.map_err(refused)?;
            state().welcome(Some(answer.user));
            Ok(())
        });
    };
    view! {
        <Form on_send=send>
            <TextField label=words.entry.email value=email kind="email" autocomplete="username" />
            <TextField
                label=words.entry.password
                value=password
                kind="password"
                autocomplete="current-password"
                error=sending.wrong_at("password")
            />
            <SendButton label=words.entry.log_in sending=sending />
        </Form>
    }
}
