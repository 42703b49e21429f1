//! Which model answers: one of those that the server knows, and a button that asks it for a word.

use leptos::task::spawn_local;

use super::Draft;
use crate::api::types::ModelTested;
use crate::api::{self};
use crate::form::Field;
use crate::format::span;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::text::fill;
use crate::view::{Button, Choice, SelectField, remote};

pub(super) fn model(draft: Draft) -> impl IntoView {
    let words = words();
    let value = draft.field(Field::Model);
    let settings = remote(api::settings);
    // The one that is named is offered, whether the server knows it or not.
    let choices = Signal::derive(move || {
        let models = settings.value().unwrap_or_default().models;
        let mut choices: Vec<Choice> = models
            .iter()
            .map(|model| {
                let label = if model.is_ready {
                    model.name.clone()
                } else {
                    fill(words.instructions.not_ready, &[&model.name])
                };
                Choice::new(model.name.clone(), label)
            })
            .collect();
        let own = value.get();
        if !choices.iter().any(|choice| choice.value == own) {
            choices.insert(0, Choice::new(own.clone(), own));
        }
        choices
    });
    let answer = RwSignal::new(None::<Result<ModelTested, String>>);
    let is_busy = RwSignal::new(false);
    Effect::new(move |_| {
        value.track();
        answer.set(None);
    });
    let test = move || {
        is_busy.set(true);
        spawn_local(async move {
            let said = api::test_model(&value.get_untracked()).await;
            answer.try_set(Some(said.map_err(|failure| words.general.failure(&failure))));
            is_busy.try_set(false);
        });
    };
    view! {
        <div class="model-row">
            <SelectField
                label=words.instructions.model
                value=value
                choices=choices
                error=draft.error_of(Field::Model)
            />
            {move || {
                state()
                    .may_change()
                    .then(|| view! { <Button label=words.instructions.test_model is_busy=is_busy on_press=test /> })
            }}
        </div>
        <p class="answer" role="status">
            {move || answer.get().map(|answer| said(answer).into_any())}
        </p>
    }
}

fn said(answer: Result<ModelTested, String>) -> impl IntoView {
    let words = words();
    let (class, text) = match answer {
        Ok(tested) if tested.ok => {
            let took = span(tested.latency_ms, state().locale.get_untracked());
            ("good", fill(words.instructions.model_answers, &[&took]))
        }
        Ok(tested) => ("bad", tested.error.unwrap_or_default()),
        Err(text) => ("bad", text),
    };
    view! { <b class=class>{text}</b> }
}
