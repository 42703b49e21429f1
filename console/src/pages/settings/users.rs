//! Who may log in. What a role does not allow has no button; what the server refuses stands where it was tried.

use super::invite::{Link, invitation, link_shown};
use super::person::row;
use crate::api;
use crate::api::types::{Role, User};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Button, Dialog, Icon, Kind, Remote, Table, remote, shown};

/// What the tab is about. A handle.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) users: Remote<Vec<User>>,
    pub(super) is_inviting: RwSignal<bool>,
    /// A link that was just made.
    pub(super) link: RwSignal<Option<Link>>,
}

/// The roles that somebody may give, the one with the least first.
pub(super) fn roles_to_give() -> Vec<Role> {
    let is_owner = state()
        .user
        .with_untracked(|user| user.as_ref().is_some_and(|user| user.role == Role::Owner));
    let mut roles = vec![Role::Viewer, Role::Admin];
    if is_owner {
        roles.push(Role::Owner);
    }
    roles
}

/// The tab.
pub(super) fn users() -> impl IntoView {
    let words = words().users;
    let desk = Desk {
        users: remote(api::list_users),
        is_inviting: RwSignal::new(false),
        link: RwSignal::new(None),
    };
    view! {
        <div class="stack">
            <div class="row">
                <p class="quiet">{words.about}</p>
                <span class="sp">{""}</span>
                <Button
                    label=words.invite
                    kind=Kind::Primary
                    sign=Icon::Plus
                    on_press=move || desk.is_inviting.set(true)
                />
            </div>
            {shown(desk.users, move |users| {
                let columns = vec![words.name, words.role, words.state, words.last_login, ""];
                let rows = users.into_iter().map(|user| row(desk, user)).collect_view();
                view! { <Table caption=crate::state::late_words().settings.users columns=columns>{rows}</Table> }
            })}
            {roles()}
            <Dialog is_open=desk.is_inviting title=words.invite>
                {invitation(desk)}
            </Dialog>
            {link_shown(desk)}
        </div>
    }
}

/// What each role may do.
fn roles() -> impl IntoView {
    let words = words();
    let roles = [Role::Owner, Role::Admin, Role::Viewer].map(|role| {
        view! {
            <dt>{words.people.role(role)}</dt>
            <dd>{words.users.may(role)}</dd>
        }
    });
    view! {
        <section class="card">
            <dl class="facts">{roles.collect_view()}</dl>
        </section>
    }
}
