//! What stands in a bubble: the visitor's words as they are, an answer as it is marked up.

use web_sys::Element;

use super::Setting;
use crate::markdown::MarkdownView;

pub(super) struct Body {
    root: Element,
    /// Of an answer.
    markdown: Option<MarkdownView>,
}

impl Body {
    /// Fills `root`, which is empty.
    pub(super) fn new(setting: &Setting, root: Element, is_answer: bool) -> Self {
        let markdown = is_answer.then(|| MarkdownView::new(setting.document.clone(), root.clone(), setting.words.copy));
        Self { root, markdown }
    }

    pub(super) fn set(&mut self, text: &str) {
        match &mut self.markdown {
            Some(markdown) => markdown.set(text),
            None => self.root.set_text_content(Some(text)),
        }
    }

    pub(super) fn append(&mut self, delta: &str) {
        if let Some(markdown) = &mut self.markdown {
            markdown.append(delta);
        }
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self) {
        if let Some(markdown) = &mut self.markdown {
            markdown.finish();
        }
    }

    /// The words without their marks.
    pub(super) fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }
}
