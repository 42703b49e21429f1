//! Every model that an agent can name, and whether it answers.

use leptos::task::spawn_local;

use crate::api;
use crate::api::types::{Model, ModelTested};
use crate::format::span;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Empty, Icon, Table, Tone, pill, remote, shown};

/// The tab.
pub(super) fn models() -> impl IntoView {
    let words = words().settings;
    let found = remote(api::server_settings);
    view! {
        <div class="stack narrow">
            <p class="quiet">{words.models_about}</p>
            {shown(found, move |settings| {
                if settings.models.is_empty() {
                    return view! {
                        <div class="card">
                            <Empty sign=Icon::Agent title=words.no_models text=words.no_models_text />
                        </div>
                    };
                }
                let columns = vec![words.model, words.provider, words.state, ""];
                let rows = settings.models.into_iter().map(row).collect_view();
                view! { <Table caption=words.models columns=columns>{rows}</Table> }
            })}
        </div>
    }
}

fn row(model: Model) -> impl IntoView {
    let words = words().settings;
    let is_busy = RwSignal::new(false);
    let tested = RwSignal::new(None::<ModelTested>);
    let name = StoredValue::new(model.name.clone());
    let test = move || {
        is_busy.set(true);
        spawn_local(async move {
            match api::test_model(&name.get_value()).await {
                Ok(answer) => {
                    tested.try_set(Some(answer));
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    let (state_word, tone) = if model.is_ready {
        (words.ready, Tone::Good)
    } else {
        (words.not_ready, Tone::Warn)
    };
    view! {
        <tr>
            <td>
                <code>{model.name}</code>
            </td>
            <td>{model.provider}</td>
            <td>
                {pill(state_word, tone)}
                {model.problem.map(|problem| view! { <p class="cell-note">{problem}</p> })}
                <div aria-live="polite">{move || tested.get().map(answer)}</div>
            </td>
            <td class="end">
                <Button label=words.test is_busy=is_busy on_press=test />
                <span class="sr">{fill(words.test_of, &[&name.get_value()])}</span>
            </td>
        </tr>
    }
}

/// What a model said, or why it said nothing.
fn answer(tested: ModelTested) -> impl IntoView {
    let words = words().settings;
    let latency = span(tested.latency_ms, state().locale.get_untracked());
    let (class, said) = if tested.ok {
        ("good", fill(words.tested_ok, &[&latency]))
    } else {
        ("bad", words.tested_bad.to_owned())
    };
    let more = tested.reply.or(tested.error);
    view! {
        <p class="cell-note">
            <b class=class>{said}</b>
            {more.map(|more| view! { <q>{more}</q> })}
        </p>
    }
}
