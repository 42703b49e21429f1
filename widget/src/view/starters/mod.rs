//! Questions to start with, while nothing has been said.

use web_sys::{Document, Element};

use super::add;
use crate::session::Session;

pub(crate) struct Starters {
    document: Document,
    list: Element,
    shown: Vec<String>,
}

impl Starters {
    /// Fills `list`, which is empty.
    pub(crate) fn new(document: Document, list: Element) -> Self {
        Self {
            document,
            list,
            shown: Vec::new(),
        }
    }

    /// Shows what can be asked now.
    pub(crate) fn draw(&mut self, session: &Session) {
        let is_fresh = session.chat.borrow().messages.is_empty();
        let wanted = if is_fresh {
            session.options.borrow().starters.clone()
        } else {
            Vec::new()
        };
        if wanted == self.shown {
            return;
        }
        self.list.set_text_content(None);
        for text in &wanted {
            if let Some(pill) = add(&self.document, &self.list, "button", "chip") {
                pill.set_text_content(Some(text));
            }
        }
        self.shown = wanted;
    }
}
