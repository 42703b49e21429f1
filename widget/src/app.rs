//! The panel's frame: which part stands where.

use leptos::prelude::*;

use crate::session::Session;
use crate::text::direction;
use crate::view::composer::composer;
use crate::view::header::header;
use crate::view::notice::notice;

pub(crate) fn app(session: &Session) -> impl IntoView + use<> {
    let words = session.words;
    let title = session.options().title.clone();
    // An element without any expression in it would be made from HTML text, which Trusted Types forbid.
    let (polite, chips) = ("polite", "chips");
    view! {
        <section role="dialog" class="panel" dir=direction(&session.locale) aria-label=title>
            {header(session)}
            <div class="log" role="group" tabindex="0" aria-label=words.messages></div>
            <div class="dock">
                <button class="jump off">{words.newest}</button>
                <div class=chips></div>
                {notice(session)}
                {composer(session)}
                <p class="foot">{words.foot}</p>
            </div>
            <div class="sr live" aria-live=polite></div>
        </section>
    }
}
