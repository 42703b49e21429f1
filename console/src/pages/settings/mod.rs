//! Settings: what the server runs with, models, users, and the person's own password. A viewer has the last alone.

mod account;
mod invite;
mod models;
mod person;
mod server;
mod users;

use crate::prelude::*;
use crate::route::{Facet, Route};
use crate::state::late_words as words;
use crate::state::state;
use crate::view::{PageHead, Tabs};

/// The page at one of its tabs.
pub fn settings(facet: Facet) -> impl IntoView {
    let words = words().settings;
    move || {
        let may_change = state().may_change();
        let facets: &[Facet] = if may_change { &Facet::ALL } else { &[Facet::Account] };
        let facet = if may_change { facet } else { Facet::Account };
        let name = |facet: Facet| match facet {
            Facet::Server => words.server,
            Facet::Models => words.models,
            Facet::Users => words.users,
            Facet::Account => words.account,
        };
        let tabs = facets
            .iter()
            .map(|facet| (name(*facet), Route::Settings(*facet)))
            .collect();
        let content = match facet {
            Facet::Server => server::server().into_any(),
            Facet::Models => models::models().into_any(),
            Facet::Users => users::users().into_any(),
            Facet::Account => account::account().into_any(),
        };
        view! {
            <PageHead title=words.title />
            <Tabs label=words.title tabs=tabs here=Signal::stored(Route::Settings(facet)) />
            {content}
        }
    }
}
