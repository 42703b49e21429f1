//! A new key: name, end, and what it may do, in plain words.

use js_sys::Date;
use wasm_bindgen::JsValue;

use super::Desk;
use crate::api;
use crate::api::types::{Agent, NewKey};
use crate::browser;
use crate::prelude::*;
use crate::state::late_words as words;
use crate::text::SCOPES;
use crate::view::{Button, Choice, Failed, Form, Mistakes, SelectField, SendButton, Sending, TextArea, TextField};

const DAY_MS: f64 = 86_400_000.0;

/// What somebody fills in. A handle.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    days: RwSignal<String>,
    scopes: RwSignal<Vec<String>>,
    agents: RwSignal<Vec<String>>,
    addresses: RwSignal<String>,
    sending: Sending,
}

impl Draft {
    fn check(self) -> Mistakes {
        let words = words().keys;
        let has_name = self.name.with_untracked(|name| !name.trim().is_empty());
        Mistakes::default().note(!has_name, "name", words.no_name).note(
            self.scopes.with_untracked(Vec::is_empty),
            "scopes",
            words.no_scope,
        )
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

    async fn send(self, desk: Desk) -> Result<(), Mistakes> {
        let made = api::create_key(&self.key()).await?;
        desk.is_new.try_set(false);
        desk.made.try_set(Some(made));
        desk.keys.refresh();
        Ok(())
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
        sending: Sending::default(),
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
    let scopes_wrong = draft.sending.wrong_at("scopes");
    view! {
        <Form on_send=move || draft.sending.send(draft.check(), draft.send(desk))>
            <TextField
                label=words.keys.name
                value=draft.name
                hint=words.keys.name_hint
                error=draft.sending.wrong_at("name")
            />
            <SelectField label=words.keys.expires value=draft.days choices=ends error=draft.sending.wrong_at("expires_at") />
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
                error=draft.sending.wrong_at("addresses")
                rows=2
                is_mono=true
            />
            <Failed sending=draft.sending />
            <div class="dialog-end">
                <Button label=words.general.cancel on_press=move || desk.is_new.set(false) />
                <SendButton label=words.keys.make sending=draft.sending />
            </div>
        </Form>
    }
}

fn agents(agents: Vec<Agent>, draft: Draft) -> Option<impl IntoView> {
    let words = words().keys;
    let wrong = draft.sending.wrong_at("agents");
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
