//! The right side: the configuration as text, with the number of each line, and what is wrong at which of them.

use leptos::html;

use super::Draft;
use crate::api::types::Finding;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Icon, icon};

pub(super) fn yaml(draft: Draft) -> impl IntoView {
    let words = words();
    let area: NodeRef<html::Textarea> = NodeRef::new();
    let numbers = move || {
        let lines = draft.yaml.with(|text| text.split('\n').count());
        (1..=lines).map(|line| line.to_string()).collect::<Vec<_>>().join("\n")
    };
    let has_errors = move || draft.errors.with(|errors| (!errors.is_empty()).then_some("true"));
    view! {
        <section class="card yaml">
            <div class="card-head">
                <div>
                    <h2 id="yaml-name">{"YAML"}</h2>
                    <p class="quiet" id="yaml-about">{words.instructions.yaml_about}</p>
                </div>
            </div>
            <div class="editor">
                <pre class="gutter" aria-hidden="true">{numbers}</pre>
                <textarea
                    node_ref=area
                    class="mono"
                    spellcheck="false"
                    autocomplete="off"
                    wrap="off"
                    aria-labelledby="yaml-name"
                    aria-describedby="yaml-about yaml-errors"
                    aria-invalid=has_errors
                    readonly=move || !state().may_change()
                    prop:value=move || draft.yaml.get()
                    on:input:target=move |event| {
                        draft.yaml.set(event.target().value());
                        draft.is_yaml_ahead.set(true);
                        draft.after_pause(move || draft.look_at_yaml());
                    }
                ></textarea>
            </div>
            <ul class="findings" id="yaml-errors" aria-live="polite">
                {move || draft.errors.get().into_iter().map(|one| finding(one, true, area)).collect_view()}
                {move || draft.warnings.get().into_iter().map(|one| finding(one, false, area)).collect_view()}
            </ul>
            {move || {
                draft
                    .errors
                    .with(Vec::is_empty)
                    .then(|| {
                        view! {
                            <p class="answer">
                                <span class="good">{icon(Icon::Tick)}</span>
                                {words.instructions.can_run}
                            </p>
                        }
                    })
            }}
        </section>
    }
}

/// One mistake; its line is one click away.
fn finding(finding: Finding, is_error: bool, area: NodeRef<html::Textarea>) -> impl IntoView {
    let words = words();
    let place = finding.line.map(|line| {
        let label = fill(words.instructions.line, &[&line.to_string()]);
        view! {
            <button type="button" class="link" on:click=move |_| show_line(area, line)>{label}</button>
        }
    });
    let class = if is_error { "bad" } else { "warn" };
    let sign = if is_error { Icon::Cross } else { Icon::Warn };
    view! {
        <li>
            <span class=class>{icon(sign)}</span>
            <div>
                {place}
                {" "}
                <code>{finding.field}</code>
                <p>{finding.message}</p>
            </div>
        </li>
    }
}

/// Selects a line.
fn show_line(area: NodeRef<html::Textarea>, line: u32) {
    let Some(area) = area.get_untracked() else { return };
    let text = area.value();
    let before: usize = text
        .split('\n')
        .take(line.saturating_sub(1) as usize)
        .map(|line| line.encode_utf16().count() + 1)
        .sum();
    let length = text.split('\n').nth(line.saturating_sub(1) as usize);
    let length = length.map_or(0, |line| line.encode_utf16().count());
    let _ = area.focus();
    let _ = area.set_selection_range(before as u32, (before + length) as u32);
}
