//! Four figures of the last day with their courses.

use super::Desk;
use crate::api::types::{Totals, Usage};
use crate::api::{self};
use crate::format::{change, grouped, span};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Loaded, Stat, Tone, remote};

/// The row of figures. It is not what a page is about: where they cannot be had, it is not there.
pub(super) fn figures(desk: Desk) -> impl IntoView {
    let usage = remote(move || {
        let key = desk.key();
        async move { api::usage(1, Some(&key)).await }
    });
    move || match usage.read() {
        Loaded::Waiting => stats(&Usage::default(), true).into_any(),
        Loaded::Ready(usage) => stats(&usage, false).into_any(),
        Loaded::Failed(_) => ().into_any(),
    }
}

fn stats(usage: &Usage, is_waiting: bool) -> impl IntoView + use<> {
    let words = words();
    let locale = state().locale.get_untracked();
    let (now, before) = (&usage.totals, &usage.previous);
    let course =
        |figure: fn(&Totals) -> u64| -> Vec<u64> { usage.series.iter().map(|point| figure(&point.totals)).collect() };
    let count = |number: u64| {
        if is_waiting {
            "\u{2013}".to_owned()
        } else {
            grouped(number, locale)
        }
    };
    let told = |now: u64, before: u64, good_is_more: bool| {
        change(now, before).map(|text| {
            let is_good = (now > before) == good_is_more;
            (text, if is_good { Tone::Good } else { Tone::Warn })
        })
    };
    let first_token = |totals: &Totals| totals.first_token_p95_ms.unwrap_or(0);
    let refused_tone = if now.refused_origins > 0 {
        Tone::Warn
    } else {
        Tone::Plain
    };
    view! {
        <div class="stats" aria-label=words.agent.last_day role="group">
            <Stat
                label=words.agent.messages
                figure=count(now.messages)
                change=told(now.messages, before.messages, true)
                values=course(|totals| totals.messages)
            />
            <Stat
                label=words.agent.visitors
                figure=count(now.visitors)
                change=told(now.visitors, before.visitors, true)
                values=course(|totals| totals.visitors)
            />
            <Stat
                label=words.agent.first_token
                figure=now.first_token_p95_ms.map_or_else(|| "\u{2013}".to_owned(), |ms| span(ms, locale))
                change=told(first_token(now), first_token(before), false)
                values=course(|totals| totals.first_token_p95_ms.unwrap_or(0))
            />
            <Stat
                label=words.agent.refused
                figure=count(now.refused_origins)
                change=None
                values=course(|totals| totals.refused_origins)
                tone=refused_tone
            />
        </div>
    }
}
