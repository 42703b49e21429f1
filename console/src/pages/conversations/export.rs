//! The list as a file, with everything that was said. Only who may change things gets it: it takes visitors' words out of
//! the product.

use leptos::task::spawn_local;

use crate::api;
use crate::browser;
use crate::prelude::*;
use crate::state::{late_words as words, state};
use crate::view::{Button, Choice, Dialog, Filters, Icon, Kind, SelectField};

/// The button and what it asks.
pub(super) fn export(filters: Filters) -> impl IntoView {
    let words = words();
    let (is_open, is_busy) = (RwSignal::new(false), RwSignal::new(false));
    let format = RwSignal::new("json".to_owned());
    let get = move || {
        is_busy.set(true);
        spawn_local(async move {
            let format = format.get_untracked();
            match api::export_conversations(&filters.query(&[]), &format).await {
                Ok(blob) => {
                    if browser::save(&blob, &format!("conversations.{format}")) {
                        state().say(words.conversations.exported);
                    }
                    is_open.try_set(false);
                }
                Err(failure) => state().complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    let formats = vec![
        Choice::new("json", words.conversations.export_json),
        Choice::new("csv", words.conversations.export_csv),
    ];
    let formats = StoredValue::new(formats);
    move || {
        state().may_change().then(|| {
            view! {
                <Button
                    label=words.conversations.export
                    sign=Icon::Page
                    on_press=move || is_open.set(true)
                />
                <Dialog is_open=is_open title=words.conversations.export_title>
                    <div class="stack">
                        <p class="dialog-text">{words.conversations.export_text}</p>
                        <SelectField
                            label=words.conversations.format
                            value=format
                            choices=formats.get_value()
                        />
                        <div class="dialog-end">
                            <Button label=words.general.cancel on_press=move || is_open.set(false) />
                            <Button
                                label=words.conversations.get_file
                                kind=Kind::Primary
                                is_busy=is_busy
                                on_press=get
                            />
                        </div>
                    </div>
                </Dialog>
            }
        })
    }
}
