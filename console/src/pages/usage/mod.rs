//! Figures over time: totals against the span before, courses, and agent by agent.

mod plots;
mod totals;

use crate::api;
use crate::api::types::{AgentTotals, Usage};
use crate::format::{grouped, span};
use crate::prelude::*;
use crate::route::{Route, Tab};
use crate::state::late_words as words;
use crate::state::state;
use crate::view::status::{failed, skeleton};
use crate::view::{Choice, Empty, Filters, Icon, Loaded, PageHead, SelectField, Table, remote};

const DASH: &str = "\u{2013}";
/// The spans that the server knows, in days.
const SPANS: [&str; 3] = ["1", "7", "30"];

/// The page.
pub fn usage() -> impl IntoView {
    let words = words().usage;
    let filters = Filters::of(&["days", "agent_key"]);
    let days = filters.field("days");
    if !SPANS.contains(&days.get_untracked().as_str()) {
        days.set("7".to_owned());
    }
    let found = remote(move || {
        let days = days.get_untracked().parse().unwrap_or(7);
        let agent = filters.field("agent_key").get_untracked();
        async move { api::usage(days, Some(agent.as_str()).filter(|agent| !agent.is_empty())).await }
    });
    filters.follow(move || found.refresh());
    let content = move || match found.read() {
        Loaded::Waiting => skeleton().into_any(),
        Loaded::Failed(failure) => failed(&failure, move || found.restart()).into_any(),
        Loaded::Ready(usage) => shown(&usage).into_any(),
    };
    view! {
        <PageHead title=words.title actions=spans(days).into_any() />
        <div class="narrow-by">
            {by_agent_field(filters)}
            <p class="hint">{words.against}</p>
        </div>
        {content}
    }
}

/// How long a time is shown, as buttons of which one is pressed.
fn spans(days: RwSignal<String>) -> impl IntoView {
    let words = words().usage;
    let names = [words.days_1, words.days_7, words.days_30];
    let buttons = SPANS.into_iter().zip(names).map(|(value, name)| {
        let is_chosen = move || {
            if days.with(|days| days == value) {
                "true"
            } else {
                "false"
            }
        };
        view! {
            <button type="button" aria-pressed=is_chosen on:click=move |_| days.set(value.to_owned())>
                {name}
            </button>
        }
    });
    view! { <div class="segments" role="group" aria-label=words.span>{buttons.collect_view()}</div> }
}

fn by_agent_field(filters: Filters) -> impl IntoView {
    let words = words().usage;
    let agents = remote(api::list_agents);
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new("", words.all_agents)];
        let all = agents.value().unwrap_or_default();
        choices.extend(all.into_iter().map(|agent| Choice::new(agent.agent_key, agent.name)));
        choices
    });
    view! { <SelectField label=words.agent value=filters.field("agent_key") choices=choices /> }
}

fn shown(usage: &Usage) -> impl IntoView + use<> {
    let words = words();
    let totals = &usage.totals;
    let is_quiet = totals.messages == 0 && totals.turns == 0 && totals.refused_origins == 0;
    if is_quiet {
        return view! {
            <div class="card">
                <Empty sign=Icon::Chart title=words.usage.none_yet text=words.usage.none_yet_text>
                    <a class="btn" href=Route::Agents.path()>{words.shell.agents}</a>
                </Empty>
            </div>
        };
    }
    view! {
        <div class="stack">
            {totals::totals(usage)}
            <h2 class="section-head">{words.usage.over_time}</h2>
            {plots::plots(usage)}
            <h2 class="section-head">{words.usage.by_agent}</h2>
            {by_agent(&usage.agents)}
        </div>
    }
}

fn by_agent(agents: &[AgentTotals]) -> impl IntoView + use<> {
    let words = words().usage;
    let columns = vec![
        words.agent,
        words.messages,
        words.sessions,
        words.visitors,
        words.tokens,
        words.errors,
        words.first_token,
        words.turn,
    ];
    let rows = agents.iter().map(row).collect_view();
    view! { <Table caption=words.by_agent columns=columns>{rows}</Table> }
}

fn row(agent: &AgentTotals) -> impl IntoView + use<> {
    let locale = state().locale.get_untracked();
    let totals = &agent.totals;
    let latency = |ms: Option<u64>| ms.map_or_else(|| DASH.to_owned(), |ms| span(ms, locale));
    let figures = [
        grouped(totals.messages, locale),
        grouped(totals.sessions, locale),
        grouped(totals.visitors, locale),
        grouped(totals.input_tokens + totals.output_tokens, locale),
        grouped(totals.errors, locale),
        latency(totals.first_token_p95_ms),
        latency(totals.turn_p95_ms),
    ];
    let figures = figures.map(|figure| view! { <td class="nums">{figure}</td> });
    let path = Route::Agent(agent.agent_key.clone(), Tab::Overview).path();
    view! {
        <tr>
            <td>
                <a href=path>{agent.name.clone()}</a>
                <small>{agent.agent_key.clone()}</small>
            </td>
            {figures.collect_view()}
        </tr>
    }
}
