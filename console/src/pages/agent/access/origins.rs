//! The list of allowed origins: one a line, each looked at while it is typed, the right form one click away. What the
//! server says to a line stands at that line.

use leptos::task::spawn_local;
use serde_json::json;

use super::super::{Desk, put};
use crate::api::types::OriginSeen;
use crate::api::{self};
use crate::origin::{Entry, Mistake, entries, look};
use crate::prelude::*;
use crate::state::late_words as words;
use crate::state::state;
use crate::text::fill;
use crate::view::{Button, Icon, Kind, TextArea, icon, remote, time};

pub(super) fn origins(desk: Desk) -> impl IntoView {
    let words = words();
    let text = RwSignal::new(desk.agent_now().allowed_origins.join("\n"));
    let refused = RwSignal::new(Vec::<(usize, String)>::new());
    let failed = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let is_fixed = Signal::derive(|| !state().may_change());
    let seen = remote(move || {
        let key = desk.key();
        async move { api::seen_origins(&key).await }
    });
    let is_changed = Memo::new(move |_| entries(&text.get()) != desk.agent().allowed_origins);
    // What the server said was about the lines as they were.
    Effect::new(move |_| {
        text.track();
        refused.set(Vec::new());
        failed.set(None);
    });
    let save = move || {
        is_busy.set(true);
        spawn_local(async move {
            let wanted = entries(&text.get_untracked());
            match put(desk, json!({ "allowed_origins": wanted })).await {
                Ok(()) => {
                    text.try_set(desk.agent_now().allowed_origins.join("\n"));
                    state().say(words.general.saved);
                    seen.refresh();
                }
                Err(failure) => {
                    let by_line = failure
                        .fields
                        .iter()
                        .filter_map(|field| Some((line_of(&field.field)?, field.message.clone())));
                    let by_line: Vec<_> = by_line.collect();
                    failed.set(by_line.is_empty().then(|| words.general.failure(&failure)));
                    refused.set(by_line);
                }
            }
            is_busy.try_set(false);
        });
    };
    let rows = move || {
        let seen = seen.value().unwrap_or_default();
        let refused = refused.get();
        let lines = entries(&text.get());
        let rows = lines.iter().enumerate().map(|(index, entry)| {
            let said = refused
                .iter()
                .find(|(line, _)| *line == index)
                .map(|(_, message)| message.clone());
            row(text, index, entry, said, &seen).into_any()
        });
        rows.collect::<Vec<_>>()
    };
    view! {
        <TextArea
            label=words.access.list
            value=text
            hint=words.access.list_hint
            error=failed
            rows=4
            is_mono=true
            placeholder="https://shop.example"
            is_fixed=is_fixed
        />
        <div class="org" aria-live="polite">
            {rows}
            {move || {
                entries(&text.get())
                    .is_empty()
                    .then(|| view! { <p class="org-none">{words.access.list_empty}</p> })
            }}
        </div>
        {move || {
            is_changed
                .get()
                .then(|| {
                    view! {
                        <div class="row tight save-row">
                            <Button
                                label=words.general.save
                                kind=Kind::Primary
                                is_busy=is_busy
                                on_press=save
                            />
                            <Button
                                label=words.general.discard
                                kind=Kind::Quiet
                                on_press=move || text.set(desk.agent_now().allowed_origins.join("\n"))
                            />
                        </div>
                    }
                })
        }}
    }
}

/// `allowed_origins[2]` is line 2.
fn line_of(field: &str) -> Option<usize> {
    let index = field.strip_prefix("allowed_origins[")?.strip_suffix(']')?;
    index.parse().ok()
}

fn row(
    text: RwSignal<String>,
    index: usize,
    entry: &str,
    said: Option<String>,
    seen: &[OriginSeen],
) -> impl IntoView + use<> {
    let words = words();
    let shown = entry.to_owned();
    let looked = look(entry);
    if said.is_none() && !matches!(looked, Entry::Wrong(..)) {
        let note = match looked {
            Entry::AnySubdomain(apex) => Some(fill(words.access.any_subdomain, &[&apex]).into_any()),
            _ => seen
                .iter()
                .find(|origin| origin.origin == entry)
                .map(|origin| view! { {words.access.seen} {" "} {time(&origin.seen_at)} }),
        };
        return view! {
            <div>
                {icon(Icon::Tick)}
                <span>{shown}</span>
                <small>{note}</small>
            </div>
        };
    }
    let (why, right) = match looked {
        Entry::Wrong(mistake, right) => (mistake_words(mistake).to_owned(), right),
        _ => (String::new(), None),
    };
    let mend = move |right: String| {
        text.update(|text| {
            let mut lines = entries(text);
            if let Some(line) = lines.get_mut(index) {
                *line = right;
            }
            *text = lines.join("\n");
        });
    };
    let offered = right.map(|right| {
        let word = right.clone();
        view! {
            <span>{words.access.did_you_mean}</span>
            <button type="button" class="link" on:click=move |_| mend(right.clone())>{word}</button>
        }
    });
    view! {
        <div class="is-bad">
            {icon(Icon::Cross)}
            <span>{shown}</span>
            <p class="fix">
                <span>{said.unwrap_or(why)}</span>
                {" "}
                {offered}
            </p>
        </div>
    }
}

fn mistake_words(mistake: Mistake) -> &'static str {
    let words = words().access;
    match mistake {
        Mistake::NoProtocol => words.no_protocol,
        Mistake::OtherProtocol => words.other_protocol,
        Mistake::Path => words.path,
        Mistake::Name => words.name,
        Mistake::Host => words.host,
        Mistake::Port => words.port,
        Mistake::Wildcard => words.wildcard,
    }
}
