//! The list: searched and narrowed by the server, page by page.

use super::{export::export, feedback::counts, title, tone};
use crate::api::types::Conversation;
use crate::api::{self, Failure};
use crate::format::grouped;
use crate::prelude::*;
use crate::route::Route;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::{
    Button, Choice, Empty, Filters, Icon, Kind, Page, PageHead, SelectField, Table, TextField, listed, paged, pill,
    remote, time,
};

/// The names of the filters, as the API has them.
const FILTERS: [&str; 8] = ["q", "agent_key", "status", "kind", "origin", "feedback", "from", "to"];

/// With so many, a page is one.
const ENOUGH: usize = 10;

/// The page.
pub fn list() -> impl IntoView {
    let words = words();
    let filters = Filters::of(&FILTERS);
    let found = paged(move |before: Option<String>| {
        let query = filters.query(&[]);
        fill(query, before)
    });
    filters.follow(move || found.refresh());
    view! {
        <PageHead title=words.conversations.title actions=export(filters).into_any() />
        {narrow_by(filters)}
        {listed(found, move || none(filters), rows)}
    }
}

/// A page of the list. A search looks through the messages for a while and may find little or nothing before it leads on:
/// it goes on until there is something to show.
async fn fill(query: String, before: Option<String>) -> Result<Page<Conversation>, Failure> {
    let mut page = Page {
        items: Vec::new(),
        next: before,
    };
    loop {
        let from = api::query(&[("before", page.next.as_deref().unwrap_or_default())]);
        let found = api::list_conversations(&format!("{query}&{from}")).await?;
        page.items.extend(found.conversations);
        page.next = found.next;
        if page.next.is_none() || page.items.len() >= ENOUGH {
            return Ok(page);
        }
    }
}

/// What the list is narrowed by.
fn narrow_by(filters: Filters) -> impl IntoView {
    let words = words().conversations;
    let agents = remote(api::list_agents);
    let agents = Signal::derive(move || {
        let mut choices = vec![Choice::new("", words.all_agents)];
        let all = agents.value().unwrap_or_default();
        choices.extend(all.into_iter().map(|agent| Choice::new(agent.agent_key, agent.name)));
        choices
    });
    let states = ["active", "processing", "idle", "error"].map(|state| Choice::new(state, words.state(state)));
    let kinds = ["visitor", "backend", "preview"].map(|kind| Choice::new(kind, words.kind_of(kind)));
    let ratings = [
        ("any", words.any_feedback),
        ("up", words.helpful),
        ("down", words.not_helpful),
    ];
    let ratings = ratings.map(|(rating, word)| Choice::new(rating, word));
    let with_all = |all: &str, others: &[Choice]| {
        let mut choices = vec![Choice::new("", all)];
        choices.extend_from_slice(others);
        choices
    };
    view! {
        <div class="narrow-by is-long" role="search">
            <TextField label=words.find value=filters.field("q") kind="search" />
            <SelectField label=words.agent value=filters.field("agent_key") choices=agents />
            <SelectField
                label=words.status
                value=filters.field("status")
                choices=with_all(words.all_states, &states)
            />
            <SelectField label=words.kind value=filters.field("kind") choices=with_all(words.all_kinds, &kinds) />
            <TextField label=words.origin value=filters.field("origin") placeholder="https://shop.example" />
            <SelectField
                label=words.feedback
                value=filters.field("feedback")
                choices=with_all(words.all_feedback, &ratings)
            />
            <TextField label=words.from value=filters.field("from") kind="date" />
            <TextField label=words.to value=filters.field("to") kind="date" />
            {move || {
                filters
                    .are_set()
                    .then(|| view! { <Button label=words.clear kind=Kind::Quiet on_press=move || filters.clear() /> })
            }}
        </div>
    }
}

/// There is none, or none that fits.
fn none(filters: Filters) -> impl IntoView {
    let words = words();
    let content = if untrack(|| filters.are_set()) {
        view! {
            <Empty sign=Icon::Find title=words.conversations.none_found text=words.conversations.none_found_text>
                <Button label=words.conversations.clear on_press=move || filters.clear() />
            </Empty>
        }
    } else {
        view! {
            <Empty sign=Icon::Inbox title=words.conversations.none_yet text=words.conversations.none_yet_text>
                <a class="btn" href=Route::Agents.path()>{words.shell.agents}</a>
            </Empty>
        }
    };
    view! { <div class="card">{content}</div> }
}

fn rows(conversations: Vec<Conversation>) -> impl IntoView {
    let words = words().conversations;
    let columns = vec![
        words.conversation,
        words.agent,
        words.kind,
        words.messages,
        words.status,
        words.last,
    ];
    let rows = conversations.iter().map(row).collect_view();
    view! { <Table caption=words.title columns=columns>{rows}</Table> }
}

fn row(conversation: &Conversation) -> impl IntoView + use<> {
    let words = words().conversations;
    let locale = state().locale.get_untracked();
    let path = Route::Conversation(conversation.session_id.clone()).path();
    let origin = conversation.origin.clone().unwrap_or_default();
    let agent = conversation.agent_name.clone().unwrap_or_else(|| "\u{2013}".to_owned());
    let status = conversation.status.as_str();
    view! {
        <tr>
            <td class="snippet">
                <a href=path>{title(conversation)}</a>
                <p>{conversation.last_message.clone()}</p>
            </td>
            <td>{agent}</td>
            <td>
                {words.kind_of(&conversation.kind)}
                <small>{origin}</small>
            </td>
            <td class="nums">{grouped(conversation.message_count, locale)}{counts(conversation.feedback)}</td>
            <td>{pill(words.state(status), tone(status))}</td>
            <td class="when">{time(&conversation.last_activity)}</td>
        </tr>
    }
}
