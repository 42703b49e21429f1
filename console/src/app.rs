//! The application: starts, and decides which page is shown to whom.

use leptos::ev;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::pages::{agents, entry, not_found};
use crate::prelude::*;
use crate::route::Route;
use crate::state::{Stage, state};
use crate::view::link::follow_links;
use crate::view::shell::Shell;
use crate::{browser, late};

/// Called by the page once the WASM is there.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    let state = state();
    state.paint();
    if let Some(place) = browser::document().get_element_by_id("boot") {
        place.remove();
    }
    follow_links();
    let _ = window_event_listener(ev::focus, move |_| state.paint());
    // It brings the executor, too: nothing can be asked before.
    leptos::mount::mount_to_body(app);
    state.ask();
}

/// Another language builds everything anew.
fn app() -> impl IntoView {
    let state = state();
    move || {
        state.locale.track();
        root().into_any()
    }
}

/// What is shown as a whole. It changes only when something else is to be seen: what was typed stays.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    Setup,
    Invite,
    Of(Stage),
}

fn root() -> impl IntoView {
    let state = state();
    let whole = Memo::new(move |_| match state.route.get() {
        Route::Setup => Whole::Setup,
        Route::Invite => Whole::Invite,
        _ => Whole::Of(state.stage.get()),
    });
    move || match whole.get() {
        Whole::Setup => entry::set_up().into_any(),
        Whole::Invite => entry::invite().into_any(),
        Whole::Of(Stage::Asking) => ().into_any(),
        Whole::Of(Stage::Unreachable) => entry::unreachable().into_any(),
        Whole::Of(Stage::NeedsSetup) => entry::needs_set_up().into_any(),
        Whole::Of(Stage::LoggedOut) => entry::log_in().into_any(),
        Whole::Of(Stage::LoggedIn) => view! {
            <Shell>{page()}</Shell>
            {entry::log_in_again()}
        },
    }
}

/// The page of the address. One page stays while only its tab changes.
fn page() -> impl IntoView {
    let route = state().route;
    let page = Memo::new(move |_| match route.get() {
        Route::Agent(key, _) => Route::Agent(key, crate::route::Tab::Overview),
        other => other,
    });
    // Whoever follows a link starts at the top of what it leads to.
    Effect::new(move |before: Option<()>| {
        page.track();
        if before.is_some() {
            browser::focus("main");
        }
    });
    move || match page.get() {
        Route::Agents => agents::agents().into_any(),
        Route::Setup | Route::Invite | Route::Unknown => not_found().into_any(),
        route => late::page(route),
    }
}
