//! A question to the real gate: would it let this origin in, and why.

use leptos::task::spawn_local;

use super::super::Desk;
use crate::api;
use crate::api::types::OriginTested;
use crate::prelude::*;
use crate::state::late_words as words;
use crate::view::{Button, TextField};

pub(super) fn trial(desk: Desk) -> impl IntoView {
    let words = words();
    let origin = RwSignal::new(String::new());
    let answer = RwSignal::new(None::<Result<OriginTested, String>>);
    let is_busy = RwSignal::new(false);
    let ask = move || {
        let asked = origin.get_untracked().trim().to_owned();
        if asked.is_empty() || is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            let said = api::test_origin(&desk.key(), &asked).await;
            answer.try_set(Some(said.map_err(|failure| words.general.failure(&failure))));
            is_busy.try_set(false);
        });
    };
    view! {
        <form
            class="test"
            on:submit=move |event| {
                event.prevent_default();
                ask();
            }
        >
            <TextField
                label=words.access.test_label
                value=origin
                is_mono=true
                is_label_hidden=true
                placeholder="https://shop.example"
            />
            <Button label=words.access.test is_busy=is_busy submits=true on_press=|| () />
        </form>
        <p class="answer" role="status">
            {move || {
                answer
                    .get()
                    .map(|answer| match answer {
                        Ok(tested) => {
                            let (word, class) = if tested.allowed {
                                (words.access.allowed, "good")
                            } else {
                                (words.access.refused, "bad")
                            };
                            view! {
                                <b class=class>{word}</b>
                                {" "}
                                {tested.reason}
                            }
                        }
                        Err(text) => view! { <b class="bad">{text}</b> },
                    })
            }}
        </p>
    }
}
