//! Every word of the console, by language and by part of the console. There are no keys: a word that is missing in one
//! language does not compile. What is needed first is apart from what comes with the late pages (`late`): whatever leads to
//! all words would have all of them loaded first.

mod access;
mod agent;
mod agents;
mod appearance;
mod audit;
mod conversations;
mod embed;
mod entry;
mod general;
mod instructions;
mod keys;
mod knowledge;
mod late;
mod new_agent;
mod people;
mod playground;
mod settings;
mod shell;
#[cfg(test)]
mod tests;
mod traces;
mod usage;
mod users;
mod versions;

pub use access::Access;
pub use agent::Agent;
pub use agents::Agents;
pub use appearance::Appearance;
pub use audit::{ACTIONS, Audit};
pub use conversations::Conversations;
pub use embed::Embed;
pub use entry::Entry;
pub use general::General;
pub use instructions::Instructions;
pub use keys::{Keys, SCOPES};
pub use knowledge::Knowledge;
pub use late::{LateWords, late_words};
pub use new_agent::NewAgent;
pub use people::People;
pub use playground::Playground;
pub use settings::Settings;
pub use shell::Shell;
pub use traces::Traces;
pub use usage::Usage;
pub use users::Users;
pub use versions::Versions;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    English,
    /// German.
    German,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// From a BCP 47 code; English where there are no words for it.
    pub fn parse(code: &str) -> Self {
        let language = code.split(['-', '_']).next().unwrap_or_default();
        let mut all = Self::ALL.into_iter();
        all.find(|locale| locale.code().eq_ignore_ascii_case(language))
            .unwrap_or(Self::English)
    }
}

/// The words that are needed first, of one language.
#[derive(Debug)]
pub struct Words {
    /// Everywhere.
    pub general: &'static General,
    /// The frame around every page.
    pub shell: &'static Shell,
    /// Set-up, invitation, log-in.
    pub entry: &'static Entry,
    /// Users.
    pub people: &'static People,
    /// The list of agents.
    pub agents: &'static Agents,
}

static ENGLISH: Words = Words {
    general: &general::ENGLISH,
    shell: &shell::ENGLISH,
    entry: &entry::ENGLISH,
    people: &people::ENGLISH,
    agents: &agents::ENGLISH,
};

static GERMAN: Words = Words {
    general: &general::GERMAN,
    shell: &shell::GERMAN,
    entry: &entry::GERMAN,
    people: &people::GERMAN,
    agents: &agents::GERMAN,
};

/// The words of a language that are needed first.
pub fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::English => &ENGLISH,
        Locale::German => &GERMAN,
    }
}

/// Puts values in for `{}`, one after the other.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut values = values.iter();
    for (index, part) in text.split("{}").enumerate() {
        if index > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}
