//! Where the visitor writes. Enter sends, Shift+Enter makes a line; while an answer streams the button stops it.

use std::rc::Rc;

use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::{Cx, icon, read};
use crate::session::Session;
use crate::storage::DRAFT;

/// The field has changed: it grows with its text, and the text is kept.
pub(crate) fn follow(session: &Session, field: &HtmlTextAreaElement) {
    let text = field.value();
    let excess = text.chars().count().saturating_sub(session.options.borrow().max_chars);
    if session.excess.replace(excess) != excess {
        session.changed.notify();
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

fn running(session: &Session, yes: &str, no: &str) -> String {
    String::from(if session.chat.borrow().is_running() { yes } else { no })
}

pub(crate) fn composer(cx: Cx) -> impl IntoView {
    let placeholder = read(cx, |s| {
        let placeholder = &s.options.borrow().placeholder;
        // An empty one would hide from CSS whether something has been written.
        String::from(if placeholder.is_empty() { " " } else { placeholder })
    });
    view! {
        <div class="comp">
            <div class="grow">
                <textarea rows="1" placeholder=placeholder aria-label=read(cx, |s| s.options.borrow().placeholder.clone())></textarea>
            </div>
            <button type="button" class=read(cx, |s| running(s, "send stop", "send")) aria-label=read(cx, |s| running(s, s.words.stop, s.words.send))>
                {icon(read(cx, |s| running(s, "M8 8h8v8H8z", "M12 19V5M5.500 11.500L12 5l6.500 6.500")))}
            </button>
        </div>
    }
}
