//! Texts that one press sends: questions to start with, or answers to choose from.

use web_sys::{Document, Element};

use super::add;

pub(crate) struct Chips {
    document: Document,
    list: Element,
    shown: Vec<String>,
}

impl Chips {
    /// Fills `list`, which is empty.
    pub(crate) fn new(document: Document, list: Element) -> Self {
        Self {
            document,
            list,
            shown: Vec::new(),
        }
    }

    /// Shows these and no others.
    pub(crate) fn draw(&mut self, wanted: &[String]) {
        if wanted == self.shown {
            return;
        }
        self.list.set_text_content(None);
        for text in wanted {
            if let Some(pill) = add(&self.document, &self.list, "button", "chip") {
                pill.set_text_content(Some(text));
            }
        }
        self.shown = wanted.to_vec();
    }
}
