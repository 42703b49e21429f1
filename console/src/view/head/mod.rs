//! The top of a page: where one is, its title and state, what can be done, and the tabs below.

use crate::browser;
use crate::prelude::*;
use crate::route::Route;
use crate::state::words;

/// The top of a page. It names the browser's tab, too.
#[component]
pub fn PageHead(
    /// The title.
    #[prop(into)]
    title: String,
    /// The page above this one.
    #[prop(optional)]
    above: Option<(&'static str, Route)>,
    /// What stands beside the title: a state, a key.
    #[prop(optional)]
    beside: Option<AnyView>,
    /// What can be done, at the right.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    browser::document().set_title(&format!("{title} - {}", words().general.product));
    let here = title.clone();
    view! {
        <header class="top">
            {above
                .map(|(name, route)| {
                    view! {
                        <nav class="crumb" aria-label=words().general.where_you_are>
                            <a href=route.path()>{name}</a>
                            <span aria-hidden="true">{" / "}</span>
                            <span aria-current="page">{here}</span>
                        </nav>
                    }
                })}
            <div class="top-row">
                <h1 tabindex="-1">{title}</h1>
                {beside}
                <span class="sp">{""}</span>
                <div class="top-actions">{actions}</div>
            </div>
        </header>
    }
}

/// The facets of one thing, each a page of its own.
#[component]
pub fn Tabs(
    /// What they are facets of.
    #[prop(into)]
    label: String,
    /// Their names and pages.
    tabs: Vec<(&'static str, Route)>,
    /// Where one is.
    #[prop(into)]
    here: Signal<Route>,
) -> impl IntoView {
    let links = tabs.into_iter().map(|(name, route)| {
        let path = route.path();
        let is_here = move || here.with(|here| *here == route).then_some("page");
        view! { <a href=path aria-current=is_here>{name}</a> }
    });
    view! { <nav class="tabs" aria-label=label>{links.collect_view()}</nav> }
}
