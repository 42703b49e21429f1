//! The list of agents: what there is, in which state, and finding one of many.

use crate::api::types::Agent;
use crate::api::{self};
use crate::browser;
use crate::form::{self, Field};
use crate::format::grouped;
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::{state, words};
use crate::text::fill;
use crate::view::{
    Choice, Empty, Icon, PageHead, SelectField, Table, TextField, Tone, icon, pill, remote, shown, time,
};

/// So many are drawn at once; a button brings more.
const AT_ONCE: usize = 50;

/// The page.
pub fn agents() -> impl IntoView {
    let words = words();
    let agents = remote(api::list_agents);
    let actions = new_agent(true).into_any();
    view! {
        <PageHead title=words.agents.title actions=actions />
        {shown(agents, |agents| {
            if agents.is_empty() {
                none_yet().into_any()
            } else {
                list(agents).into_any()
            }
        })}
    }
}

/// The link to the page that makes one; a viewer has none.
fn new_agent(is_at_top: bool) -> impl IntoView {
    let words = words();
    let class = if is_at_top { "btn pri" } else { "btn" };
    move || {
        state()
            .may_change()
            .then(|| view! { <a class=class href=Route::NewAgent.path()>{icon(Icon::Plus)}{words.agents.new}</a> })
    }
}

fn none_yet() -> impl IntoView {
    let words = words();
    view! {
        <div class="card">
            <Empty sign=Icon::Agent title=words.agents.none_yet text=words.agents.none_yet_text>
                {new_agent(false)}
            </Empty>
        </div>
    }
}

fn fits(agent: &Agent, wanted: &str, state: &str) -> bool {
    let is_state = match state {
        "public" => agent.is_public,
        "private" => !agent.is_public,
        _ => true,
    };
    let wanted = wanted.trim().to_lowercase();
    is_state && (agent.name.to_lowercase().contains(&wanted) || agent.agent_key.to_lowercase().contains(&wanted))
}

fn list(mut agents: Vec<Agent>) -> impl IntoView {
    let words = words();
    let locale = state().locale.get_untracked();
    // What was used or changed last is looked for most.
    agents.sort_by(|one, other| last(other).cmp(last(one)));
    let agents = StoredValue::new(agents);
    let wanted = RwSignal::new(browser::query_value("q").unwrap_or_default());
    let kind = RwSignal::new(browser::query_value("state").unwrap_or_default());
    let drawn = RwSignal::new(AT_ONCE);
    Effect::new(move |_| {
        browser::set_query(&[("q", &wanted.get()), ("state", &kind.get())]);
        drawn.set(AT_ONCE);
    });
    let found = Memo::new(move |_| {
        let (wanted, kind) = (wanted.get(), kind.get());
        agents.with_value(|all| {
            all.iter()
                .filter(|agent| fits(agent, &wanted, &kind))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let count = move || {
        let (shown, all) = (found.with(Vec::len), agents.with_value(Vec::len));
        fill(
            words.agents.count,
            &[&grouped(shown as u64, locale), &grouped(all as u64, locale)],
        )
    };
    let kinds = vec![
        Choice::new("", words.agents.all),
        Choice::new("public", words.agents.public),
        Choice::new("private", words.agents.private),
    ];
    view! {
        <div class="filters" role="search">
            <TextField
                label=words.agents.find
                value=wanted
                kind="search"
                placeholder=words.agents.find
                is_label_hidden=true
            />
            <SelectField label=words.agents.state value=kind choices=kinds is_label_hidden=true />
            <p class="quiet" aria-live="polite">{count}</p>
        </div>
        {move || {
            if found.with(Vec::is_empty) {
                return view! {
                    <div class="card">
                        <Empty sign=Icon::Find title=words.agents.none_found text=words.agents.none_found_text />
                    </div>
                };
            }
            let columns = vec![
                words.agents.name,
                words.agents.state,
                words.agents.origins,
                words.agents.model,
                words.agents.changed,
            ];
            view! {
                <Table caption=words.agents.title columns=columns>
                    {move || found.with(|all| all.iter().take(drawn.get()).map(row).collect_view())}
                </Table>
            }
        }}
        {move || {
            let has_more = found.with(Vec::len) > drawn.get();
            has_more
                .then(|| {
                    view! {
                        <div class="more">
                            <crate::view::Button
                                label=words.general.more
                                on_press=move || drawn.update(|drawn| *drawn += AT_ONCE)
                            />
                        </div>
                    }
                })
        }}
    }
}

fn last(agent: &Agent) -> &str {
    agent.last_activity.as_deref().unwrap_or(&agent.updated_at)
}

fn row(agent: &Agent) -> impl IntoView + use<> {
    let words = words();
    let (word, tone) = if agent.is_public {
        (words.agents.public, Tone::Good)
    } else {
        (words.agents.private, Tone::Plain)
    };
    let origins = if agent.allow_any_origin {
        words.agents.any_origin.to_owned()
    } else {
        match &agent.allowed_origins[..] {
            [] => String::from("\u{2013}"),
            [only] => only.clone(),
            [first, others @ ..] => format!("{first} +{}", others.len()),
        }
    };
    let path = Route::Agent(agent.agent_key.clone(), Tab::Overview).path();
    view! {
        <tr>
            <td>
                <a href=path>{agent.name.clone()}</a>
                <small>{agent.agent_key.clone()}</small>
            </td>
            <td>{pill(word, tone)}</td>
            <td class="mono">{origins}</td>
            <td>{form::read(&agent.system_config, Field::Model)}</td>
            <td class="when">{time(last(agent))}</td>
        </tr>
    }
}
