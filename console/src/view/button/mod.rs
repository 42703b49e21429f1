//! Something to press. While its work is done it keeps its place and its focus, and cannot be pressed again.

use super::icon::{Icon, icon};
use super::press::Press;
use crate::prelude::*;

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// One of several.
    #[default]
    Plain,
    /// The next step; one for each page.
    Primary,
    /// It destroys something.
    Danger,
    /// Beside other things.
    Quiet,
}

impl Kind {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "btn",
            Self::Primary => "btn pri",
            Self::Danger => "btn danger",
            Self::Quiet => "btn quiet-btn",
        }
    }
}

/// A button with a word, and a drawing before it if there is one.
#[component]
pub fn Button(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// How much it asks for.
    #[prop(optional)]
    kind: Kind,
    /// The drawing.
    #[prop(optional)]
    sign: Option<Icon>,
    /// Whether its work is being done.
    #[prop(optional, into)]
    is_busy: Signal<bool>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    is_off: Signal<bool>,
    /// Whether Enter in a field of its form presses it.
    #[prop(optional)]
    submits: bool,
    /// What it does.
    #[prop(into)]
    on_press: Press,
) -> impl IntoView {
    view! {
        <button
            class=kind.class()
            type=if submits { "submit" } else { "button" }
            aria-busy=move || is_busy.get().then_some("true")
            aria-disabled=move || (is_busy.get() || is_off.get()).then_some("true")
            on:click=move |event| {
                if is_busy.get_untracked() || is_off.get_untracked() {
                    event.prevent_default();
                } else if !submits {
                    on_press.now();
                }
            }
        >
            {sign.map(icon)}
            {move || label.get()}
        </button>
    }
}
