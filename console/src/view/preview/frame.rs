//! The widget inside of the frame, by the widget's own public methods. The address of its script passes the page's one
//! policy for such addresses, which lets through nothing but the widget of `public_url`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::{Callable, Callback};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, HtmlIFrameElement};

use super::WidgetOption;
use crate::browser;

#[wasm_bindgen]
extern "C" {
    /// `window.trustedTypes` and its policies, which web-sys does not know.
    type Policies;
    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Policies, name: &str, rules: &JsValue) -> Result<JsValue, JsValue>;
}

/// The name that the page's policy knows.
const POLICY: &str = "atthene-widget";

/// A widget in a frame; dropped, it is gone.
pub(super) struct Widget {
    window: JsValue,
    key: String,
    options: RefCell<Vec<WidgetOption>>,
    // What the frame calls; it must live as long as the widget.
    _calls: Vec<Closure<dyn FnMut(JsValue)>>,
}

impl Widget {
    /// Loads the shim into the frame and starts the widget, open. Opening a chat takes the focus; here it stays where it
    /// is, in the form beside the frame.
    pub(super) fn mount(
        frame: &HtmlIFrameElement,
        key: String,
        options: &[WidgetOption],
        on_message: Option<Callback<String>>,
    ) -> Option<Self> {
        let document = frame.content_document()?;
        let window = JsValue::from(frame.content_window()?);
        prepare(&document);
        let init = init_options(&key, options);
        let of_frame = window.clone();
        let loaded = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            call(&of_frame, "init", &init);
            call(&of_frame, "open", &JsValue::UNDEFINED);
        });
        let mut calls = Vec::new();
        let script = document.create_element("script").ok()?;
        let address = format!("{}/chat-widget.js", browser::meta("atthene-public-url"));
        Reflect::set(&script, &"src".into(), &trusted(&window, &address)).ok()?;
        script
            .add_event_listener_with_callback("load", loaded.as_ref().unchecked_ref())
            .ok()?;
        calls.push(loaded);
        let mut on = |event: &str, heard: Closure<dyn FnMut(JsValue)>| {
            let target = window.unchecked_ref::<web_sys::EventTarget>();
            let added = target.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
            calls.push(heard);
            added.ok()
        };
        // Between these two nothing else happens.
        let before = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&before);
        on(
            "atthenechat:ready",
            Closure::new(move |_| drop(kept.replace(focused()))),
        )?;
        let own = frame.clone();
        let opened = move |_| {
            if focused().is_some_and(|focused| focused.is_same_node(Some(&own))) {
                let _ = own.blur();
                let _ = before.take().map(|before| before.focus());
            }
        };
        on("atthenechat:open", Closure::new(opened))?;
        if let Some(on_message) = on_message {
            let heard = move |event: JsValue| {
                let session = field(&field(&event, "detail"), "sessionId").as_string();
                on_message.run(session.unwrap_or_default());
            };
            on("atthenechat:message", Closure::new(heard))?;
        }
        document.body()?.append_child(&script).ok()?;
        Some(Self {
            window,
            key,
            options: RefCell::new(options.to_vec()),
            _calls: calls,
        })
    }

    /// Passes other options to the widget that is there; `false` where it must be made anew, since what was passed once
    /// cannot be taken back.
    pub(super) fn update(&self, options: &[WidgetOption]) -> bool {
        let mut own = self.options.borrow_mut();
        let is_taken_back = own.iter().any(|(name, value)| {
            let is_kept = options.iter().any(|(other, new)| other == name && !new.is_empty());
            !value.is_empty() && !is_kept
        });
        if is_taken_back {
            return false;
        }
        *own = options.to_vec();
        call(&self.window, "init", &init_options(&self.key, options));
        true
    }
}

impl Drop for Widget {
    fn drop(&mut self) {
        call(&self.window, "destroy", &JsValue::UNDEFINED);
    }
}

/// What of our own page has the focus.
fn focused() -> Option<HtmlElement> {
    browser::document().active_element()?.dyn_into().ok()
}

/// The frame's page: nothing on it, in the language and the colours of ours.
fn prepare(document: &Document) {
    let Some(root) = document.document_element() else {
        return;
    };
    for name in ["lang", "data-theme"] {
        let value = browser::root().and_then(|ours| ours.get_attribute(name));
        let _ = root.set_attribute(name, &value.unwrap_or_default());
    }
    let is_dark = root.get_attribute("data-theme").as_deref() == Some("dark");
    let style = field(&root, "style");
    let _ = Reflect::set(
        &style,
        &"colorScheme".into(),
        &if is_dark { "dark" } else { "light" }.into(),
    );
    document.set_title("Widget");
}

fn init_options(key: &str, options: &[WidgetOption]) -> JsValue {
    let init = Object::new();
    let set = |name: &str, value: &str| {
        let _ = Reflect::set(&init, &name.into(), &value.into());
    };
    set("agentKey", key);
    // A preview leaves nothing behind in this browser.
    set("persistence", "none");
    for (name, value) in options.iter().filter(|(_, value)| !value.is_empty()) {
        set(name, value);
    }
    init.into()
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method of `AttheneChat`, if it is there.
fn call(window: &JsValue, method: &str, argument: &JsValue) {
    let chat = field(window, "AttheneChat");
    if chat.is_object()
        && let Ok(method) = field(&chat, method).dyn_into::<Function>()
    {
        let _ = method.apply(&chat, &Array::of1(argument));
    }
}

/// The address of the script as the frame's window takes it: as it is where there are no trusted types.
fn trusted(window: &JsValue, address: &str) -> JsValue {
    let types = field(window, "trustedTypes");
    if !types.is_object() {
        return address.into();
    }
    // A window makes a policy once; the one of an earlier widget is kept on it.
    let kept = field(window, POLICY);
    let policy = if kept.is_object() {
        kept
    } else {
        let allowed = address.to_owned();
        let check = Closure::<dyn FnMut(String) -> JsValue>::new(move |wanted: String| {
            if wanted == allowed {
                wanted.into()
            } else {
                JsValue::NULL
            }
        });
        let rules = Object::new();
        let _ = Reflect::set(&rules, &"createScriptURL".into(), &check.into_js_value());
        let made = types.unchecked_into::<Policies>().create_policy(POLICY, &rules);
        let made = made.unwrap_or(JsValue::UNDEFINED);
        let _ = Reflect::set(window, &POLICY.into(), &made);
        made
    };
    match field(&policy, "createScriptURL").dyn_into::<Function>() {
        Ok(make) => make.call1(&policy, &address.into()).unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    }
}
