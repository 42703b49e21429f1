//! The parts of the panel; the tree on disk is the tree on screen. A part is what the session's state makes of it: after
//! each event the view is made anew and Leptos changes what differs. No signals: their machinery weighs 6 kB, and all
//! that changes here changes with one event. None of the parts talks to the server.

pub(crate) mod chips;
pub(crate) mod composer;
pub(crate) mod header;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod notice;

use leptos::prelude::*;
use web_sys::{Document, Element};

/// A drawing of one line, 24 by 24.
pub(crate) fn icon(path: &'static str) -> impl IntoView {
    view! { <svg viewBox="0 0 24 24" aria-hidden="true"><path d=path /></svg> }
}

/// A new element with a class, at the end of its parent.
pub(crate) fn add(document: &Document, parent: &Element, tag: &str, class: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_class_name(class);
    parent.append_child(&element).ok()?;
    Some(element)
}
