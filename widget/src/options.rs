//! From what the shim hands over (defaults < agent's settings < what the page passed, merged there) to the options in
//! force, with the defaults that depend on the language. It reads no page and no network.

use crate::scan::{find, part};
use crate::text::Words;
use crate::transport::decode::Json;

/// What the panel is dressed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The panel's name.
    pub title: String,
    /// The line under it; may be empty.
    pub subtitle: String,
    /// The address of an image; empty = initials.
    pub avatar: String,
    /// The assistant's first words; empty = none.
    pub welcome: String,
    /// The hint in the empty composer.
    pub placeholder: String,
    /// Questions to start with.
    pub starters: Vec<String>,
    /// The longest text of one message, in Unicode characters.
    pub max_chars: usize,
}

impl Options {
    /// What is given, and the default where nothing is or where it is of the wrong type.
    pub fn resolve(given: &impl Json, words: &Words) -> Self {
        let text = |name: &str, default: &str| {
            given
                .field(name)
                .and_then(|v| v.text())
                .unwrap_or_else(|| String::from(default))
        };
        let max_chars = given.number_of("maxMessageChars") as usize;
        // The defaults, in one table.
        Self {
            title: text("title", words.title),
            subtitle: text("subtitle", ""),
            avatar: text("avatar", ""),
            welcome: text("welcomeMessage", words.welcome),
            placeholder: text("placeholder", words.placeholder),
            starters: given
                .field("starterPrompts")
                .map(|v| v.items().iter().filter_map(Json::text).collect())
                .unwrap_or_default(),
            max_chars: if max_chars == 0 { 10_000 } else { max_chars },
        }
    }

    /// At most two letters for the avatar that has no image.
    pub fn initials(&self) -> String {
        let (mut initials, mut left, mut at) = (String::new(), 2, 0);
        while at < self.title.len() && left > 0 {
            let end = find(&self.title, at, b" ");
            if let Some(first) = part(&self.title, at, end).chars().next() {
                initials.push(first);
                left -= 1;
            }
            at = end + 1;
        }
        initials
    }
}
