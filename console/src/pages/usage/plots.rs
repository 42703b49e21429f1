//! Courses over time, each with one sentence that says what it shows and a table of the same figures.

use super::DASH;
use crate::api::types::{Point, Totals, Usage};
use crate::format::{grouped, span};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::{Locale, fill};
use crate::view::plot::{Bar, Bars};

/// The plots, two beside each other where there is room.
pub(super) fn plots(usage: &Usage) -> impl IntoView + use<> {
    let words = words().usage;
    view! {
        <div class="halves plots">
            {counted(words.messages, usage, |totals| totals.messages)}
            {counted(words.visitors, usage, |totals| totals.visitors)}
            {counted(words.tokens, usage, |totals| totals.input_tokens + totals.output_tokens)}
            {counted(words.errors, usage, |totals| totals.errors)}
            {timed(words.first_token_50, usage, |totals| totals.first_token_p50_ms)}
            {timed(words.first_token, usage, |totals| totals.first_token_p95_ms)}
            {timed(words.turn_50, usage, |totals| totals.turn_p50_ms)}
            {timed(words.turn, usage, |totals| totals.turn_p95_ms)}
            {counted(words.refused, usage, |totals| totals.refused_origins)}
        </div>
    }
}

fn counted(name: &'static str, usage: &Usage, read: fn(&Totals) -> u64) -> impl IntoView + use<> {
    let locale = state().locale.get_untracked();
    let bars = bars(usage, |totals| {
        let number = read(totals);
        (number, grouped(number, locale))
    });
    let most = most(&bars);
    let summary = most.map(|bar| {
        fill(
            words().usage.summary,
            &[&grouped(read(&usage.totals), locale), &bar.text, &bar.label],
        )
    });
    plot(name, summary, bars)
}

fn timed(name: &'static str, usage: &Usage, read: fn(&Totals) -> Option<u64>) -> impl IntoView + use<> {
    let locale = state().locale.get_untracked();
    let bars = bars(usage, |totals| match read(totals) {
        Some(ms) => (ms, span(ms, locale)),
        None => (0, DASH.to_owned()),
    });
    let most = most(&bars);
    let summary = most.map(|bar| fill(words().usage.summary_slowest, &[&bar.text, &bar.label]));
    plot(name, summary, bars)
}

fn plot(name: &'static str, summary: Option<String>, bars: Vec<Bar>) -> impl IntoView + use<> {
    let summary = summary.unwrap_or_else(|| words().usage.summary_none.to_owned());
    view! {
        <section class="card">
            <Bars title=name summary=summary bars=bars />
        </section>
    }
}

fn bars(usage: &Usage, read: impl Fn(&Totals) -> (u64, String)) -> Vec<Bar> {
    let locale = state().locale.get_untracked();
    let bar = |point: &Point| {
        let (value, text) = read(&point.totals);
        Bar {
            label: label(&point.at, &usage.step, locale),
            value,
            text,
        }
    };
    usage.series.iter().map(bar).collect()
}

/// The highest of them, if any is above nothing.
fn most(bars: &[Bar]) -> Option<&Bar> {
    bars.iter().max_by_key(|bar| bar.value).filter(|bar| bar.value > 0)
}

/// When a step begins: the hour, or the day and month as they are written.
fn label(at: &str, step: &str, locale: Locale) -> String {
    let part = |from: usize, to: usize| at.get(from..to).unwrap_or_default();
    match (step, locale) {
        ("hour", _) => part(11, 16).to_owned(),
        (_, Locale::German) => format!("{}.{}.", part(8, 10), part(5, 7)),
        (_, Locale::English) => part(5, 10).to_owned(),
    }
}
