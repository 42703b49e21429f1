//! The live preview beside a form: the deployed version, or what stands in the form.

use leptos::task::spawn_local;
use serde_json::Value;

use super::Desk;
use crate::api::types::Agent;
use crate::api::{self};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::preview::{Preview, Screen, WidgetOption};

/// An agent key for the version that is deployed; asked for anew when another one is. Those who only look get none.
pub(super) fn deployed_key(desk: Desk) -> RwSignal<Option<String>> {
    let key = RwSignal::new(None);
    if !state().may_change() {
        return key;
    }
    let version = Memo::new(move |_| desk.agent().version_number);
    Effect::new(move |_| {
        let version = version.get();
        ask(desk, None, version, key);
    });
    key
}

/// Asks for a key; what failed is said, and the preview stays empty.
pub(super) fn ask(desk: Desk, draft: Option<Value>, version: u32, key: RwSignal<Option<String>>) {
    spawn_local(async move {
        match api::preview(&desk.key(), draft.as_ref(), version).await {
            Ok(preview) => {
                key.try_set(Some(preview.agent_key));
            }
            Err(failure) => state().complain(&failure),
        }
    });
}

/// What the agent's own settings pass to its widget. A preview passes them, so that it shows what the form holds.
pub(super) fn options(agent: &Agent) -> Vec<WidgetOption> {
    let widget = &agent.widget;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        ("title", text(&widget.title)),
        ("subtitle", text(&widget.subtitle)),
        ("avatar", text(&widget.avatar)),
        ("primaryColor", text(&widget.primary_color)),
        ("theme", text(&widget.theme)),
        ("position", text(&widget.position)),
        ("welcomeMessage", text(&widget.welcome_message)),
        ("placeholder", text(&widget.placeholder)),
    ]
}

/// The preview with its choice of screens; nothing for those who only look.
pub(super) fn live(agent_key: RwSignal<Option<String>>, options: Signal<Vec<WidgetOption>>) -> Option<impl IntoView> {
    if !state().may_change() {
        return None;
    }
    let words = words();
    let screen = RwSignal::new(Screen::Desktop);
    let choice = move |name: &'static str, own: Screen| {
        view! {
            <button
                type="button"
                aria-pressed=move || if screen.get() == own { "true" } else { "false" }
                on:click=move |_| screen.set(own)
            >
                {name}
            </button>
        }
    };
    Some(view! {
        <aside class="prev" aria-label=words.agent.live_preview>
            <div class="prev-head">
                <h2>{words.agent.live_preview}</h2>
                <div>
                    {choice(words.agent.desktop, Screen::Desktop)}
                    {choice(words.agent.phone, Screen::Phone)}
                </div>
            </div>
            <Preview agent_key=agent_key options=options screen=screen />
        </aside>
    })
}
