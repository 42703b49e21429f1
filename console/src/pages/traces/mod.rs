//! What agents received and did: the list of turns, and one turn with its steps in time.

mod one;
mod received;
mod waterfall;

pub use one::trace;

use crate::api::types::Trace;
use crate::api::{self, Failure};
use crate::format::{grouped, span};
use crate::prelude::*;
use crate::route::Route;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::{
    Button, Choice, Empty, Filters, Icon, Kind, Page, PageHead, SelectField, Table, Tone, icon, listed, paged, pill,
    remote, time,
};

/// So many are brought at once.
const AT_ONCE: usize = 50;
const DASH: &str = "\u{2013}";

/// How the end of a turn is meant.
fn tone(status: &str) -> Tone {
    match status {
        "completed" => Tone::Good,
        "error" => Tone::Bad,
        _ => Tone::Warn,
    }
}

fn count(tokens: Option<u64>) -> String {
    tokens.map_or_else(
        || DASH.to_owned(),
        |tokens| grouped(tokens, state().locale.get_untracked()),
    )
}

/// The page: everybody's, or those of one conversation.
pub fn list(conversation: Option<String>) -> impl IntoView {
    let words = words();
    let filters = Filters::of(&["agent_key", "status"]);
    let session = StoredValue::new(conversation.clone().unwrap_or_default());
    let found = paged(move |before: Option<String>| {
        let limit = AT_ONCE.to_string();
        let session = session.get_value();
        let before = before.unwrap_or_default();
        let query = filters.query(&[("session_id", &session), ("before", &before), ("limit", &limit)]);
        async move {
            let items = api::list_traces(&query).await?;
            // The API tells no more than the traces: a full page may be the last one.
            let next = items
                .last()
                .filter(|_| items.len() == AT_ONCE)
                .map(|last| last.run_id.clone());
            Ok::<_, Failure>(Page { items, next })
        }
    });
    filters.follow(move || found.refresh());
    let agents = remote(api::list_agents);
    let name_of = Signal::derive(move || {
        let all = agents.value().unwrap_or_default().into_iter();
        all.map(|agent| (agent.id, agent.agent_key, agent.name))
            .collect::<Vec<_>>()
    });
    let actions = conversation.clone().map(|id| {
        let path = Route::Conversation(id).path();
        view! { <a class="btn" href=path>{icon(Icon::Inbox)}{words.traces.conversation}</a> }
    });
    let is_of_one = conversation.is_some();
    let about = if is_of_one {
        words.traces.of_one
    } else {
        words.traces.about
    };
    view! {
        <PageHead title=words.traces.title actions=actions.into_any() />
        <p class="quiet about">{about}</p>
        {(!is_of_one).then(|| narrow_by(filters, name_of))}
        {listed(found, move || none(filters), move |traces| rows(traces, name_of))}
    }
}

/// Id, key and name of each agent.
type Names = Signal<Vec<(String, String, String)>>;

fn narrow_by(filters: Filters, names: Names) -> impl IntoView {
    let words = words().traces;
    let agents = Signal::derive(move || {
        let mut choices = vec![Choice::new("", words.all_agents)];
        choices.extend(names.get().into_iter().map(|(_, key, name)| Choice::new(key, name)));
        choices
    });
    let mut states = vec![Choice::new("", words.all_states)];
    let ends = ["completed", "error", "stopped", "interrupted"];
    states.extend(ends.map(|end| Choice::new(end, words.state(end))));
    view! {
        <div class="narrow-by" role="search">
            <SelectField label=words.agent value=filters.field("agent_key") choices=agents />
            <SelectField label=words.status value=filters.field("status") choices=states />
            {move || {
                filters
                    .are_set()
                    .then(|| view! { <Button label=words.clear kind=Kind::Quiet on_press=move || filters.clear() /> })
            }}
        </div>
    }
}

fn none(filters: Filters) -> impl IntoView {
    let words = words();
    let content = if untrack(|| filters.are_set()) {
        view! {
            <Empty sign=Icon::Find title=words.traces.none_found text=words.traces.none_found_text>
                <Button label=words.traces.clear on_press=move || filters.clear() />
            </Empty>
        }
    } else {
        view! {
            <Empty sign=Icon::Trace title=words.traces.none_yet text=words.traces.none_yet_text>
                <a class="btn" href=Route::Agents.path()>{words.shell.agents}</a>
            </Empty>
        }
    };
    view! { <div class="card">{content}</div> }
}

fn rows(traces: Vec<Trace>, names: Names) -> impl IntoView {
    let words = words().traces;
    let columns = vec![
        words.answer,
        words.agent,
        words.status,
        words.duration,
        words.tokens,
        words.began,
    ];
    let rows = traces.into_iter().map(move |trace| row(&trace, names)).collect_view();
    view! { <Table caption=words.title columns=columns>{rows}</Table> }
}

fn row(trace: &Trace, names: Names) -> impl IntoView + use<> {
    let words = words().traces;
    let locale = state().locale.get_untracked();
    let path = Route::Trace(trace.run_id.clone()).path();
    let answer = if trace.answer.is_empty() {
        words.no_answer.to_owned()
    } else {
        trace.answer.clone()
    };
    let id = trace.agent_id.clone();
    let agent = move || {
        let found = names.with(|names| {
            let known = names.iter().find(|(own, _, _)| Some(own) == id.as_ref());
            known.map(|(_, _, name)| name.clone())
        });
        found.unwrap_or_else(|| DASH.to_owned())
    };
    let tokens = format!("{} / {}", count(trace.input_tokens), count(trace.output_tokens));
    view! {
        <tr>
            <td class="snippet">
                <a href=path>{answer}</a>
                <small>{trace.run_id.clone()}</small>
            </td>
            <td>{agent}</td>
            <td>
                {pill(words.state(&trace.status).to_owned(), tone(&trace.status))}
                {trace.error_code.clone().map(|code| view! { <small>{code}</small> })}
            </td>
            <td class="nums">{span(trace.duration_ms, locale)}</td>
            <td class="nums">{tokens}</td>
            <td class="when">{time(&trace.started_at)}</td>
        </tr>
    }
}
