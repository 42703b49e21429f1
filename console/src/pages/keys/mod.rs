//! API keys: what there are, a new one, shown once, and revoking.

mod made;
mod new;

use leptos::task::spawn_local;

use crate::api;
use crate::api::types::{Agent, ApiKey, KeyMade};
use crate::browser;
use crate::format::unix_ms;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{
    Button, Confirm, Dialog, Empty, Icon, Kind, PageHead, Remote, Table, Tone, pill, remote, shown, time,
};

/// What the page is about. A handle.
#[derive(Clone, Copy)]
struct Desk {
    keys: Remote<Vec<ApiKey>>,
    agents: Remote<Vec<Agent>>,
    /// Whether a new one is being filled in.
    is_new: RwSignal<bool>,
    /// The one that was just made.
    made: RwSignal<Option<KeyMade>>,
    /// The one that is asked about: id and name.
    doomed: RwSignal<(String, String)>,
    is_asked: RwSignal<bool>,
}

/// The page.
pub fn keys() -> impl IntoView {
    let words = words();
    let desk = Desk {
        keys: remote(api::list_keys),
        agents: remote(api::list_agents),
        is_new: RwSignal::new(false),
        made: RwSignal::new(None),
        doomed: RwSignal::new(Default::default()),
        is_asked: RwSignal::new(false),
    };
    let actions = move || state().may_change().then(|| new_button(desk, Kind::Primary));
    view! {
        <PageHead title=words.keys.title actions=actions.into_any() />
        <p class="quiet about">{words.keys.about}</p>
        {shown(desk.keys, move |keys| {
            if keys.is_empty() {
                none(desk).into_any()
            } else {
                list(desk, keys).into_any()
            }
        })}
        <Dialog is_open=desk.is_new title=words.keys.new>
            {new::form(desk)}
        </Dialog>
        {made::made(desk)}
        {revocation(desk)}
    }
}

fn new_button(desk: Desk, kind: Kind) -> impl IntoView {
    view! { <Button label=words().keys.new kind=kind sign=Icon::Plus on_press=move || desk.is_new.set(true) /> }
}

fn none(desk: Desk) -> impl IntoView {
    let words = words().keys;
    view! {
        <div class="card">
            <Empty sign=Icon::Key title=words.none_yet text=words.none_yet_text>
                {state().may_change().then(|| new_button(desk, Kind::Plain))}
            </Empty>
        </div>
    }
}

fn list(desk: Desk, keys: Vec<ApiKey>) -> impl IntoView {
    let words = words().keys;
    let columns = vec![
        words.name,
        words.scopes,
        words.agents,
        words.addresses,
        words.expires,
        words.used,
        "",
    ];
    let rows = keys.into_iter().map(|key| row(desk, key)).collect_view();
    view! { <Table caption=words.title columns=columns>{rows}</Table> }
}

fn row(desk: Desk, key: ApiKey) -> impl IntoView {
    let words = words().keys;
    let scopes = key.scopes.iter().map(|scope| {
        view! { <span class="key" title=words.scope(scope).to_owned()>{scope.clone()}</span> }
    });
    let scopes = scopes.collect_view();
    let agents = key.agents.clone();
    let names = move || match &agents {
        None => words.all_agents.to_owned(),
        Some(ids) => {
            let all = desk.agents.value().unwrap_or_default();
            let name = |id: &String| {
                let found = all.iter().find(|agent| agent.id == *id);
                found.map_or_else(|| id.clone(), |agent| agent.name.clone())
            };
            ids.iter().map(name).collect::<Vec<_>>().join(", ")
        }
    };
    let addresses = key
        .addresses
        .map_or_else(|| words.anywhere.to_owned(), |all| all.join(", "));
    let subject = (key.id, key.name.clone());
    let revoke = move || {
        desk.doomed.set(subject.clone());
        desk.is_asked.set(true);
    };
    view! {
        <tr>
            <td>
                <b>{key.name}</b>
                <small>{key.prefix}{"\u{2026}"}</small>
            </td>
            <td>
                <div class="scopes">{scopes}</div>
            </td>
            <td>{names}</td>
            <td>{addresses}</td>
            <td class="when">{expiry(key.expires_at.as_deref())}</td>
            <td class="when">
                {match key.last_used_at.as_deref() {
                    Some(at) => time(at).into_any(),
                    None => words.never_used.into_any(),
                }}
            </td>
            <td class="end">
                {state()
                    .may_change()
                    .then(|| view! { <Button label=words.revoke kind=Kind::Danger on_press=revoke /> })}
            </td>
        </tr>
    }
}

fn expiry(at: Option<&str>) -> AnyView {
    let words = words().keys;
    let Some(at) = at else {
        return words.expires_never.into_any();
    };
    if unix_ms(at).is_some_and(|end| end <= browser::now_ms()) {
        return pill(words.expired, Tone::Warn).into_any();
    }
    let day = at.get(..10).unwrap_or(at).to_owned();
    view! { <time datetime=at.to_owned()>{day}</time> }
}

fn revocation(desk: Desk) -> impl IntoView {
    let words = words().keys;
    let is_busy = RwSignal::new(false);
    let revoke = move || {
        is_busy.set(true);
        spawn_local(async move {
            match api::revoke_key(&desk.doomed.get_untracked().0).await {
                Ok(()) => {
                    desk.is_asked.try_set(false);
                    desk.keys.refresh();
                    state().say(words.revoked);
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    let title = Signal::derive(move || fill(words.revoke_title, &[&desk.doomed.get().1]));
    view! {
        <Confirm
            is_open=desk.is_asked
            title=title
            text=words.revoke_text
            yes=words.revoke
            is_dangerous=true
            is_busy=is_busy
            on_yes=revoke
        />
    }
}
