//! A state in one word.

use crate::prelude::*;

/// How something is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// Good.
    Good,
    /// Worth a look.
    Warn,
    /// Bad.
    Bad,
}

impl Tone {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// The word.
pub fn pill(text: impl Into<String>, tone: Tone) -> impl IntoView {
    let text: String = text.into();
    view! { <span class=format!("pill {}", tone.class())>{text}</span> }
}
