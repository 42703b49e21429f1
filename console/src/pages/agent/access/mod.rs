//! Who may embed an agent: public access, the allowed origins, a question to the real gate, development mode.

mod origins;
mod trial;

use leptos::task::spawn_local;
use serde_json::{Value, json};

use super::{Desk, figures, live, put};
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Card, Switch};

/// The tab.
pub(super) fn access(desk: Desk) -> impl IntoView {
    let words = words();
    let key = live::deployed_key(desk);
    let options = Signal::derive(move || live::options(&desk.agent()));
    let is_off = Signal::derive(|| !state().may_change());
    let (is_public_busy, is_dev_busy) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <div class="cols">
            <div class="stack">
                {figures::figures(desk)}
                <Card>
                    <Switch
                        label=words.access.public
                        about=words.access.public_about
                        is_on=Signal::derive(move || desk.agent().is_public)
                        is_busy=is_public_busy
                        is_off=is_off
                        on_change=move |wanted| {
                            switch(desk, json!({ "is_public": wanted }), is_public_busy);
                        }
                    />
                </Card>
                <Card title=words.access.origins about=words.access.origins_about>
                    {origins::origins(desk)}
                    {trial::trial(desk)}
                </Card>
                <Card>
                    <Switch
                        label=words.access.dev
                        about=words.access.dev_about
                        is_on=Signal::derive(move || desk.agent().dev_mode)
                        is_busy=is_dev_busy
                        is_off=is_off
                        on_change=move |wanted| {
                            switch(desk, json!({ "dev_mode": wanted }), is_dev_busy);
                        }
                    />
                </Card>
            </div>
            {live::live(key, options)}
        </div>
    }
}

/// A change that is made at once; what failed is said and nothing has changed.
fn switch(desk: Desk, change: Value, is_busy: RwSignal<bool>) {
    is_busy.set(true);
    spawn_local(async move {
        if let Err(failure) = put(desk, change).await {
            state().complain(&failure);
        }
        is_busy.try_set(false);
    });
}
