//! The person in front of the page: who they are, what their role may do, and their own password.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure};
use crate::state::{late_words as words, state};
use crate::view::{Button, Card, Kind, TextField};

/// The server's own rule; said before anything is sent.
const SHORTEST_PASSWORD: usize = 12;

/// What somebody types in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    current: RwSignal<String>,
    new: RwSignal<String>,
    repeated: RwSignal<String>,
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

    fn check(self) -> Vec<(String, String)> {
        let words = words().users;
        let mut wrong = Vec::new();
        let new = self.new.get_untracked();
        if new.chars().count() < SHORTEST_PASSWORD {
            wrong.push(("new".to_owned(), words.too_short.to_owned()));
        }
        if self.repeated.get_untracked() != new {
            wrong.push(("repeated".to_owned(), words.differ.to_owned()));
        }
        wrong
    }

    fn refuse(self, failure: &Failure) {
        let words = words();
        if matches!(
            failure.code.as_str(),
            "password_wrong" | "wrong_password" | "login_invalid"
        ) {
            self.wrong
                .try_set(vec![("current".to_owned(), words.users.wrong_password.to_owned())]);
            return;
        }
        let by_field = failure.fields.iter();
        self.wrong
            .try_set(by_field.map(|one| (one.field.clone(), one.message.clone())).collect());
        self.failed
            .try_set(failure.fields.is_empty().then(|| words.general.failure(failure)));
    }
}

/// The tab.
pub(super) fn account() -> impl IntoView {
    let words = words();
    let user = move || state().user.get().unwrap_or_default();
    view! {
        <div class="stack account">
            <Card title=words.users.you_are>
                <dl class="facts">
                    <dt>{words.users.name}</dt>
                    <dd>{move || user().name}</dd>
                    <dt>{words.users.email}</dt>
                    <dd>{move || user().email}</dd>
                    <dt>{words.users.role}</dt>
                    <dd>
                        {move || words.people.role(user().role)}
                        <p class="quiet">{move || words.users.may(user().role)}</p>
                    </dd>
                </dl>
            </Card>
            <Card title=words.users.password_title about=words.users.password_about>
                {form()}
            </Card>
        </div>
    }
}

fn form() -> impl IntoView {
    let words = words().users;
    let empty = || RwSignal::new(String::new());
    let draft = Draft {
        current: empty(),
        new: empty(),
        repeated: empty(),
        wrong: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
        is_busy: RwSignal::new(false),
    };
    let email = state().user.get_untracked().unwrap_or_default().email;
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit(draft);
            }
        >
            // Password managers look for whose password it is.
            <input class="sr" type="text" autocomplete="username" value=email readonly aria-hidden="true" tabindex="-1" />
            <TextField
                label=words.current
                value=draft.current
                kind="password"
                autocomplete="current-password"
                error=draft.wrong_at("current")
            />
            <TextField
                label=words.new_password
                value=draft.new
                kind="password"
                autocomplete="new-password"
                hint=words.password_hint
                error=draft.wrong_at("new")
            />
            <TextField
                label=words.repeat
                value=draft.repeated
                kind="password"
                autocomplete="new-password"
                error=draft.wrong_at("repeated")
            />
            <p class="error" role="alert">{move || draft.failed.get()}</p>
            <div>
                <Button
                    label=words.change_password
                    kind=Kind::Primary
                    is_busy=draft.is_busy
                    submits=true
                    on_press=|| ()
                />
            </div>
        </form>
    }
}

fn submit(draft: Draft) {
    let wrong = draft.check();
    let is_right = wrong.is_empty();
    draft.wrong.set(wrong);
    draft.failed.set(None);
    if !is_right || draft.is_busy.get_untracked() {
        return;
    }
    draft.is_busy.set(true);
    spawn_local(async move {
        match api::change_password(&draft.current.get_untracked(), &draft.new.get_untracked()).await {
            Ok(()) => {
                for field in [draft.current, draft.new, draft.repeated] {
                    field.try_set(String::new());
                }
                state().say(words().users.password_changed);
            }
            Err(failure) => draft.refuse(&failure),
        }
        draft.is_busy.try_set(false);
    });
}
