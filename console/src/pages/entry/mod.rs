//! The pages before the console: set-up, invitation, log-in; and the question for the password while a page is open.

mod account;
mod log_in;

pub use account::{invite, set_up};
pub use log_in::{log_in, log_in_again};

use crate::browser;
use crate::prelude::*;
use crate::state::words;
use crate::view::{Button, Icon, icon};

/// A card in the middle of the screen, under the mark.
fn centred(title: &'static str, text: &'static str, content: impl IntoView) -> impl IntoView {
    browser::document().set_title(&format!("{title} - {}", words().general.product));
    let has_text = !text.is_empty();
    view! {
        <main class="entry">
            <div class="entry-card">
                <div class="brand">
                    <i aria-hidden="true">{icon(Icon::Mark)}</i>
                    {words().general.product}
                </div>
                <h1>{title}</h1>
                {has_text.then(|| view! { <p class="entry-text">{text}</p> })}
                {content}
            </div>
        </main>
    }
}

/// There is no admin yet, and nobody with a link in front of the page.
pub fn needs_set_up() -> impl IntoView {
    centred(words().entry.needs_set_up, words().entry.needs_set_up_text, ())
}

/// The server does not answer.
pub fn unreachable() -> impl IntoView {
    let words = words();
    let again = view! {
        <Button label=words.general.try_again sign=Icon::Again on_press=|| crate::state::state().ask() />
    };
    centred(words.general.product, words.general.unreachable, again)
}
