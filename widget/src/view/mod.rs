//! The parts of the panel; the tree on disk is the tree on screen. Each part reads the session and tells it what the
//! visitor does; none of them talks to the server.

pub(crate) mod composer;
pub(crate) mod header;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod starters;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use web_sys::{Document, Element};

use crate::session::Session;

thread_local! {
    static SESSIONS: RefCell<Vec<Weak<Session>>> = const { RefCell::new(Vec::new()) };
}

/// The session, in the form that a view may keep: Leptos wants what could go to another thread, and a number can.
#[derive(Clone, Copy)]
pub(crate) struct Cx(usize);

impl Cx {
    pub(crate) fn new(session: &Rc<Session>) -> Self {
        SESSIONS.with_borrow_mut(|sessions| {
            sessions.push(Rc::downgrade(session));
            Self(sessions.len() - 1)
        })
    }

    fn session(self) -> Option<Rc<Session>> {
        SESSIONS.with_borrow(|sessions| sessions.get(self.0).and_then(Weak::upgrade))
    }
}

/// A text that follows the session. One type for all of them: each type of closure costs its own machinery.
pub(crate) fn read(cx: Cx, text: fn(&Session) -> String) -> impl Fn() -> String + Send {
    move || {
        let Some(session) = cx.session() else {
            return String::new();
        };
        session.changed.track();
        text(&session)
    }
}

/// A drawing of one line, 24 by 24.
pub(crate) fn icon(path: impl Fn() -> String + Send + 'static) -> impl IntoView {
    view! { <svg viewBox="0 0 24 24" aria-hidden="true"><path d=path /></svg> }
}

/// A new element with a class, at the end of its parent.
pub(crate) fn add(document: &Document, parent: &Element, tag: &str, class: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_class_name(class);
    parent.append_child(&element).ok()?;
    Some(element)
}
