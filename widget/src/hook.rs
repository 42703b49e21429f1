//! Listeners and alarms on the page that undo themselves when they are dropped.

use std::cell::Cell;

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, Window};

/// One kind of closure for all of them: each kind costs its own wrapper.
type Call = Closure<dyn FnMut(JsValue)>;

/// A listener on something of the page.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    call: Call,
}

impl Listener {
    pub(crate) fn new(target: &EventTarget, name: &'static str, call: Box<dyn FnMut(JsValue)>) -> Self {
        let call = Closure::wrap(call);
        let _ = target.add_event_listener_with_callback(name, call.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            name,
            call,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, self.call.as_ref().unchecked_ref());
    }
}

/// What is done with each of a row of promises, kept or broken.
pub(crate) struct Step(Call);

impl Step {
    pub(crate) fn new(call: Box<dyn FnMut(JsValue)>) -> Self {
        Self(Closure::wrap(call))
    }

    /// As soon as this one is settled.
    pub(crate) fn with(&self, promise: &Promise) {
        let _ = promise.then2(&self.0, &self.0);
    }
}

/// A call that comes once, after some time or with the next frame; setting it anew moves it.
pub(crate) struct Alarm {
    window: Window,
    call: Call,
    timeout: Cell<i32>,
    frame: Cell<i32>,
}

impl Alarm {
    pub(crate) fn new(window: Window, call: Box<dyn FnMut(JsValue)>) -> Self {
        Self {
            window,
            call: Closure::wrap(call),
            timeout: Cell::new(0),
            frame: Cell::new(0),
        }
    }

    /// After so many milliseconds.
    pub(crate) fn after(&self, wait_ms: i32) {
        self.clear();
        let call = self.call.as_ref().unchecked_ref();
        self.timeout.set(
            self.window
                .set_timeout_with_callback_and_timeout_and_arguments_0(call, wait_ms)
                .unwrap_or_default(),
        );
    }

    /// With the next frame; a page that nobody looks at has none.
    pub(crate) fn with_frame(&self) {
        self.clear();
        self.frame.set(
            self.window
                .request_animation_frame(self.call.as_ref().unchecked_ref())
                .unwrap_or_default(),
        );
    }

    pub(crate) fn clear(&self) {
        self.window.clear_timeout_with_handle(self.timeout.get());
        let _ = self.window.cancel_animation_frame(self.frame.get());
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clear();
    }
}
