//! The head of the panel: who answers here, and the way out.

use leptos::prelude::*;

use super::icon;
use crate::session::Session;

pub(crate) fn header(session: &Session) -> impl IntoView + use<> {
    let options = session.options();
    let avatar = options.avatar.clone();
    let class = if session.chat().is_away() { "ava away" } else { "ava" };
    let image = if avatar.is_empty() { "off" } else { "" };
    view! {
        <div class="head">
            <div aria-hidden="true" class=class>
                {options.initials()}
                <img alt="" referrerpolicy="no-referrer" class=image src=avatar />
            </div>
            <div class="who">
                <h2>{options.title.clone()}</h2>
                <p>{options.subtitle.clone()}</p>
            </div>
            <button class="close" aria-label=session.words.close>{icon("M6 6l12 12M18 6L6 18")}</button>
        </div>
    }
}
