//! What an agent is doing, and what is still to do before visitors can talk to it.

use leptos::task::spawn_local;

use super::{Desk, figures};
use crate::api::types::{Agent, OriginSeen};
use crate::api::{self};
use crate::form::{self, Field};
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::late_words as words;
use crate::state::state;
use crate::text::fill;
use crate::view::{Button, Card, Confirm, Icon, Kind, Tone, icon, pill, remote, shown, time};

/// The tab.
pub(super) fn overview(desk: Desk) -> impl IntoView {
    let words = words();
    let seen = remote(move || {
        let key = desk.key();
        async move { api::seen_origins(&key).await }
    });
    view! {
        <div class="stack">
            {figures::figures(desk)}
            <div class="halves">
                <Card title=words.agent.next_steps about=words.agent.next_steps_about>
                    {shown(seen, move |seen| steps(desk, &seen))}
                </Card>
                <Card title=words.agent.facts>{move || facts(&desk.agent())}</Card>
            </div>
            {removal(desk)}
        </div>
    }
}

/// What has to be so before a visitor can write, each with the page where it is made so.
fn steps(desk: Desk, seen: &[OriginSeen]) -> impl IntoView + use<> {
    let words = words();
    let is_installed = seen.iter().any(|origin| origin.accepted);
    let agent = desk.agent();
    let has_origin = agent.allow_any_origin || agent.dev_mode || !agent.allowed_origins.is_empty();
    let step = move |is_done: bool, name: &'static str, tab: Tab| {
        let (sign, class, said) = if is_done {
            (Icon::Tick, "step is-done", words.agent.done)
        } else {
            (Icon::Warn, "step", words.agent.open)
        };
        view! {
            <li class=class>
                {icon(sign)}
                <a href=desk.route(tab).path()>{name}</a>
                <span class="sr">{said}</span>
            </li>
        }
    };
    view! {
        <ol class="steps">
            {step(true, words.agent.step_made, Tab::Instructions)}
            {step(agent.is_public, words.agent.step_public, Tab::Access)}
            {step(has_origin, words.agent.step_origin, Tab::Access)}
            {step(is_installed, words.agent.step_installed, Tab::Embed)}
        </ol>
    }
}

fn facts(agent: &Agent) -> impl IntoView + use<> {
    let words = words();
    let model = form::read(&agent.system_config, Field::Model);
    let origins = agent.allowed_origins.len().to_string();
    view! {
        <dl class="facts">
            <dt>{words.agents.state}</dt>
            <dd>
                {if agent.is_public {
                    pill(words.agents.public, Tone::Good)
                } else {
                    pill(words.agents.private, Tone::Plain)
                }}
            </dd>
            <dt>{words.agents.model}</dt>
            <dd class="mono">{model}</dd>
            <dt>{words.agents.origins}</dt>
            <dd>{if agent.allow_any_origin { words.agents.any_origin.to_owned() } else { origins }}</dd>
            <dt>{words.agent.deployed_version}</dt>
            <dd>{agent.version_number.to_string()}</dd>
            <dt>{words.agents.changed}</dt>
            <dd>{time(&agent.updated_at)}</dd>
            <dt>{words.agent.made}</dt>
            <dd>{time(&agent.created_at)}</dd>
        </dl>
    }
}

fn removal(desk: Desk) -> impl IntoView {
    let words = words();
    let (is_asked, is_busy) = (RwSignal::new(false), RwSignal::new(false));
    let title = Signal::derive(move || fill(words.agent.delete_title, &[&desk.agent().name]));
    let remove = move || {
        is_busy.set(true);
        spawn_local(async move {
            match api::delete_agent(&desk.key()).await {
                Ok(()) => {
                    is_asked.try_set(false);
                    state().say(words.agent.deleted);
                    state().go(Route::Agents);
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    move || {
        state().may_change().then(|| {
            let button = view! {
                <Button
                    label=words.agent.delete
                    kind=Kind::Danger
                    sign=Icon::Bin
                    on_press=move || is_asked.set(true)
                />
            };
            view! {
                <Card title=words.agent.delete about=words.agent.delete_about actions=button.into_any()>
                    <Confirm
                        is_open=is_asked
                        title=title
                        text=words.agent.delete_text
                        yes=words.agent.delete
                        is_dangerous=true
                        is_busy=is_busy
                        on_yes=remove
                    />
                </Card>
            }
        })
    }
}
