//! Trying an agent: the real widget, and beside it what the last turn did.

use super::{Desk, live};
use crate::api::types::{Step, Trace};
use crate::api::{self};
use crate::format::{grouped, span, unix_ms};
use crate::prelude::*;
use crate::route::escaped;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::preview::{Preview, Screen};
use crate::view::{Card, Empty, Icon, Tone, pill, remote, shown};

/// The tab.
pub(super) fn playground(desk: Desk) -> impl IntoView {
    let words = words();
    let key = live::deployed_key(desk);
    let options = Signal::derive(move || live::options(&desk.agent()));
    let session = RwSignal::new(String::new());
    let traces = remote(move || async move {
        let session = session.get_untracked();
        if session.is_empty() {
            return Ok(Vec::new());
        }
        api::latest_traces(&format!("session_id={}&limit=1", escaped(&session))).await
    });
    // A message is complete: of the visitor, when the turn begins, and of the agent, when it has just ended.
    let heard = Callback::new(move |id: String| {
        session.set(id);
        traces.refresh();
    });
    view! {
        <div class="play">
            <div class="play-widget">
                <Preview agent_key=key options=options screen=Signal::stored(Screen::Phone) on_message=heard />
            </div>
            <Card title=words.playground.trace about=words.playground.trace_about>
                {shown(traces, move |traces| match traces.into_iter().next() {
                    None => view! {
                        <Empty sign=Icon::Trace title=words.playground.none text=words.playground.none_text />
                    },
                    Some(trace) => shown_trace(&trace).into_any(),
                })}
            </Card>
        </div>
    }
}

fn shown_trace(trace: &Trace) -> impl IntoView + use<> {
    let words = words();
    let locale = state().locale.get_untracked();
    let tone = match trace.status.as_str() {
        "completed" => Tone::Good,
        "error" => Tone::Bad,
        _ => Tone::Warn,
    };
    let tokens = |count: Option<u64>| count.map_or_else(|| "\u{2013}".to_owned(), |count| grouped(count, locale));
    let received = trace.received.clone().unwrap_or_default();
    let steps = trace.steps.iter().map(|step| bar(step, trace)).collect_view();
    let error = trace.error_code.clone();
    let messages = received.messages.into_iter().map(|message| {
        view! {
            <div class="said">
                <b>{message.role}</b>
                <pre>{message.content}</pre>
            </div>
        }
    });
    view! {
        <div class="stack">
            <div class="row tight">
                {pill(trace.status.clone(), tone)}
                <span class="nums">{span(trace.duration_ms, locale)}</span>
                <span class="quiet">
                    {words.playground.tokens_in}
                    {" "}
                    {tokens(trace.input_tokens)}
                    {" \u{b7} "}
                    {words.playground.tokens_out}
                    {" "}
                    {tokens(trace.output_tokens)}
                </span>
                {error.map(|code| view! { <code class="bad">{code}</code> })}
            </div>
            <ol class="falls">{steps}</ol>
            <details class="more-ways">
                <summary>{words.playground.received}</summary>
                <div class="stack">
                    <div class="said">
                        <b>{words.playground.prompt}</b>
                        <pre>{received.system_prompt}</pre>
                    </div>
                    {messages.collect_view()}
                </div>
            </details>
        </div>
    }
}

/// One step as a bar in the time of the whole turn.
fn bar(step: &Step, trace: &Trace) -> impl IntoView + use<> {
    let begin = unix_ms(&trace.started_at).unwrap_or(0);
    let whole = trace.duration_ms.max(1);
    let before = unix_ms(&step.started_at).map_or(0, |at| at.saturating_sub(begin).max(0) as u64);
    let percent = |part: u64| (part * 100 / whole).min(100);
    let width = percent(step.duration_ms).max(1).min(100 - percent(before).min(99));
    let locale = state().locale.get_untracked();
    view! {
        <li class:is-bad=step.error.is_some()>
            <span class="falls-name">
                {step.kind.clone()}
                {" "}
                <code>{step.name.clone()}</code>
            </span>
            <span class="falls-time">{span(step.duration_ms, locale)}</span>
            <i aria-hidden="true">
                <b
                    style:margin-left=format!("{}%", percent(before).min(99))
                    style:width=format!("{width}%")
                >
                    {""}
                </b>
            </i>
            {step.error.clone().map(|error| view! { <p class="error">{error}</p> })}
        </li>
    }
}
