//! Where the visitor writes. Enter sends, Shift+Enter makes a line; while an answer streams the button stops it.

use std::rc::Rc;

use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::icon;
use crate::session::Session;
use crate::storage::DRAFT;

/// The field has changed: it grows with its text, and the text is kept.
pub(crate) fn follow(session: &Session, field: &HtmlTextAreaElement) {
    let text = field.value();
    let excess = text.chars().count().saturating_sub(session.options().max_chars);
    if session.excess.replace(excess) != excess {
        session.draw(None);
    }
    session.storage.write(DRAFT, &text);
    // A copy of the text under the field, not shown, gives both their height.
    if let Some(frame) = field.parent_element() {
        let _ = frame.set_attribute("data-text", &text);
    }
}

/// Sends what is written, if it can be sent.
pub(crate) fn send(session: &Rc<Session>, field: &HtmlTextAreaElement) {
    let text = field.value();
    let text = text.trim_ascii();
    if !text.is_empty() && session.excess.get() == 0 {
        session.write(text);
        field.set_value("");
        follow(session, field);
    }
}

pub(crate) fn composer(session: &Session) -> impl IntoView + use<> {
    let label = if session.chat().question.is_some() {
        String::from(session.words.answer)
    } else {
        session.options().placeholder.clone()
    };
    // An empty one would hide from CSS whether something has been written.
    let placeholder = String::from(if label.is_empty() { " " } else { &label });
    let (class, name, path) = if session.chat().is_running() {
        ("send stop", session.words.stop, "M8 8h8v8H8z")
    } else {
        ("send", session.words.send, "M12 19V5M5.500 11.500L12 5l6.500 6.500")
    };
    view! {
        <div class="comp">
            <div class="grow">
                <textarea rows="1" placeholder=placeholder aria-label=label></textarea>
            </div>
            <button class=class aria-label=name>{icon(path)}</button>
        </div>
    }
}
