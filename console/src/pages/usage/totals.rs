//! The figures of the whole span, each against the span before.

use super::DASH;
use crate::api::types::{Totals, Usage};
use crate::format::{change, grouped, span};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::Usage as Words;
use crate::view::{Stat, Tone};

/// How a figure is read.
struct Figure {
    name: fn(&Words) -> &'static str,
    read: fn(&Totals) -> Option<u64>,
    is_time: bool,
    /// Whether more of it is good; nothing where neither is.
    more_is_good: Option<bool>,
}

const FIGURES: [Figure; 8] = [
    Figure {
        name: |words| words.messages,
        read: |totals| Some(totals.messages),
        is_time: false,
        more_is_good: Some(true),
    },
    Figure {
        name: |words| words.visitors,
        read: |totals| Some(totals.visitors),
        is_time: false,
        more_is_good: Some(true),
    },
    Figure {
        name: |words| words.sessions,
        read: |totals| Some(totals.sessions),
        is_time: false,
        more_is_good: Some(true),
    },
    Figure {
        name: |words| words.tokens,
        read: |totals| Some(totals.input_tokens + totals.output_tokens),
        is_time: false,
        more_is_good: None,
    },
    Figure {
        name: |words| words.first_token,
        read: |totals| totals.first_token_p95_ms,
        is_time: true,
        more_is_good: Some(false),
    },
    Figure {
        name: |words| words.turn,
        read: |totals| totals.turn_p95_ms,
        is_time: true,
        more_is_good: Some(false),
    },
    Figure {
        name: |words| words.errors,
        read: |totals| Some(totals.errors),
        is_time: false,
        more_is_good: Some(false),
    },
    Figure {
        name: |words| words.refused,
        read: |totals| Some(totals.refused_origins),
        is_time: false,
        more_is_good: Some(false),
    },
];

/// The figures.
pub(super) fn totals(usage: &Usage) -> impl IntoView + use<> {
    let words = words().usage;
    let figures = FIGURES.iter().map(|figure| stat(figure, usage)).collect_view();
    view! { <div class="stats" role="group" aria-label=words.totals>{figures}</div> }
}

fn stat(figure: &Figure, usage: &Usage) -> impl IntoView + use<> {
    let locale = state().locale.get_untracked();
    let (now, before) = ((figure.read)(&usage.totals), (figure.read)(&usage.previous));
    let text = match now {
        None => DASH.to_owned(),
        Some(ms) if figure.is_time => span(ms, locale),
        Some(number) => grouped(number, locale),
    };
    let (now, before) = (now.unwrap_or(0), before.unwrap_or(0));
    let told = change(now, before).map(|text| {
        let tone = match figure.more_is_good {
            None => Tone::Plain,
            Some(is_good) if is_good == (now > before) => Tone::Good,
            Some(_) => Tone::Warn,
        };
        (text, tone)
    });
    // What should not be there at all is drawn in the colour of care.
    let is_trouble = figure.more_is_good == Some(false) && !figure.is_time && now > 0;
    let values: Vec<u64> = usage
        .series
        .iter()
        .map(|point| (figure.read)(&point.totals).unwrap_or(0))
        .collect();
    view! {
        <Stat
            label=(figure.name)(words().usage)
            figure=text
            change=told
            values=values
            tone=if is_trouble { Tone::Warn } else { Tone::Plain }
        />
    }
}
