//! Text to be copied as it is.

use super::icon::{Icon, icon};
use crate::browser;
use crate::prelude::*;
use crate::state::words;

/// A block with its name and a button that copies it.
#[component]
pub fn CodeBlock(
    /// What it is.
    #[prop(into)]
    label: String,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let words = words();
    let said = RwSignal::new(words.general.copy);
    let copy = move || {
        browser::copy(text.get_untracked(), move |is_copied| {
            said.set(if is_copied {
                words.general.copied
            } else {
                words.general.copy_by_hand
            });
        });
    };
    let name = label.clone();
    view! {
        <figure class="code">
            <figcaption>
                <span>{label}</span>
                <button type="button" on:click=move |_| copy() on:blur=move |_| said.set(words.general.copy)>
                    {icon(Icon::Copy)}
                    <span aria-live="polite">{move || said.get()}</span>
                </button>
            </figcaption>
            <pre tabindex="0" role="region" aria-label=name>
                <code>{move || text.get()}</code>
            </pre>
        </figure>
    }
}
