//! Who is logged in, and what they choose for themselves: language, light or dark, the way out.

use leptos::task::spawn_local;

use crate::api;
use crate::prelude::*;
use crate::state::{Stage, State, Theme, state, words};
use crate::text::Locale;
use crate::view::button::Button;
use crate::view::field::{Choice, SelectField};
use crate::view::icon::{Icon, icon};

/// The person, at the foot of the sidebar.
pub(super) fn person() -> impl IntoView {
    let words = words();
    let state = state();
    let is_open = RwSignal::new(false);
    let user = move || state.user.get().unwrap_or_default();
    view! {
        <div class="person">
            {move || is_open.get().then(|| choices(state))}
            <button
                type="button"
                class="who"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                <i aria-hidden="true">{move || initials(&user().name)}</i>
                <span class="who-name">
                    <b>{move || user().name}</b>
                    <span>{move || words.people.role(user().role)}</span>
                </span>
                {icon(Icon::Down)}
            </button>
        </div>
    }
}

fn choices(state: State) -> impl IntoView {
    let words = words();
    let language = RwSignal::new(state.locale.get_untracked().code().to_owned());
    let theme = RwSignal::new(state.theme.get_untracked().name().to_owned());
    Effect::new(move |_| {
        let wanted = Locale::parse(&language.get());
        if wanted != state.locale.get_untracked() {
            state.speak(wanted);
        }
    });
    Effect::new(move |_| {
        let name = theme.get();
        if let Some(wanted) = Theme::ALL.into_iter().find(|own| own.name() == name) {
            state.dress(wanted);
        }
    });
    let languages = Locale::ALL.map(|locale| Choice::new(locale.code(), locale.name()));
    let themes = Theme::ALL.map(|theme| {
        let name = match theme {
            Theme::Auto => words.shell.theme_auto,
            Theme::Light => words.shell.theme_light,
            Theme::Dark => words.shell.theme_dark,
        };
        Choice::new(theme.name(), name)
    });
    let is_busy = RwSignal::new(false);
    let leave = move || {
        is_busy.set(true);
        spawn_local(async move {
            match api::log_out().await {
                Ok(()) => {
                    state.user.set(None);
                    state.stage.set(Stage::LoggedOut);
                }
                Err(failure) => state.complain(&failure),
            }
            is_busy.try_set(false);
        });
    };
    view! {
        <div class="person-choices">
            <SelectField label=words.shell.language value=language choices=languages.to_vec() />
            <SelectField label=words.shell.theme value=theme choices=themes.to_vec() />
            <Button label=words.shell.log_out is_busy=is_busy on_press=leave />
        </div>
    }
}

/// Up to two letters of a name.
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().next());
    letters.take(2).flat_map(char::to_uppercase).collect()
}
