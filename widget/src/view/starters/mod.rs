//! Questions to start with, while nothing has been said.

use web_sys::{Document, Element};

use super::add;
use crate::session::Session;

/// Fills `list` with what can be asked now.
pub(crate) fn draw(document: &Document, list: &Element, session: &Session) {
    list.set_text_content(None);
    if session.chat.borrow().messages.is_empty() {
        for text in &session.options.borrow().starters {
            if let Some(pill) = add(document, list, "button", "chip") {
                pill.set_text_content(Some(text));
            }
        }
    }
}
