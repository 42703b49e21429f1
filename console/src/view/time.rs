//! A time as people say it, with the exact one on hover.

use crate::browser;
use crate::format;
use crate::prelude::*;
use crate::state::state;

/// How long ago something was.
pub fn time(iso: &str) -> impl IntoView + use<> {
    let locale = state().locale.get_untracked();
    let said = format::ago(iso, browser::now_ms(), locale);
    let exact = browser::exact_time(iso, locale.code());
    view! { <time datetime=iso.to_owned() title=exact>{said}</time> }
}
