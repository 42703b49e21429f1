//! The steps of a turn, each a bar at its place in the time of the whole turn. Its figures stand beside it as text, so
//! nothing is said by the bar alone.

use super::count;
use crate::api::types::{Step, Trace};
use crate::format::span;
use crate::prelude::*;
use crate::state::{late_words as words, state};

/// Marks of the time axis between its ends.
const QUARTERS: [u64; 5] = [0, 25, 50, 75, 100];

/// The steps in order.
pub(super) fn waterfall(trace: &Trace) -> impl IntoView + use<> {
    let words = words().traces;
    if trace.steps.is_empty() {
        return view! { <p class="quiet">{words.no_steps}</p> };
    }
    let locale = state().locale.get_untracked();
    let whole = whole(trace);
    let marks = QUARTERS.map(|percent| {
        let text = span(whole * percent / 100, locale);
        view! { <span style:left=format!("{percent}%")>{text}</span> }
    });
    let steps = trace.steps.iter().map(|step| bar(step, whole)).collect_view();
    view! {
        <div class="falls-axis" aria-hidden="true">{marks.collect_view()}</div>
        <ol class="waterfall">{steps}</ol>
    }
}

/// How long the whole turn took; never nothing, for it is divided by.
fn whole(trace: &Trace) -> u64 {
    let ends = trace.steps.iter().map(|step| step.start_ms + step.duration_ms);
    ends.max().unwrap_or(0).max(trace.duration_ms).max(1)
}

fn bar(step: &Step, whole: u64) -> impl IntoView + use<> {
    let words = words().traces;
    let locale = state().locale.get_untracked();
    // The bar of a step that took no time is still to be seen.
    let left = (step.start_ms * 1_000 / whole).min(990);
    let width = (step.duration_ms * 1_000 / whole).clamp(10, 1_000 - left);
    let tenths = |part: u64| format!("{}.{}%", part / 10, part % 10);
    let tokens = (step.input_tokens.is_some() || step.output_tokens.is_some()).then(|| {
        format!(
            "{}: {} / {}",
            words.tokens,
            count(step.input_tokens),
            count(step.output_tokens)
        )
    });
    let told = [
        (words.arguments, step.arguments.clone()),
        (words.result, step.result.clone()),
    ];
    let told = told
        .into_iter()
        .filter_map(|(name, text)| text.map(|text| (name, text)));
    let told = told.map(|(name, text)| {
        view! {
            <details class="more-ways">
                <summary>{name}</summary>
                <pre class="raw" tabindex="0">{text}</pre>
            </details>
        }
    });
    view! {
        <li class:is-bad=step.error.is_some()>
            <p class="fall-name">
                <b>{words.step_kind(&step.kind).to_owned()}</b>
                {" "}
                <code>{step.name.clone()}</code>
            </p>
            <div class="fall-track" aria-hidden="true">
                <i style:margin-left=tenths(left) style:width=tenths(width)>
                    {""}
                </i>
            </div>
            <p class="fall-figures nums">
                <span>{format!("{}: {}", words.start, span(step.start_ms, locale))}</span>
                <span>{format!("{}: {}", words.duration, span(step.duration_ms, locale))}</span>
                {tokens.map(|tokens| view! { <span>{tokens}</span> })}
            </p>
            {step.error.clone().map(|error| view! { <p class="error">{error}</p> })}
            {told.collect_view()}
        </li>
    }
}
