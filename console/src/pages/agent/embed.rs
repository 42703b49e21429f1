//! What is pasted into a page, and whether it is there: the origins of the last day, each refused one with the way to let
//! it in.

use leptos::task::spawn_local;
use serde_json::json;

use super::{Desk, put};
use crate::api::types::{Embed, OriginSeen};
use crate::api::{self};
use crate::prelude::*;
use crate::route::Tab;
use crate::state::late_words as words;
use crate::state::state;
use crate::text::fill;
use crate::view::{
    Button, Card, CodeBlock, Confirm, Empty, Icon, Remote, Table, Tone, icon, pill, remote, shown, time,
};

/// The tab.
pub(super) fn embed(desk: Desk) -> impl IntoView {
    let words = words();
    let texts = remote(move || {
        let key = desk.key();
        async move { api::embed(&key).await }
    });
    let seen = remote(move || {
        let key = desk.key();
        async move { api::seen_origins(&key).await }
    });
    view! {
        <div class="stack narrow">
            {move || (!desk.agent().is_public).then(|| not_public(desk))}
            <Card title=words.embed.title about=words.embed.about>
                {shown(texts, snippets)}
            </Card>
            {installed(desk, seen)}
        </div>
    }
}

/// Nothing that is pasted works before this.
fn not_public(desk: Desk) -> impl IntoView {
    let words = words();
    view! {
        <div class="note" role="status">
            {icon(Icon::Warn)}
            <p>{words.embed.not_public}</p>
            <a class="btn" href=desk.route(Tab::Access).path()>{words.agent.tab(Tab::Access)}</a>
        </div>
    }
}

fn snippets(embed: Embed) -> impl IntoView {
    let words = words();
    view! {
        <div class="stack">
            <CodeBlock label=words.embed.snippet text=embed.snippet />
            {embed
                .pinned_snippet
                .map(|pinned| {
                    view! {
                        <details class="more-ways">
                            <summary>{words.embed.pinned}</summary>
                            <div class="stack">
                                <p class="quiet">{words.embed.pinned_about}</p>
                                <CodeBlock label=words.embed.pinned text=pinned />
                            </div>
                        </details>
                    }
                })}
            <details class="more-ways">
                <summary>{words.embed.csp}</summary>
                <div class="stack">
                    <p class="quiet">{words.embed.csp_about}</p>
                    <CodeBlock label="Content-Security-Policy" text=embed.csp />
                </div>
            </details>
        </div>
    }
}

fn installed(desk: Desk, seen: Remote<Vec<OriginSeen>>) -> impl IntoView {
    let words = words();
    let wanted = RwSignal::new(String::new());
    let (is_asked, is_busy) = (RwSignal::new(false), RwSignal::new(false));
    let again = view! {
        <Button label=words.embed.look_again sign=Icon::Again on_press=move || seen.refresh() />
    };
    let allow = move || {
        is_busy.set(true);
        spawn_local(async move {
            let mut origins = desk.agent_now().allowed_origins;
            origins.push(wanted.get_untracked());
            match put(desk, json!({ "allowed_origins": origins })).await {
                Ok(()) => {
                    is_asked.try_set(false);
                    state().say(fill(words.embed.allowed_now, &[&wanted.get_untracked()]));
                    seen.refresh();
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    let title = Signal::derive(move || fill(words.embed.allow_title, &[&wanted.get()]));
    view! {
        <Card title=words.embed.installed about=words.embed.installed_about actions=again.into_any()>
            {shown(seen, move |seen| {
                if seen.is_empty() {
                    return view! {
                        <Empty sign=Icon::Find title=words.embed.nothing_seen text=words.embed.nothing_seen_text />
                    };
                }
                let allowed = desk.agent().allowed_origins;
                let rows = seen.into_iter().map(|origin| {
                    let is_allowed_since = allowed.contains(&origin.origin);
                    row(origin, is_allowed_since, wanted, is_asked)
                });
                let rows = rows.collect_view();
                let columns = vec![words.embed.origin, words.agents.state, words.embed.seen, ""];
                view! {
                    <Table caption=words.embed.installed columns=columns>{rows}</Table>
                }
            })}
            <Confirm
                is_open=is_asked
                title=title
                text=words.embed.allow_text
                yes=words.embed.allow
                is_busy=is_busy
                on_yes=allow
            />
        </Card>
    }
}

fn row(seen: OriginSeen, is_allowed_since: bool, wanted: RwSignal<String>, is_asked: RwSignal<bool>) -> impl IntoView {
    let words = words();
    let (word, tone) = match (seen.accepted, is_allowed_since) {
        (true, _) => (words.embed.accepted, Tone::Good),
        (false, true) => (words.embed.next_load, Tone::Good),
        (false, false) => (words.embed.refused, Tone::Bad),
    };
    // `null` and its like are no origin that could be allowed.
    let can_be_allowed = !seen.accepted && !is_allowed_since && seen.origin.contains("://");
    let origin = seen.origin.clone();
    let label = format!("{} {origin}", words.embed.allow);
    view! {
        <tr>
            <td class="mono">{seen.origin}</td>
            <td>{pill(word, tone)}</td>
            <td class="when">{time(&seen.seen_at)}</td>
            <td class="end">
                {(can_be_allowed && state().may_change())
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                aria-label=label
                                on:click=move |_| {
                                    wanted.set(origin.clone());
                                    is_asked.set(true);
                                }
                            >
                                {words.embed.allow}
                            </button>
                        }
                    })}
            </td>
        </tr>
    }
}
