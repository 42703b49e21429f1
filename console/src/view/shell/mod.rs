//! What stands around every page: the sidebar, which is a drawer on a phone, and who is there.

mod person;

use super::icon::{Icon, icon};
use super::notice::notices;
use crate::prelude::*;
use crate::route::{Facet, Route};
use crate::state::{state, words};

/// The frame around a page.
#[component]
pub fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let words = words();
    let route = state().route;
    let is_open = RwSignal::new(false);
    // Who has chosen a page wants to see it.
    Effect::new(move |_| {
        route.track();
        is_open.set(false);
    });
    view! {
        <a class="skip" href="#main" on:click=move |event| {
            event.prevent_default();
            crate::browser::focus("#main");
        }>{words.shell.skip}</a>
        <div class="app">
            <header class="bar">
                <button
                    type="button"
                    class="icon-btn"
                    aria-label=words.shell.menu
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    aria-controls="side"
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    {icon(Icon::Menu)}
                </button>
                {brand()}
            </header>
            <div class="shade" class:on=move || is_open.get() on:click=move |_| is_open.set(false)></div>
            <aside
                class="side"
                id="side"
                aria-label=words.shell.menu
                class:on=move || is_open.get()
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        is_open.set(false);
                    }
                }
            >
                {brand()}
                {navigation()}
                {person::person()}
            </aside>
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        {notices()}
    }
}

fn brand() -> impl IntoView {
    view! {
        <a class="brand" href=Route::Agents.path()>
            <i aria-hidden="true">{icon(Icon::Mark)}</i>
            {words().general.product}
        </a>
    }
}

/// The pages that there are; a page that is added gets its line here.
fn navigation() -> impl IntoView {
    let words = words();
    let route = state().route;
    let link = move |name: &'static str, sign: Icon, to: Route| {
        let section = to.section();
        let is_here = move || route.with(|here| here.section() == section).then_some("page");
        view! { <a href=to.path() aria-current=is_here>{icon(sign)}{name}</a> }
    };
    view! {
        <nav class="pages" aria-label=words.shell.pages>
            {link(words.shell.agents, Icon::Agent, Route::Agents)}
            {link(words.shell.conversations, Icon::Inbox, Route::Conversations)}
            {link(words.shell.traces, Icon::Trace, Route::Traces)}
            {link(words.shell.usage, Icon::Chart, Route::Usage)}
            <p class="pages-head">{words.shell.workspace}</p>
            {move || state().may_change().then(|| link(words.shell.keys, Icon::Key, Route::ApiKeys))}
            {move || state().may_change().then(|| link(words.shell.audit, Icon::Shield, Route::Audit))}
            {link(words.shell.settings, Icon::Gear, Route::Settings(Facet::Server))}
            <a href="/try" target="_blank" rel="noopener">
                {icon(Icon::Out)}
                {words.shell.try_api}
            </a>
        </nav>
    }
}
