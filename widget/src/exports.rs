//! The only surface that the shim sees; every call goes to `panel`.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use crate::panel;
use crate::session::Host;

/// A mounted panel.
#[wasm_bindgen]
pub struct Panel(panel::Panel);

/// Mounts a panel into a div of the shim's shadow root. Nothing is asked of the server yet.
#[wasm_bindgen]
pub fn mount(root: &HtmlElement, options: &JsValue, host: Host) -> Option<Panel> {
    panel::Panel::mount(root, options, host).map(Panel)
}

#[wasm_bindgen]
impl Panel {
    /// The shim shows the panel.
    pub fn open(&self) {
        self.0.open();
    }

    /// The shim has hidden the panel.
    pub fn close(&self) {
        self.0.close();
    }

    /// Sends a message for the page; resolves with it once the server has it.
    pub fn send(&self, text: &str) -> Promise {
        self.0.send(text)
    }

    /// The options in force, whole.
    pub fn set_options(&self, options: &JsValue) {
        self.0.set_options(options);
    }

    /// Leaves no node, listener, timer or request.
    pub fn destroy(&self) {
        self.0.destroy();
    }
}
