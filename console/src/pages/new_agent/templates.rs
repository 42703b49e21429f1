//! What a new agent begins with.

use atthene_protocol::widget::WidgetSettings;
use serde_json::{Value, json};

use crate::state::late_words as words;
use crate::text::NewAgent;

/// A beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Template {
    /// Answers from its own documents, without a key of any vendor.
    QuickStart,
    /// A prompt for customer support.
    Support,
    /// Nothing but a name.
    Blank,
}

impl Template {
    pub(super) const ALL: [Self; 3] = [Self::QuickStart, Self::Support, Self::Blank];

    /// Its name, and what it is for.
    pub(super) fn words(self, words: &'static NewAgent) -> (&'static str, &'static str) {
        match self {
            Self::QuickStart => (words.quick_start, words.quick_start_about),
            Self::Support => (words.support, words.support_about),
            Self::Blank => (words.blank, words.blank_about),
        }
    }

    /// The configuration. `builtin` answers everywhere; another model is chosen under Instructions.
    pub(super) fn config(self, name: &str) -> Value {
        let words = words().new_agent;
        let mut config = json!({
            "name": name,
            "agent_type": "llm_agent",
            "llm_config": { "model": "builtin" },
        });
        match self {
            Self::QuickStart => {
                config["system_prompt"] = words.quick_start_prompt.into();
                config["knowledge_bases"] = json!([{ "name": "docs" }]);
            }
            Self::Support => {
                config["system_prompt"] = words.support_prompt.into();
                config["knowledge_bases"] = json!([{ "name": "docs" }]);
            }
            Self::Blank => config["system_prompt"] = words.blank_prompt.into(),
        }
        config
    }

    /// The widget's texts; the rest is its default.
    pub(super) fn widget(self, name: &str) -> WidgetSettings {
        let words = words().new_agent;
        let is_support = self == Self::Support;
        let starters = [words.support_starter_1, words.support_starter_2].map(str::to_owned);
        WidgetSettings {
            title: Some(name.to_owned()),
            subtitle: is_support.then(|| words.support_subtitle.to_owned()),
            welcome_message: (self != Self::Blank).then(|| words.welcome.to_owned()),
            starter_prompts: is_support.then(|| starters.to_vec()),
            ..WidgetSettings::default()
        }
    }
}
