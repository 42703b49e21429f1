//! Where the visitor writes. Enter sends, Shift+Enter makes a line; while an answer streams the button stops it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

use super::{Cx, icon, read};
use crate::chat::Event;
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

fn send(cx: &Cx, field: &HtmlTextAreaElement) {
    let text = field.value();
    let text = text.trim();
    if !text.is_empty() && cx.excess.get() == 0 {
        cx.write(text);
        field.set_value("");
        follow(cx, field);
    }
}

pub(crate) fn composer(cx: &Cx) -> impl IntoView + use<> {
    let (typed, pressed, clicked) = (cx.clone(), cx.clone(), cx.clone());
    let placeholder = read(cx, |s| {
        let placeholder = &s.options.borrow().placeholder;
        // An empty one would hide from CSS whether something has been written.
        if placeholder.is_empty() {
            String::from(" ")
        } else {
            placeholder.clone()
        }
    });
    view! {
        <div class="comp">
            <div class="grow">
                <textarea rows="1" placeholder=placeholder aria-label=read(cx, |s| s.options.borrow().placeholder.clone())
                    on:input:capture=move |event| follow(&typed, &event_target(&event))
                    on:keydown:capture=move |event| {
                        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229 {
                            event.prevent_default();
                            send(&pressed, &event_target(&event));
                        }
                    }>
                </textarea>
            </div>
            <button type="button"
                class=read(cx, |s| String::from(if s.chat.borrow().is_running() { "send stop" } else { "send" }))
                aria-label=read(cx, |s| String::from(if s.chat.borrow().is_running() { s.words.stop } else { s.words.send }))
                on:click:capture=move |event| {
                    if clicked.chat.borrow().is_running() {
                        return clicked.dispatch(Event::StopWanted);
                    }
                    let button: Element = event_target(&event);
                    let field = button.closest(".comp").ok().flatten().and_then(|frame| frame.query_selector("textarea").ok().flatten());
                    if let Some(field) = field {
                        send(&clicked, field.unchecked_ref());
                    }
                }>
                {icon(read(cx, |s| String::from(if s.chat.borrow().is_running() { "M8 8h8v8H8z" } else { "M12 19V5M5.500 11.500L12 5l6.500 6.500" })))}
            </button>
        </div>
    }
}
