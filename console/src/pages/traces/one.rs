//! One turn.

use super::received::received;
use super::waterfall::waterfall;
use super::{DASH, count, tone};
use crate::api;
use crate::api::types::Trace;
use crate::format::span;
use crate::prelude::*;
use crate::route::Route;
use crate::state::late_words as words;
use crate::state::state;
use crate::view::status::{failed, skeleton};
use crate::view::{Card, Icon, Loaded, PageHead, icon, pill, remote, time};

/// The page.
pub fn trace(run: String) -> impl IntoView {
    let words = words();
    let found = remote(move || {
        let run = run.clone();
        async move { api::find_trace(&run).await }
    });
    move || {
        let above = (words.traces.title, Route::Traces);
        match found.read() {
            Loaded::Waiting => view! {
                <PageHead title=words.traces.trace above=above />
                {skeleton()}
            },
            Loaded::Failed(failure) => view! {
                <PageHead title=words.traces.trace above=above />
                {failed(&failure, move || found.restart())}
            },
            Loaded::Ready(trace) => shown(&trace).into_any(),
        }
    }
}

fn shown(trace: &Trace) -> impl IntoView + use<> {
    let words = words().traces;
    let beside = view! {
        {pill(words.state(&trace.status).to_owned(), tone(&trace.status))}
        <span class="key">{trace.run_id.clone()}</span>
    };
    let path = Route::Conversation(trace.session_id.clone()).path();
    let actions = view! { <a class="btn" href=path>{icon(Icon::Inbox)}{words.conversation}</a> };
    let answer = if trace.answer.is_empty() {
        view! { <p class="quiet">{words.no_answer}</p> }
    } else {
        view! { <p class="plain-text" dir="auto">{trace.answer.clone()}</p> }
    };
    let (steps, received) = (waterfall(trace), received(trace.received.as_ref()));
    view! {
        <PageHead
            title=words.trace
            above=(words.title, Route::Traces)
            beside=beside.into_any()
            actions=actions.into_any()
        />
        <div class="cols">
            <div class="stack">
                <Card title=words.steps about=words.steps_about>{steps}</Card>
                <Card title=words.answer>{answer}</Card>
                <Card title=words.received about=words.received_about>{received}</Card>
            </div>
            {facts(trace)}
        </div>
    }
}

fn facts(trace: &Trace) -> impl IntoView + use<> {
    let words = words().traces;
    let locale = state().locale.get_untracked();
    let first = trace
        .first_token_ms
        .map_or_else(|| DASH.to_owned(), |ms| span(ms, locale));
    let model = trace.received.as_ref().map(|received| received.model.clone());
    let mut facts = vec![
        (words.duration, span(trace.duration_ms, locale)),
        (words.first_token, first),
        (words.tokens_in, count(trace.input_tokens)),
        (words.tokens_out, count(trace.output_tokens)),
    ];
    facts.extend(model.map(|model| (words.model, model)));
    facts.extend(trace.error_code.clone().map(|code| (words.code, code)));
    facts.extend(trace.correlation_id.clone().map(|id| (words.correlation, id)));
    facts.push((
        words.version,
        trace.config_hash.get(..12).unwrap_or_default().to_owned(),
    ));
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd class="nums">{value}</dd>
        }
    });
    view! {
        <section class="card">
            <dl class="facts">
                <dt>{words.began}</dt>
                <dd>{time(&trace.started_at)}</dd>
                {facts.collect_view()}
            </dl>
        </section>
    }
}
