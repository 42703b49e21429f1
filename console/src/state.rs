//! What every page shares: who is logged in, where one is, language, theme, notices. One for each tab of the browser, there
//! from the first moment to the last, so it is no context that has to be handed down.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::types::User;
use crate::api::{self, Failure};
use crate::browser;
use crate::route::Route;
use crate::text::{self, LateWords, Locale, Words};

/// What is known of the person in front of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing yet.
    Asking,
    /// The server does not answer.
    Unreachable,
    /// There is no admin yet.
    NeedsSetup,
    /// Nobody is logged in.
    LoggedOut,
    /// Somebody is.
    LoggedIn,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As it is remembered.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A short word about what was done, or what failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Tells it from the others.
    pub number: u32,
    /// The words.
    pub text: String,
    /// Whether it is bad news.
    pub is_bad: bool,
}

/// See the top of the file. A handle: copies are the same state.
#[derive(Clone, Copy)]
pub struct State {
    /// What is known of the person.
    pub stage: RwSignal<Stage>,
    /// The person.
    pub user: RwSignal<Option<User>>,
    /// Whether the log-in has ended while a page is open: what was typed stays behind the question for the password.
    pub is_expired: RwSignal<bool>,
    /// Where one is.
    pub route: RwSignal<Route>,
    /// The language.
    pub locale: RwSignal<Locale>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    /// What is to be said.
    pub notices: RwSignal<Vec<Notice>>,
}

thread_local! {
    static STATE: State = State::new();
}

/// The one state.
pub fn state() -> State {
    STATE.with(|state| *state)
}

/// The words of the language of the page. Another language builds the page anew, so this need not be tracked.
pub fn words() -> &'static Words {
    text::words(state().locale.get_untracked())
}

/// The same for the pages that are not needed first (`crate::late`).
pub fn late_words() -> &'static LateWords {
    text::late_words(state().locale.get_untracked())
}

impl State {
    fn new() -> Self {
        let language = browser::remembered("language").or_else(|| browser::window().navigator().language());
        let theme = browser::remembered("theme").unwrap_or_default();
        let theme = Theme::ALL.into_iter().find(|own| own.name() == theme);
        Self {
            stage: RwSignal::new(Stage::Asking),
            user: RwSignal::new(None),
            is_expired: RwSignal::new(false),
            route: RwSignal::new(Route::parse(&browser::path())),
            locale: RwSignal::new(Locale::parse(&language.unwrap_or_default())),
            theme: RwSignal::new(theme.unwrap_or(Theme::Auto)),
            notices: RwSignal::new(Vec::new()),
        }
    }

    /// Asks who is there.
    pub fn ask(self) {
        spawn_local(async move {
            match api::auth_state().await {
                Ok(answer) if answer.user.is_some() => self.welcome(answer.user),
                Ok(answer) if answer.needs_setup => self.stage.set(Stage::NeedsSetup),
                Ok(_) => self.stage.set(Stage::LoggedOut),
                Err(_) => self.stage.set(Stage::Unreachable),
            }
        });
    }

    /// Somebody has logged in.
    pub fn welcome(self, user: Option<User>) {
        self.user.set(user);
        self.is_expired.set(false);
        self.stage.set(Stage::LoggedIn);
    }

    /// The log-in is over.
    pub fn log_in_again(self) {
        if self.stage.get_untracked() == Stage::LoggedIn {
            self.is_expired.set(true);
        }
    }

    /// Whether this person may change anything; pages show no button that would be refused.
    pub fn may_change(self) -> bool {
        self.user.with(|user| user.as_ref().is_some_and(User::may_change))
    }

    /// Goes to a page.
    pub fn go(self, route: Route) {
        browser::push_address(&route.path());
        self.route.set(route);
        browser::window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Says that something was done.
    pub fn say(self, text: impl Into<String>) {
        self.notify(text.into(), false);
    }

    /// Says what failed.
    pub fn complain(self, failure: &Failure) {
        self.notify(words().general.failure(failure), true);
    }

    fn notify(self, text: String, is_bad: bool) {
        self.notices.update(|notices| {
            let number = notices.last().map_or(0, |last| last.number + 1);
            // The last three: more would hide the page.
            if notices.len() > 2 {
                notices.remove(0);
            }
            notices.push(Notice { number, text, is_bad });
        });
    }

    /// Sets the language, for good.
    pub fn speak(self, locale: Locale) {
        browser::remember("language", locale.code());
        if let Some(root) = browser::root() {
            let _ = root.set_attribute("lang", locale.code());
        }
        self.locale.set(locale);
    }

    /// Sets light or dark, for good.
    pub fn dress(self, theme: Theme) {
        browser::remember("theme", theme.name());
        self.theme.set(theme);
        self.paint();
    }

    /// Brings the page to the theme.
    pub fn paint(self) {
        let is_dark = match self.theme.get_untracked() {
            Theme::Auto => browser::prefers_dark(),
            theme => theme == Theme::Dark,
        };
        if let Some(root) = browser::root() {
            let _ = root.set_attribute("data-theme", if is_dark { "dark" } else { "light" });
        }
    }
}
