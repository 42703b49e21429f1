//! The key that was just made: the one time that it is shown. The dialog is left by its button alone.

use super::Desk;
use crate::prelude::*;
use crate::state::late_words as words;
use crate::view::{Button, CodeBlock, Dialog, Kind};

/// The dialog.
pub(super) fn made(desk: Desk) -> impl IntoView {
    let words = words().keys;
    let is_open = RwSignal::new(false);
    Effect::new(move |_| is_open.set(desk.made.with(Option::is_some)));
    let done = move || {
        // From here on the secret is nowhere in the page.
        desk.made.set(None);
    };
    view! {
        <Dialog is_open=is_open title=words.made_title can_leave=false>
            {move || {
                desk.made
                    .get()
                    .map(|made| {
                        view! {
                            <div class="stack">
                                <p class="dialog-text">{words.made_text}</p>
                                <CodeBlock label=made.name text=Signal::stored(made.key) />
                                <div class="dialog-end">
                                    <Button label=words.made_done kind=Kind::Primary on_press=done />
                                </div>
                            </div>
                        }
                    })
            }}
        </Dialog>
    }
}
