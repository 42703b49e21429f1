//! A new key: name, end, and what it may do, in plain words.

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::Desk;
use crate::api;
use crate::api::types::{Agent, NewKey};
use crate::browser;
use crate::state::late_words as words;
use crate::text::SCOPES;
use crate::view::{Button, Choice, Kind, SelectField, TextArea, TextField};

const DAY_MS: f64 = 86_400_000.0;

/// What somebody fills in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    days: RwSignal<String>,
    scopes: RwSignal<Vec<String>>,
    agents: RwSignal<Vec<String>>,
    addresses: RwSignal<String>,
    /// The mistakes, by the names of the fields.
    wrong: RwSignal<Vec<(String, String)>>,
    failed: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
}

impl Draft {
    fn wrong_at(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|all| {
                // A list has its mistakes by place, such as `addresses[0]`.
                let found = all.iter().find(|(name, _)| name.split('[').next() == Some(field));
                found.map(|(_, message)| message.clone())
            })
        })
    }

    fn check(self) -> Vec<(String, String)> {
        let words = words().keys;
        let mut wrong = Vec::new();
        if self.name.with_untracked(|name| name.trim().is_empty()) {
            wrong.push(("name".to_owned(), words.no_name.to_owned()));
        }
        if self.scopes.with_untracked(Vec::is_empty) {
            wrong.push(("scopes".to_owned(), words.no_scope.to_owned()));
        }
        wrong
    }

    fn key(self) -> NewKey {
        let given = |all: Vec<String>| Some(all).filter(|all| !all.is_empty());
        let days: Option<f64> = self.days.get_untracked().parse().ok();
        let addresses = self.addresses.get_untracked();
        let addresses = addresses
            .split([',', '\n'])
            .map(str::trim)
            .filter(|line| !line.is_empty());
        NewKey {
            name: self.name.get_untracked().trim().to_owned(),
            expires_at: days.map(end_after),
            scopes: self.scopes.get_untracked(),
            agents: given(self.agents.get_untracked()),
            addresses: given(addresses.map(str::to_owned).collect()),
        }
    }
}

/// The time so many days from now.
fn end_after(days: f64) -> String {
    let end = browser::now_ms() as f64 + days * DAY_MS;
    String::from(Date::new(&JsValue::from_f64(end)).to_iso_string())
}

/// The form in the dialog.
pub(super) fn form(desk: Desk) -> impl IntoView {
    let words = words();
    let draft = Draft {
        name: RwSignal::new(String::new()),
        days: RwSignal::new(String::new()),
        scopes: RwSignal::new(vec!["chat".to_owned()]),
        agents: RwSignal::new(Vec::new()),
        addresses: RwSignal::new(String::new()),
        wrong: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
        is_busy: RwSignal::new(false),
    };
    let ends = vec![
        Choice::new("", words.keys.expires_never),
        Choice::new("30", words.keys.expires_30),
        Choice::new("90", words.keys.expires_90),
        Choice::new("365", words.keys.expires_365),
    ];
    let scopes = SCOPES.map(|scope| {
        check(
            draft.scopes,
            scope.to_owned(),
            scope.to_owned(),
            words.keys.scope(scope).to_owned(),
        )
    });
    let scopes_wrong = draft.wrong_at("scopes");
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit(desk, draft);
            }
        >
            <TextField
                label=words.keys.name
                value=draft.name
                hint=words.keys.name_hint
                error=draft.wrong_at("name")
            />
            <SelectField label=words.keys.expires value=draft.days choices=ends error=draft.wrong_at("expires_at") />
            <fieldset class="checks">
                <legend>{words.keys.scopes}</legend>
                <p class="hint">{words.keys.scopes_about}</p>
                {scopes.collect_view()}
                <p class="error" aria-live="polite">{move || scopes_wrong.get()}</p>
            </fieldset>
            {move || agents(desk.agents.value().unwrap_or_default(), draft)}
            <TextArea
                label=words.keys.addresses
                value=draft.addresses
                hint=words.keys.addresses_hint
                error=draft.wrong_at("addresses")
                rows=2
                is_mono=true
            />
            <p class="error" role="alert">{move || draft.failed.get()}</p>
            <div class="dialog-end">
                <Button label=words.general.cancel on_press=move || desk.is_new.set(false) />
                <Button
                    label=words.keys.make
                    kind=Kind::Primary
                    is_busy=draft.is_busy
                    submits=true
                    on_press=|| ()
                />
            </div>
        </form>
    }
}

fn agents(agents: Vec<Agent>, draft: Draft) -> Option<impl IntoView> {
    let words = words().keys;
    let wrong = draft.wrong_at("agents");
    let has_any = !agents.is_empty();
    has_any.then(|| {
        let checks = agents
            .into_iter()
            .map(|agent| check(draft.agents, agent.id, agent.name, agent.agent_key));
        view! {
            <fieldset class="checks">
                <legend>{words.agents}</legend>
                <p class="hint">{words.agents_hint}</p>
                <div class="checks-scroll">{checks.collect_view()}</div>
                <p class="error" aria-live="polite">{move || wrong.get()}</p>
            </fieldset>
        }
    })
}

/// One of several that may be chosen together.
fn check(chosen: RwSignal<Vec<String>>, value: String, name: String, about: String) -> impl IntoView {
    let own = value.clone();
    let is_chosen = move || chosen.with(|all| all.contains(&own));
    let turn = move |is_on: bool| {
        chosen.update(|all| {
            all.retain(|other| *other != value);
            if is_on {
                all.push(value.clone());
            }
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_chosen on:change:target=move |event| turn(event.target().checked()) />
            <span>
                <b>{name}</b>
                <small>{about}</small>
            </span>
        </label>
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
    spawn_local(async move {
        match api::create_key(&draft.key()).await {
            Ok(made) => {
                desk.is_new.try_set(false);
                desk.made.try_set(Some(made));
                desk.keys.refresh();
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
