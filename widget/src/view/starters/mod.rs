//! Questions to start with, while nothing has been said.

use leptos::prelude::*;

use super::Cx;

pub(crate) fn starters(cx: &Cx) -> impl IntoView + use<> {
    let cx = cx.clone();
    let pills = move || {
        cx.changed.track();
        if !cx.chat.borrow().messages.is_empty() {
            return Vec::new();
        }
        let pill = |text: &String| {
            let (cx, text) = (cx.clone(), text.clone());
            let label = text.clone();
            view! { <button type="button" on:click:capture=move |_| { cx.write(&text); }>{label}</button> }
        };
        cx.options.borrow().starters.iter().map(pill).collect()
    };
    view! { <div class="chips">{pills}</div> }
}
