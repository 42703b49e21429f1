//! A form: it is sent once at a time, what is wrong stands at its fields, and what fails otherwise below them.

mod mistakes;

use std::future::Future;
use std::pin::Pin;

use leptos::task::spawn_local;

use super::button::{Button, Kind};
use super::press::Press;
use crate::prelude::*;
pub use mistakes::Mistakes;

/// What a form knows of its sending. A handle: copies are the same form.
#[derive(Clone, Copy, Default)]
pub struct Sending {
    mistakes: RwSignal<Mistakes>,
    is_busy: RwSignal<bool>,
}

type Work = Pin<Box<dyn Future<Output = Result<(), Mistakes>>>>;

impl Sending {
    /// What is wrong with a field.
    pub fn wrong_at(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.mistakes.with(|mistakes| mistakes.of(field)))
    }

    /// Does the work, unless something is wrong already or it is being done. What is wrong then is shown.
    pub fn send(self, wrong: Mistakes, work: impl Future<Output = Result<(), Mistakes>> + 'static) {
        self.start(wrong, Box::pin(work));
    }

    fn start(self, wrong: Mistakes, work: Work) {
        let is_right = wrong.are_none();
        self.mistakes.set(wrong);
        if !is_right || self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        spawn_local(async move {
            // The page may be gone by then.
            if let Err(mistakes) = work.await {
                self.mistakes.try_set(mistakes);
            }
            self.is_busy.try_set(false);
        });
    }
}

/// The form around its fields, which end with a [`SendButton`].
#[component]
pub fn Form(
    /// How its fields stand.
    #[prop(default = "stack")]
    class: &'static str,
    /// Sends it.
    #[prop(into)]
    on_send: Press,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <form
            class=class
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                on_send.now();
            }
        >
            {children()}
        </form>
    }
}

/// What failed, where no field is wrong.
#[component]
pub fn Failed(
    /// The form.
    sending: Sending,
) -> impl IntoView {
    view! { <p class="error" role="alert">{move || sending.mistakes.with(Mistakes::whole)}</p> }
}

/// The button that sends a form.
#[component]
pub fn SendButton(
    /// Its word.
    #[prop(into)]
    label: String,
    /// The form.
    sending: Sending,
) -> impl IntoView {
    view! { <Button label=label kind=Kind::Primary is_busy=sending.is_busy submits=true on_press=|| () /> }
}
