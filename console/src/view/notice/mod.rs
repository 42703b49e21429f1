//! Short words at the edge of the page: what was done goes by itself, what failed stays until it is put away.

use std::time::Duration;

use super::icon::{Icon, icon};
use crate::prelude::*;
use crate::state::{Notice, state, words};

const STAYS: Duration = Duration::from_secs(6);

/// The place of the notices.
pub fn notices() -> impl IntoView {
    let notices = state().notices;
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || notices.get() key=|notice| notice.number children=shown />
        </div>
    }
}

fn shown(notice: Notice) -> impl IntoView {
    let put_away = move || {
        state()
            .notices
            .update(|all| all.retain(|other| other.number != notice.number));
    };
    if !notice.is_bad {
        set_timeout(put_away, STAYS);
    }
    let sign = if notice.is_bad { Icon::Warn } else { Icon::Tick };
    view! {
        <div class="notice" class:is-bad=notice.is_bad>
            {icon(sign)}
            <p>{notice.text}</p>
            <button type="button" class="icon-btn" aria-label=words().general.close on:click=move |_| put_away()>
                {icon(Icon::Cross)}
            </button>
        </div>
    }
}
