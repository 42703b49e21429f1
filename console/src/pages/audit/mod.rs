//! The audit log: who did what and when, in plain words beside the server's own.

use serde_json::Value;

use crate::api::types::AuditEntry;
use crate::api::{self, Failure};
use crate::browser;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::ACTIONS;
use crate::view::{
    Button, Choice, Empty, Filters, Icon, Kind, Page, PageHead, SelectField, Table, TextField, listed, paged,
};

/// The page.
pub fn audit() -> impl IntoView {
    let words = words();
    let filters = Filters::of(&["action", "actor", "subject"]);
    let found = paged(move |before: Option<String>| {
        let query = filters.query(&[("before", before.as_deref().unwrap_or_default()), ("limit", "50")]);
        async move {
            let page = api::list_audit(&query).await?;
            let next = page
                .entries
                .last()
                .filter(|_| page.has_more)
                .map(|last| plain(&last.id));
            Ok::<_, Failure>(Page {
                items: page.entries,
                next,
            })
        }
    });
    filters.follow(move || found.refresh());
    view! {
        <PageHead title=words.audit.title />
        <p class="quiet about">{words.audit.about}</p>
        {narrow_by(filters)}
        {listed(found, move || none(filters), rows)}
    }
}

fn narrow_by(filters: Filters) -> impl IntoView {
    let words = words().audit;
    let mut actions = vec![Choice::new("", words.all_actions)];
    let mut named: Vec<Choice> = ACTIONS
        .into_iter()
        .map(|action| Choice::new(action, words.action_words(action)))
        .collect();
    named.sort_by(|one, other| one.label.cmp(&other.label));
    actions.append(&mut named);
    view! {
        <div class="narrow-by" role="search">
            <SelectField label=words.action value=filters.field("action") choices=actions />
            <TextField label=words.actor value=filters.field("actor") placeholder=words.actor_hint />
            <TextField label=words.subject value=filters.field("subject") placeholder=words.subject_hint />
            {move || {
                filters
                    .are_set()
                    .then(|| view! { <Button label=words.clear kind=Kind::Quiet on_press=move || filters.clear() /> })
            }}
        </div>
    }
}

fn none(filters: Filters) -> impl IntoView {
    let words = words().audit;
    let content = if untrack(|| filters.are_set()) {
        view! {
            <Empty sign=Icon::Find title=words.none_found text=words.none_found_text>
                <Button label=words.clear on_press=move || filters.clear() />
            </Empty>
        }
    } else {
        view! { <Empty sign=Icon::Shield title=words.none_yet text=words.none_yet_text /> }
    };
    view! { <div class="card">{content}</div> }
}

fn rows(entries: Vec<AuditEntry>) -> impl IntoView {
    let words = words().audit;
    let columns = vec![words.when, words.action, words.actor, words.subject, words.detail];
    let rows = entries.iter().map(row).collect_view();
    view! { <Table caption=words.title columns=columns>{rows}</Table> }
}

fn row(entry: &AuditEntry) -> impl IntoView + use<> {
    let words = words().audit;
    let locale = state().locale.get_untracked();
    let known = words.actor_words(&entry.actor);
    let (who, id) = match &entry.actor_name {
        Some(name) => (name.clone(), entry.actor.clone()),
        None if known != entry.actor => (known.to_owned(), String::new()),
        None => (String::new(), entry.actor.clone()),
    };
    // Here the time itself is what is looked for.
    let exact = browser::exact_time(&entry.at, locale.code());
    view! {
        <tr>
            <td class="when">
                <time datetime=entry.at.clone()>{exact}</time>
            </td>
            <td>
                {words.action_words(&entry.action).to_owned()}
                <small>{entry.action.clone()}</small>
            </td>
            <td>
                {who}
                <small>{id}</small>
            </td>
            <td>
                <code>{entry.subject.clone()}</code>
            </td>
            <td class="audit-detail">{details(&entry.detail)}</td>
        </tr>
    }
}

/// Further ids and codes, one a line.
fn details(detail: &Value) -> impl IntoView + use<> {
    let pairs = detail.as_object().cloned().unwrap_or_default();
    let pairs = pairs.into_iter().map(|(name, value)| {
        view! {
            <div>
                <span class="quiet">{name}{": "}</span>
                <code>{plain(&value)}</code>
            </div>
        }
    });
    pairs.collect_view()
}

/// A value as text; a text without its quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "\u{2013}".to_owned(),
        other => other.to_string(),
    }
}
