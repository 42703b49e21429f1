//! Fields: each with its name above, a hint below, and what is wrong with it right there.

pub mod choice;
pub mod switch;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::prelude::*;

pub use choice::{Choice, SelectField};
pub use switch::Switch;

/// An id that nothing else on the page has.
pub fn next_id() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("f{}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// What stands around every field: name, hint, mistake. The field itself gets its id and what describes it.
fn framed(
    id: &str,
    label: String,
    is_label_hidden: bool,
    hint: String,
    error: Signal<Option<String>>,
    field: AnyView,
) -> AnyView {
    let (hint_id, error_id) = (format!("{id}-h"), format!("{id}-e"));
    let has_hint = !hint.is_empty();
    view! {
        <div class="field" class:wrong=move || error.with(Option::is_some)>
            <label for=id.to_owned() class:sr=is_label_hidden>{label}</label>
            {field}
            {has_hint.then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="error" id=error_id aria-live="polite">{move || error.get()}</p>
        </div>
    }
}

/// The ids of what describes a field.
fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint {
        format!("{id}-h {id}-e")
    } else {
        format!("{id}-e")
    }
}

/// One line of text.
#[component]
pub fn TextField(
    /// Its name.
    #[prop(into)]
    label: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What goes in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// As HTML has it: `email`, `password`, `search`, ..
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may put in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
    /// Whether it is written in letters of one width.
    #[prop(optional)]
    is_mono: bool,
    /// Whether only screen readers get its name.
    #[prop(optional)]
    is_label_hidden: bool,
    /// Whether it can only be read.
    #[prop(optional, into)]
    is_fixed: Signal<bool>,
) -> impl IntoView {
    let id = next_id();
    let field = view! {
        <input
            id=id.clone()
            class=if is_mono { "input mono" } else { "input" }
            type=kind
            autocomplete=autocomplete
            autocapitalize=is_mono.then_some("none")
            spellcheck=is_mono.then_some("false")
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            aria-describedby=described_by(&id, !hint.is_empty())
            aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
            readonly=move || is_fixed.get()
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        />
    };
    framed(&id, label, is_label_hidden, hint, error, field)
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Its name.
    #[prop(into)]
    label: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What goes in.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it is written in letters of one width.
    #[prop(optional)]
    is_mono: bool,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
    /// Whether it can only be read.
    #[prop(optional, into)]
    is_fixed: Signal<bool>,
) -> impl IntoView {
    let id = next_id();
    let field = view! {
        <textarea
            id=id.clone()
            class=if is_mono { "input mono" } else { "input" }
            rows=rows.to_string()
            spellcheck=is_mono.then_some("false")
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            aria-describedby=described_by(&id, !hint.is_empty())
            aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
            readonly=move || is_fixed.get()
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        ></textarea>
    };
    framed(&id, label, false, hint, error, field)
}
