//! The panel's frame: which part stands where.

use leptos::prelude::*;
use web_sys::{Document, Element};

use crate::session::Session;
use crate::text::{Words, direction};
use crate::view::add;
use crate::view::composer::composer;
use crate::view::header::header;
use crate::view::notice::notice;

/// The parts that change with the session.
pub(crate) fn app(session: &Session) -> impl IntoView + use<> {
    let title = session.options().title.clone();
    view! {
        <section role="dialog" class="panel" dir=direction(&session.locale) aria-label=title>
            {header(session)}
            <div class="dock">
                {notice(session)}
                {composer(session)}
            </div>
        </section>
    }
}

/// What stands between and behind them and is filled by hand.
pub(crate) struct Fixtures {
    /// The messages.
    pub(crate) list: Element,
    /// The button that leads to the newest.
    pub(crate) jump: Element,
    /// Questions to start with.
    pub(crate) starters: Element,
    /// What screen readers read out.
    pub(crate) live: Element,
}

impl Fixtures {
    /// By hand: each element of a view brings code of its own that looks for changes, and these have none.
    pub(crate) fn add(document: &Document, words: &Words, panel: &Element, dock: &Element) -> Option<Self> {
        let list = add(document, panel, "div", "log")?;
        for (name, value) in [("role", "group"), ("tabindex", "0"), ("aria-label", words.messages)] {
            let _ = list.set_attribute(name, value);
        }
        let _ = panel.insert_before(&list, Some(dock));
        let note = dock.first_child();
        let jump = add(document, dock, "button", "jump off")?;
        jump.set_text_content(Some(words.newest));
        let starters = add(document, dock, "div", "chips")?;
        for part in [&jump, &starters] {
            let _ = dock.insert_before(part, note.as_ref());
        }
        add(document, dock, "p", "foot")?.set_text_content(Some(words.foot));
        let live = add(document, panel, "div", "sr live")?;
        let _ = live.set_attribute("aria-live", "polite");
        Some(Self {
            list,
            jump,
            starters,
            live,
        })
    }
}
