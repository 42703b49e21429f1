//! Copies a block of code. It knows the frame that `view` builds around the code, nothing of the tree.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The class of the button on a block of code.
pub(crate) const COPY: &str = "code-copy";

/// Copies the block that this button stands on; tells whether it could. By a selection: that works at once, without
/// https, and where a page's policy closes the clipboard's own interface. An error means that the frame is gone.
pub(crate) fn copy(button: &Element) -> Result<bool, JsValue> {
    let document = button.owner_document().ok_or(JsValue::NULL)?;
    let head = button.parent_element().ok_or(JsValue::NULL)?;
    let area: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    area.set_value(
        &head
            .next_sibling()
            .and_then(|code| code.text_content())
            .unwrap_or_default(),
    );
    head.append_child(&area)?;
    area.select();
    let is_copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
    head.remove_child(&area)?;
    button.unchecked_ref::<HtmlElement>().focus()?;
    is_copied
}
