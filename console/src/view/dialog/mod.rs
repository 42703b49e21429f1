//! A question over the page. The browser's own dialog keeps the focus inside, gives it back, and closes on Escape.

use leptos::html;

use super::button::{Button, Kind};
use super::field::next_id;
use super::icon::{Icon, icon};
use super::press::Press;
use crate::prelude::*;
use crate::state::words;

/// A dialog with a heading and a way out. What is in it is made when it opens.
#[component]
pub fn Dialog(
    /// Whether it is open.
    is_open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it can be left without an answer.
    #[prop(default = true)]
    can_leave: bool,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    let (id, named_by) = {
        let id = next_id();
        (id.clone(), id)
    };
    Effect::new(move |_| {
        let wanted = is_open.get();
        if let Some(dialog) = dialog.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            aria-labelledby=named_by
            on:close=move |_| is_open.set(false)
            on:cancel=move |event: web_sys::Event| {
                if !can_leave {
                    event.prevent_default();
                }
            }
        >
            <div class="dialog-head">
                <h2 id=id>{move || title.get()}</h2>
                {can_leave
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="icon-btn"
                                aria-label=words().general.close
                                on:click=move |_| is_open.set(false)
                            >
                                {icon(Icon::Cross)}
                            </button>
                        }
                    })}
            </div>
            {move || is_open.get().then(|| children())}
        </dialog>
    }
}

/// A question with yes and no.
#[component]
pub fn Confirm(
    /// Whether it is asked.
    is_open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What happens then.
    #[prop(into)]
    text: Signal<String>,
    /// The word of the button that does it.
    #[prop(into)]
    yes: Signal<String>,
    /// Whether it destroys something.
    #[prop(optional)]
    is_dangerous: bool,
    /// Whether it is being done.
    #[prop(optional, into)]
    is_busy: Signal<bool>,
    /// Does it; the dialog is closed by whoever knows that it is done.
    #[prop(into)]
    on_yes: Press,
) -> impl IntoView {
    let kind = if is_dangerous { Kind::Danger } else { Kind::Primary };
    view! {
        <Dialog is_open=is_open title=title>
            {
                let on_yes = on_yes.clone();
                view! {
                    <p class="dialog-text">{move || text.get()}</p>
                    <div class="dialog-end">
                        <Button label=words().general.cancel on_press=move || is_open.set(false) />
                        <Button label=yes kind=kind is_busy=is_busy on_press=on_yes />
                    </div>
                }
            }
        </Dialog>
    }
}
