//! The button that copies a block of code. It knows the frame that `view` builds around the code, nothing of the tree.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// How long the button says that it did it.
const SAID_MS: i32 = 2_000;

/// The words on the button, in the visitor's language.
pub struct Words {
    /// What it offers.
    pub copy: String,
    /// What it says when it is done.
    pub copied: String,
}

thread_local! {
    /// One listener for all buttons: they find their code by their place, so nothing has to be kept or cleared up.
    static ON_CLICK: Closure<dyn Fn(Event)> = Closure::new(|event: Event| {
        if let Some(button) = event.current_target() {
            spawn_local(async move {
                copy(button.unchecked_into()).await;
            });
        }
    });
}

/// Makes a button of it.
pub(super) fn copy_button(button: &HtmlElement, words: &Words) -> Result<(), JsValue> {
    button.set_attribute("type", "button")?;
    button.set_attribute("data-copied", &words.copied)?;
    button.set_text_content(Some(&words.copy));
    ON_CLICK.with(|listener| button.set_onclick(Some(listener.as_ref().unchecked_ref())));
    Ok(())
}

async fn copy(button: HtmlElement) -> Option<()> {
    let text = button.parent_element()?.next_element_sibling()?.text_content()?;
    let window = web_sys::window()?;
    let clipboard = window.navigator().clipboard();
    // Pages without https have no clipboard, and a page's policy may refuse it: then the old way.
    let is_copied = !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
    if !is_copied && !copy_by_selection(&button, &text)? {
        return None;
    }
    let copied = button.get_attribute("data-copied")?;
    let copy = button.text_content().filter(|shown| *shown != copied)?;
    button.set_text_content(Some(&copied));
    let restore = Closure::once_into_js(move || button.set_text_content(Some(&copy)));
    window
        .set_timeout_with_callback_and_timeout_and_arguments_0(restore.unchecked_ref(), SAID_MS)
        .ok()?;
    Some(())
}

fn copy_by_selection(button: &HtmlElement, text: &str) -> Option<bool> {
    let document = button.owner_document()?;
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.unchecked_into();
    area.set_value(text);
    button.parent_element()?.append_child(&area).ok()?;
    area.select();
    let is_copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
    area.remove();
    button.focus().ok()?;
    is_copied.ok()
}
