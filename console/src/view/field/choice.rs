//! One of several.

use super::{described_by, framed, next_id};
use crate::prelude::*;

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A list that opens.
#[component]
pub fn SelectField(
    /// Its name.
    #[prop(into)]
    label: String,
    /// What is chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What it is for.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether only screen readers get its name.
    #[prop(optional)]
    is_label_hidden: bool,
) -> impl IntoView {
    let id = next_id();
    let field = view! {
        <select
            id=id.clone()
            class="input"
            aria-describedby=described_by(&id, !hint.is_empty())
            aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
            on:change:target=move |event| value.set(event.target().value())
        >
            {move || {
                let chosen = value.get();
                // The state itself: the attribute counts no more once somebody has chosen.
                let options = choices.get().into_iter().map(|choice| {
                    let is_chosen = choice.value == chosen;
                    view! { <option value=choice.value prop:selected=is_chosen>{choice.label}</option> }
                });
                options.collect_view()
            }}
        </select>
    };
    framed(&id, label, is_label_hidden, hint, error, field)
}
