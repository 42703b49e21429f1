//! One user: role, state, another link, and going. A refusal is shown in the row where it happened.

use leptos::task::spawn_local;
use serde_json::{Value, json};

use super::invite::Link;
use super::users::{Desk, roles_to_give};
use crate::api::types::{Role, User, UserState};
use crate::api::{self, Failure};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Choice, Confirm, Kind, SelectField, Tone, pill, time};

/// What is being done to one user. A handle.
#[derive(Clone, Copy)]
struct Row {
    desk: Desk,
    user: StoredValue<User>,
    is_busy: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
}

impl Row {
    fn refuse(self, failure: &Failure) {
        let words = words();
        let text = match failure.code.as_str() {
            "last_owner" => words.users.last_owner.to_owned(),
            "owners_only" => words.users.only_owners.to_owned(),
            _ => words.general.failure(failure),
        };
        self.refused.try_set(Some(text));
    }

    fn change(self, change: Value) {
        self.is_busy.set(true);
        self.refused.set(None);
        spawn_local(async move {
            match api::change_user(&self.user.get_value().id, &change).await {
                Ok(_) => {
                    state().say(words().users.changed);
                    self.desk.users.refresh();
                }
                Err(failure) => self.refuse(&failure),
            }
            self.is_busy.try_set(false);
        });
    }

    fn remove(self, is_asked: RwSignal<bool>) {
        self.is_busy.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let user = self.user.get_value();
            match api::remove_user(&user.id).await {
                Ok(()) => {
                    state().say(fill(words().users.removed, &[&user.name]));
                    self.desk.users.refresh();
                }
                Err(failure) => self.refuse(&failure),
            }
            is_asked.try_set(false);
            self.is_busy.try_set(false);
        });
    }

    fn link(self) {
        self.is_busy.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let user = self.user.get_value();
            match api::invite_again(&user.id).await {
                Ok(made) => {
                    self.desk.link.try_set(Some(Link::of(user.name, made)));
                }
                Err(failure) => self.refuse(&failure),
            }
            self.is_busy.try_set(false);
        });
    }
}

/// The row.
pub(super) fn row(desk: Desk, user: User) -> impl IntoView {
    let words = words();
    let here = state().user.get_untracked().unwrap_or_default();
    let is_self = here.id == user.id;
    // An admin leaves owners alone; the server says the same.
    let may_touch = here.role == Role::Owner || user.role != Role::Owner;
    let row = Row {
        desk,
        user: StoredValue::new(user.clone()),
        is_busy: RwSignal::new(false),
        refused: RwSignal::new(None),
    };
    let tone = match user.state {
        UserState::Active => Tone::Good,
        UserState::Invited => Tone::Warn,
        UserState::Disabled => Tone::Plain,
    };
    let role = if may_touch {
        role_field(row, &user).into_any()
    } else {
        view! { <span title=words.users.only_owners>{words.people.role(user.role)}</span> }
    };
    view! {
        <tr>
            <td>
                <b>{user.name.clone()}</b>
                {is_self.then(|| view! { <span class="quiet">{" ("}{words.users.you}{")"}</span> })}
                <small>{user.email.clone()}</small>
            </td>
            <td>
                {role}
                <p class="error" role="alert">{move || row.refused.get()}</p>
            </td>
            <td>{pill(words.users.state_of(user.state), tone)}</td>
            <td class="when">
                {match user.last_login_at.as_deref() {
                    Some(at) => time(at).into_any(),
                    None => words.users.never.into_any(),
                }}
            </td>
            <td class="end">{may_touch.then(|| actions(row, &user))}</td>
        </tr>
    }
}

fn role_field(row: Row, user: &User) -> impl IntoView + use<> {
    let words = words();
    let name = |role: Role| match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Viewer => "viewer",
    };
    let own = name(user.role);
    let role = RwSignal::new(own.to_owned());
    let choices = roles_to_give()
        .into_iter()
        .map(|role| Choice::new(name(role), words.people.role(role)));
    let choices: Vec<Choice> = choices.collect();
    Effect::new(move |before: Option<()>| {
        let wanted = role.get();
        if before.is_some() && wanted != own {
            row.change(json!({ "role": wanted }));
        }
    });
    // What was refused is not so: the field goes back.
    Effect::new(move |_| {
        if row.refused.with(Option::is_some) {
            role.set(own.to_owned());
        }
    });
    view! {
        <SelectField
            label=fill(words.users.role_of, &[&user.name])
            value=role
            choices=choices
            is_label_hidden=true
        />
    }
}

fn actions(row: Row, user: &User) -> impl IntoView + use<> {
    let words = words();
    let (is_removing, is_disabling) = (RwSignal::new(false), RwSignal::new(false));
    let is_disabled = user.state == UserState::Disabled;
    let switch = if is_disabled {
        let enable = move || row.change(json!({ "state": "active" }));
        view! { <Button label=words.users.enable kind=Kind::Quiet is_busy=row.is_busy on_press=enable /> }
    } else {
        view! { <Button label=words.users.disable kind=Kind::Quiet on_press=move || is_disabling.set(true) /> }
    };
    let disable = move || {
        is_disabling.set(false);
        row.change(json!({ "state": "disabled" }));
    };
    view! {
        <div class="row tight end">
            {(!is_disabled)
                .then(|| {
                    view! {
                        <Button
                            label=words.users.new_link
                            kind=Kind::Quiet
                            is_busy=row.is_busy
                            on_press=move || row.link()
                        />
                    }
                })}
            {switch}
            <Button label=words.general.remove kind=Kind::Danger on_press=move || is_removing.set(true) />
        </div>
        <Confirm
            is_open=is_disabling
            title=fill(words.users.disable_title, &[&user.name])
            text=words.users.disable_text
            yes=words.users.disable
            is_dangerous=true
            on_yes=disable
        />
        <Confirm
            is_open=is_removing
            title=fill(words.users.remove_title, &[&user.name])
            text=words.users.remove_text
            yes=words.general.remove
            is_dangerous=true
            is_busy=row.is_busy
            on_yes=move || row.remove(is_removing)
        />
    }
}
