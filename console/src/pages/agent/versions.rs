//! What an agent's configuration was: each version beside the one before it, and going back.

use leptos::task::spawn_local;

use super::Desk;
use crate::api::types::Version;
use crate::api::{self, Failure};
use crate::diff::{Line, lines};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Confirm, Dialog, Kind, Table, Tone, pill, remote, shown, time};

/// What is asked or shown. A handle.
#[derive(Clone, Copy)]
struct Chosen {
    number: RwSignal<u32>,
    is_compared: RwSignal<bool>,
    is_asked: RwSignal<bool>,
}

/// The tab.
pub(super) fn versions(desk: Desk) -> impl IntoView {
    let words = words();
    let versions = remote(move || {
        let key = desk.key();
        async move { api::list_versions(&key).await }
    });
    let chosen = Chosen {
        number: RwSignal::new(0),
        is_compared: RwSignal::new(false),
        is_asked: RwSignal::new(false),
    };
    let is_busy = RwSignal::new(false);
    let deploy = move || {
        is_busy.set(true);
        spawn_local(async move {
            let number = chosen.number.get_untracked();
            match api::deploy_version(&desk.key(), number).await {
                Ok(agent) => {
                    desk.agent.put(agent);
                    chosen.is_asked.try_set(false);
                    versions.refresh();
                    state().say(fill(words.versions.deployed_now, &[&number.to_string()]));
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    let numbered = move |text: &'static str| Signal::derive(move || fill(text, &[&chosen.number.get().to_string()]));
    view! {
        <div class="stack narrow">
            <p class="quiet">{words.versions.about}</p>
            {shown(versions, move |versions| {
                let columns = vec![words.versions.version, words.agents.state, words.agent.made, ""];
                let rows = versions.into_iter().map(|version| row(version, chosen)).collect_view();
                view! { <Table caption=words.versions.all columns=columns>{rows}</Table> }
            })}
            <Dialog is_open=chosen.is_compared title=numbered(words.versions.compare_title)>
                {compared(desk, chosen)}
            </Dialog>
            <Confirm
                is_open=chosen.is_asked
                title=numbered(words.versions.deploy_title)
                text=words.versions.deploy_text
                yes=numbered(words.versions.deploy_number)
                is_busy=is_busy
                on_yes=deploy
            />
        </div>
    }
}

fn row(version: Version, chosen: Chosen) -> impl IntoView {
    let words = words();
    let number = version.version_number;
    view! {
        <tr>
            <td>
                <b>{fill(words.agent.version, &[&number.to_string()])}</b>
                <small>{version.config_hash.get(..12).unwrap_or_default().to_owned()}</small>
            </td>
            <td>{version.is_deployed.then(|| pill(words.versions.deployed, Tone::Good))}</td>
            <td class="when">{time(&version.created_at)}</td>
            <td class="end">
                <div class="row tight end">
                    <Button
                        label=words.versions.compare
                        kind=Kind::Quiet
                        on_press=move || {
                            chosen.number.set(number);
                            chosen.is_compared.set(true);
                        }
                    />
                    {(!version.is_deployed && state().may_change())
                        .then(|| {
                            view! {
                                <Button
                                    label=words.versions.deploy
                                    on_press=move || {
                                        chosen.number.set(number);
                                        chosen.is_asked.set(true);
                                    }
                                />
                            }
                        })}
                </div>
            </td>
        </tr>
    }
}

/// A version beside the one that is deployed, or beside the one before it where it is that itself.
fn compared(desk: Desk, chosen: Chosen) -> impl IntoView {
    let words = words();
    let number = chosen.number.get_untracked();
    let deployed = desk.agent_now().version_number;
    let other = if number == deployed {
        number.saturating_sub(1)
    } else {
        deployed
    };
    let both = remote(move || async move {
        let key = desk.key();
        let newer = api::find_version(&key, number).await?;
        let older = match other {
            0 => Version::default(),
            other => api::find_version(&key, other).await?,
        };
        Ok::<_, Failure>((text(&older), text(&newer)))
    });
    let beside = if other == 0 {
        words.versions.first.to_owned()
    } else {
        fill(words.versions.beside, &[&other.to_string()])
    };
    view! {
        <p class="dialog-text">{beside}</p>
        {shown(both, |(older, newer)| {
            let drawn = lines(&older, &newer).into_iter().map(|line| {
                let (class, sign, text) = match line {
                    Line::Same(text) => ("", " ", text),
                    Line::Old(text) => ("old", "\u{2212}", text),
                    Line::New(text) => ("new", "+", text),
                };
                view! { <span class=class>{sign}{" "}{text}{"\n"}</span> }
            });
            view! { <pre class="diff" tabindex="0">{drawn.collect_view()}</pre> }
        })}
    }
}

fn text(version: &Version) -> String {
    if version.system_config.is_null() {
        String::new()
    } else {
        serde_json::to_string_pretty(&version.system_config).unwrap_or_default()
    }
}
