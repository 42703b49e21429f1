//! The person in front of the page: who they are, what their role may do, and their own password.

use crate::api::types::SHORTEST_PASSWORD;
use crate::api::{self, Failure};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Card, Failed, Form, Mistakes, SendButton, Sending, TextField};

/// What somebody types in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    current: RwSignal<String>,
    new: RwSignal<String>,
    repeated: RwSignal<String>,
}

impl Draft {
    fn check(self) -> Mistakes {
        let words = words().users;
        let new = self.new.get_untracked();
        let is_short = new.chars().count() < SHORTEST_PASSWORD;
        Mistakes::default().note(is_short, "new", words.too_short).note(
            self.repeated.get_untracked() != new,
            "repeated",
            words.differ,
        )
    }

    async fn send(self) -> Result<(), Mistakes> {
        let (current, new) = (self.current.get_untracked(), self.new.get_untracked());
        api::change_password(&current, &new).await.map_err(refused)?;
        for field in [self.current, self.new, self.repeated] {
            field.try_set(String::new());
        }
        state().say(words().users.password_changed);
        Ok(())
    }
}

fn refused(failure: Failure) -> Mistakes {
    match failure.code.as_str() {
        "password_wrong" | "wrong_password" | "login_invalid" => {
            Mistakes::default().note(true, "current", words().users.wrong_password)
        }
        _ => failure.into(),
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

fn form() -> AnyView {
    let words = words().users;
    let empty = || RwSignal::new(String::new());
    let draft = Draft {
        current: empty(),
        new: empty(),
        repeated: empty(),
    };
    let sending = Sending::default();
    let email = state().user.get_untracked().unwrap_or_default().email;
    view! {
        <Form on_send=move || sending.send(draft.check(), draft.send())>
            // Password managers look for whose password it is.
            <input class="sr" type="text" autocomplete="username" value=email readonly aria-hidden="true" tabindex="-1" />
            <TextField
                label=words.current
                value=draft.current
                kind="password"
                autocomplete="current-password"
                error=sending.wrong_at("current")
            />
            <TextField
                label=words.new_password
                value=draft.new
                kind="password"
                autocomplete="new-password"
                hint=words.password_hint
                error=sending.wrong_at("new")
            />
            <TextField
                label=words.repeat
                value=draft.repeated
                kind="password"
                autocomplete="new-password"
                error=sending.wrong_at("repeated")
            />
            <Failed sending=sending />
            <div>
                <SendButton label=words.change_password sending=sending />
            </div>
        </Form>
    }
}
