//! What stands in a bubble: the visitor's words as they are, an answer as it is marked up.

use atthene_protocol::event::Role;
use web_sys::{Document, Element, Text};

pub(super) struct Body {
    root: Element,
    text: Text,
}

impl Body {
    /// Fills `root`, which is empty.
    pub(super) fn new(document: &Document, root: Element, _role: Role) -> Self {
        let text = document.create_text_node("");
        let _ = root.append_child(&text);
        Self { root, text }
    }

    pub(super) fn set(&mut self, text: &str) {
        self.text.set_data(text);
    }

    pub(super) fn append(&mut self, delta: &str) {
        let _ = self.text.append_data(delta);
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self) {}

    /// The words without their marks.
    pub(super) fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }
}
