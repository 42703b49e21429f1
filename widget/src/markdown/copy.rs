//! The button that copies a block of code. It knows the frame that `view` builds around the code, nothing of the tree.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The words on the button, in the visitor's language.
pub struct Words {
    /// What it offers.
    pub copy: String,
    /// What it says when it is done, until the focus goes elsewhere.
    pub copied: String,
}

thread_local! {
    /// One listener for all buttons: they find their code by their place, so nothing has to be kept or cleared up.
    static LISTENER: Closure<dyn Fn(Event)> = Closure::new(|event: Event| {
        if let Some(button) = event.current_target() {
            // An error means that the frame is gone.
            let _ = answer(button.unchecked_ref(), event.type_() == "click");
        }
    });
}

/// Makes a button of it.
pub(super) fn copy_button(button: &HtmlElement, words: &Words) -> Result<(), JsValue> {
    button.set_attribute("type", "button")?;
    button.set_attribute("data-copy", &words.copy)?;
    button.set_attribute("data-copied", &words.copied)?;
    button.set_text_content(Some(&words.copy));
    LISTENER.with(|listener| {
        let listener = Some(listener.as_ref().unchecked_ref());
        button.set_onclick(listener);
        button.set_onblur(listener);
    });
    Ok(())
}

fn answer(button: &HtmlElement, is_click: bool) -> Result<(), JsValue> {
    let is_copied = is_click && copy(button)?;
    let word = button.get_attribute(if is_copied { "data-copied" } else { "data-copy" });
    button.set_text_content(word.as_deref());
    Ok(())
}

/// Copies by a selection: that works at once, without https, and where a page's policy closes the clipboard's own interface.
fn copy(button: &HtmlElement) -> Result<bool, JsValue> {
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
    button.focus()?;
    is_copied
}
