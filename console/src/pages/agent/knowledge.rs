//! What an agent may look up: files are dropped in, and what was made of them is listed.

use leptos::html;
use leptos::task::spawn_local;
use serde_json::json;
use web_sys::FileList;

use super::{Desk, put};
use crate::api::types::{Document, FileProblem, Knowledge};
use crate::api::{self};
use crate::form;
use crate::format::{grouped, size};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Card, Confirm, Empty, Icon, Remote, Table, TextField, icon, remote, shown, time};

/// The knowledge base that a first file goes into.
const FIRST_BASE: &str = "docs";

/// What the tab works on. A handle.
#[derive(Clone, Copy)]
struct Shelf {
    desk: Desk,
    knowledge: Remote<Knowledge>,
    base: RwSignal<String>,
    /// How many files are done, of how many.
    progress: RwSignal<Option<(u32, u32)>>,
    problems: RwSignal<Vec<FileProblem>>,
    /// What is to be removed: base, document, name.
    doomed: RwSignal<(String, String, String)>,
    is_asked: RwSignal<bool>,
}

/// The tab.
pub(super) fn knowledge(desk: Desk) -> impl IntoView {
    let named = form::knowledge_bases(&desk.agent_now().system_config);
    let shelf = Shelf {
        desk,
        knowledge: remote(move || {
            let key = desk.key();
            async move { api::knowledge(&key).await }
        }),
        base: RwSignal::new(named.into_iter().next().unwrap_or_else(|| FIRST_BASE.to_owned())),
        progress: RwSignal::new(None),
        problems: RwSignal::new(Vec::new()),
        doomed: RwSignal::new(Default::default()),
        is_asked: RwSignal::new(false),
    };
    let words = words();
    view! {
        <div class="stack">
            {move || state().may_change().then(|| intake(shelf))}
            {shown(shelf.knowledge, move |knowledge| {
                let bases = knowledge.bases.into_iter().filter(|base| !base.documents.is_empty());
                let bases: Vec<_> = bases.collect();
                if bases.is_empty() {
                    return view! {
                        <div class="card">
                            <Empty sign=Icon::Page title=words.knowledge.none text=words.knowledge.none_text />
                        </div>
                    };
                }
                let cards = bases.into_iter().map(|base| list(shelf, base.name, base.documents));
                cards.collect_view().into_any()
            })}
            {removal(shelf)}
        </div>
    }
}

fn intake(shelf: Shelf) -> impl IntoView {
    let words = words();
    let input: NodeRef<html::Input> = NodeRef::new();
    let is_over = RwSignal::new(false);
    let take = move |files: Option<FileList>| {
        if let Some(files) = files {
            add(shelf, &files);
        }
    };
    view! {
        <Card title=words.knowledge.add about=words.knowledge.add_about>
            <div class="stack">
                <TextField label=words.knowledge.base value=shelf.base hint=words.knowledge.base_hint is_mono=true />
                <div
                    class="drop"
                    class:over=move || is_over.get()
                    on:dragover=move |event| {
                        event.prevent_default();
                        is_over.set(true);
                    }
                    on:dragleave=move |_| is_over.set(false)
                    on:drop=move |event| {
                        event.prevent_default();
                        is_over.set(false);
                        take(event.data_transfer().and_then(|data| data.files()));
                    }
                >
                    {icon(Icon::Upload)}
                    <p>{words.knowledge.drop}</p>
                    <Button
                        label=words.knowledge.choose
                        on_press=move || {
                            if let Some(input) = input.get_untracked() {
                                input.click();
                            }
                        }
                    />
                    <input
                        node_ref=input
                        type="file"
                        multiple
                        hidden
                        aria-label=words.knowledge.choose
                        on:change:target=move |event| {
                            take(event.target().files());
                            event.target().set_value("");
                        }
                    />
                </div>
                <div aria-live="polite">
                    {move || {
                        shelf
                            .progress
                            .get()
                            .map(|(done, all)| {
                                let text = fill(words.knowledge.progress, &[&done.to_string(), &all.to_string()]);
                                view! {
                                    <p class="quiet">{text}</p>
                                    <progress value=done.to_string() max=all.to_string() aria-label=words.knowledge.add></progress>
                                }
                            })
                    }}
                    {move || {
                        let problems = shelf.problems.get().into_iter();
                        problems
                            .map(|problem| {
                                view! {
                                    <p class="error">
                                        <b>{problem.file}</b>
                                        {": "}
                                        {problem.message}
                                    </p>
                                }
                            })
                            .collect_view()
                    }}
                </div>
            </div>
        </Card>
    }
}

/// One file after the other, so that it can be told how far one is and which of them could not be read.
fn add(shelf: Shelf, files: &FileList) {
    let files: Vec<_> = (0..files.length()).filter_map(|index| files.get(index)).collect();
    if files.is_empty() || shelf.progress.get_untracked().is_some() {
        return;
    }
    let all = files.len() as u32;
    shelf.problems.set(Vec::new());
    shelf.progress.set(Some((0, all)));
    spawn_local(async move {
        let words = words();
        let base = shelf.base.get_untracked().trim().to_owned();
        let mut passages = 0;
        for (index, file) in files.iter().enumerate() {
            match api::add_knowledge(&shelf.desk.key(), &base, file).await {
                Ok(added) => {
                    passages += added.documents.iter().map(|document| document.passages).sum::<u64>();
                    shelf.problems.try_update(|problems| problems.extend(added.problems));
                }
                Err(failure) => {
                    let message = words.general.failure(&failure);
                    shelf.problems.try_update(|problems| {
                        problems.push(FileProblem {
                            file: file.name(),
                            message,
                        })
                    });
                }
            }
            shelf.progress.try_set(Some((index as u32 + 1, all)));
        }
        shelf.progress.try_set(None);
        if passages > 0 {
            name_base(shelf.desk, &base).await;
            let count = grouped(passages, state().locale.get_untracked());
            state().say(fill(words.knowledge.added, &[&count]));
        }
        shelf.knowledge.refresh();
    });
}

/// What was put in is to be found: the configuration names the knowledge base.
async fn name_base(desk: Desk, base: &str) {
    let old = desk.agent_now().system_config;
    let mut new = old.clone();
    form::add_knowledge_base(&mut new, base);
    if new != old {
        let change = form::patch(&old, &new);
        if let Err(failure) = put(desk, json!({ "system_config": change })).await {
            state().complain(&failure);
        }
    }
}

fn list(shelf: Shelf, base: String, documents: Vec<Document>) -> impl IntoView {
    let words = words();
    let locale = state().locale.get_untracked();
    let passages: u64 = documents.iter().map(|document| document.passages).sum();
    let about = fill(
        words.knowledge.base_about,
        &[&grouped(documents.len() as u64, locale), &grouped(passages, locale)],
    );
    let of_rows = base.clone();
    let rows = documents.into_iter().map(move |document| {
        let base = of_rows.clone();
        let name = document.name.clone();
        let label = format!("{} {name}", words.general.remove);
        let ask = move || {
            shelf
                .doomed
                .set((base.clone(), document.id.clone(), document.name.clone()));
            shelf.is_asked.set(true);
        };
        view! {
            <tr>
                <td>{name}</td>
                <td>{grouped(document.passages, locale)}</td>
                <td>{document.bytes.map(|bytes| size(bytes, locale))}</td>
                <td class="when">{time(&document.indexed_at)}</td>
                <td class="end">
                    {state()
                        .may_change()
                        .then(|| {
                            view! {
                                <button type="button" class="icon-btn" aria-label=label on:click=move |_| ask()>
                                    {icon(Icon::Bin)}
                                </button>
                            }
                        })}
                </td>
            </tr>
        }
    });
    let columns = vec![
        words.knowledge.document,
        words.knowledge.passages,
        words.knowledge.size,
        words.knowledge.indexed,
        "",
    ];
    view! {
        <Card title=base.clone() about=about>
            <Table caption=base columns=columns>{rows.collect_view()}</Table>
        </Card>
    }
}

fn removal(shelf: Shelf) -> impl IntoView {
    let words = words();
    let is_busy = RwSignal::new(false);
    let title = Signal::derive(move || {
        shelf
            .doomed
            .with(|(_, _, name)| fill(words.knowledge.remove_title, &[name]))
    });
    let remove = move || {
        is_busy.set(true);
        spawn_local(async move {
            let (base, document, _) = shelf.doomed.get_untracked();
            match api::remove_knowledge(&shelf.desk.key(), &base, &document).await {
                Ok(()) => {
                    shelf.is_asked.try_set(false);
                    shelf.knowledge.refresh();
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    view! {
        <Confirm
            is_open=shelf.is_asked
            title=title
            text=words.knowledge.remove_text
            yes=words.general.remove
            is_dangerous=true
            is_busy=is_busy
            on_yes=remove
        />
    }
}
