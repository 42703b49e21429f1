//! On or off, at once.

use super::next_id;
use crate::prelude::*;

/// A switch with its name and what it means.
#[component]
pub fn Switch(
    /// Its name, a heading.
    #[prop(into)]
    label: String,
    /// What it means.
    #[prop(optional, into)]
    about: String,
    /// Whether it is on.
    #[prop(into)]
    is_on: Signal<bool>,
    /// Whether the change is being made.
    #[prop(optional, into)]
    is_busy: Signal<bool>,
    /// Whether it cannot be changed.
    #[prop(optional, into)]
    is_off: Signal<bool>,
    /// What is wanted now.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let (id, about_id) = (next_id(), next_id());
    let described_by = about_id.clone();
    let named_by = id.clone();
    view! {
        <div class="switch">
            <div class="switch-words">
                <h2 id=id>{label}</h2>
                <p class="quiet" id=about_id>{about}</p>
            </div>
            <button
                type="button"
                class="tog"
                role="switch"
                aria-labelledby=named_by
                aria-describedby=described_by
                aria-checked=move || if is_on.get() { "true" } else { "false" }
                aria-disabled=move || (is_busy.get() || is_off.get()).then_some("true")
                on:click=move |_| {
                    if !is_busy.get_untracked() && !is_off.get_untracked() {
                        on_change.run(!is_on.get_untracked());
                    }
                }
            ></button>
        </div>
    }
}
