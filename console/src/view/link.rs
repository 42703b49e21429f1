//! Links inside the console. They are links as any other, so they can be opened in a new tab; a plain click stays in the
//! page that is there.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::browser;
use crate::route::Route;
use crate::state::state;

/// Follows links without loading the page again, and the browser's back and forward.
pub fn follow_links() {
    let _ = window_event_listener(ev::click, |event| {
        if let Some(route) = target(&event) {
            event.prevent_default();
            state().go(route);
        }
    });
    let _ = window_event_listener(ev::popstate, |_| {
        state().route.set(Route::parse(&browser::path()));
    });
}

/// Where a click leads, if that is ours to follow.
fn target(event: &MouseEvent) -> Option<Route> {
    let is_plain = event.button() == 0
        && !event.default_prevented()
        && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
    if !is_plain {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??;
    let path = link.get_attribute("href")?;
    let route = Route::parse(&path);
    (path.starts_with('/') && route != Route::Unknown && !link.has_attribute("target")).then_some(route)
}
