//! The looks: tokens and the style of each part, as one sheet that the shadow root adopts. The accent and the choice
//! between light and dark are the shim's.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, ShadowRoot};

const CSS: &str = concat!(
    include_str!("view/tokens.css"),
    include_str!("../shim/launcher.css"),
    include_str!("view/panel.css"),
    include_str!("view/header/header.css"),
    include_str!("view/log/log.css"),
    include_str!("view/message/message.css"),
    include_str!("view/notice/notice.css"),
    include_str!("view/chips/chips.css"),
    include_str!("view/composer/composer.css"),
);

/// The sheet on its shadow root; dropped, it is gone.
pub(crate) struct Theme {
    root: ShadowRoot,
    sheet: JsValue,
}

impl Theme {
    pub(crate) fn adopt(root: JsValue) -> Option<Self> {
        let root: ShadowRoot = root.dyn_into().ok()?;
        let sheet = CssStyleSheet::new().ok()?;
        sheet.replace_sync(CSS).ok()?;
        root.adopted_style_sheets().push(&sheet);
        Some(Self {
            root,
            sheet: sheet.into(),
        })
    }
}

impl Drop for Theme {
    fn drop(&mut self) {
        let others = Array::new();
        for sheet in self
            .root
            .adopted_style_sheets()
            .iter()
            .filter(|sheet| *sheet != self.sheet)
        {
            others.push(&sheet);
        }
        self.root.set_adopted_style_sheets(&others);
    }
}
