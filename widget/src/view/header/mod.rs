//! The head of the panel: who answers here, and the way out.

use leptos::prelude::*;

use super::{Cx, icon, read};
use crate::session::Session;

pub(crate) fn header(cx: Cx, session: &Session) -> impl IntoView + use<> {
    view! {
        <div class="head">
            <div aria-hidden="true" class=read(cx, |s| String::from(if s.chat.borrow().is_away() { "ava away" } else { "ava" }))>
                {read(cx, |s| s.options.borrow().initials())}
                <img alt="" referrerpolicy="no-referrer"
                    class=read(cx, |s| String::from(if s.options.borrow().avatar.is_empty() { "off" } else { "" }))
                    src=read(cx, |s| s.options.borrow().avatar.clone()) />
            </div>
            <div class="who">
                <h2>{read(cx, |s| s.options.borrow().title.clone())}</h2>
                <p>{read(cx, |s| s.options.borrow().subtitle.clone())}</p>
            </div>
            <button type="button" class="close" aria-label=session.words.close>
                {icon(read(cx, |_| String::from("M6 6l12 12M18 6L6 18")))}
            </button>
        </div>
    }
}
