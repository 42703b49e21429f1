//! Every sentence that `builtin` says by itself, in the visitor's language.

use crate::model::words::words;

/// A language that it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

/// Its sentences.
pub(super) struct Phrases {
    pub(super) greeting: &'static str,
    pub(super) lead: &'static str,
    pub(super) sources: &'static str,
    pub(super) nothing: &'static str,
    pub(super) ask_otherwise: &'static str,
    pub(super) nearest: &'static str,
    pub(super) ask_back: &'static str,
}

const ENGLISH: Phrases = Phrases {
    greeting: "Hello! Ask me a question, and I'll look it up in the documentation and show you the passage that answers it.",
    lead: "Here is what the documentation says:",
    sources: "Sources",
    nothing: "I found nothing about that in the documentation.",
    ask_otherwise: "I only quote what is written there: try the name of a feature or a setting, or put the question in other words.",
    nearest: "I only quote what is written there. The nearest topics that I know:",
    ask_back: "Which feature or setting do you mean?",
};

const GERMAN: Phrases = Phrases {
    greeting: "Hallo! Stellen Sie mir eine Frage: Ich suche in der Dokumentation und zeige Ihnen die Stelle, die sie beantwortet.",
    lead: "Das steht dazu in der Dokumentation:",
    sources: "Quellen",
    nothing: "Dazu habe ich in der Dokumentation nichts gefunden.",
    ask_otherwise: "Ich zitiere nur, was dort steht: Nennen Sie eine Funktion oder eine Einstellung beim Namen, oder fragen Sie mit anderen Worten.",
    nearest: "Ich zitiere nur, was dort steht. Die nächsten Themen, die ich kenne:",
    ask_back: "Welche Funktion oder Einstellung meinen Sie?",
};

/// Words that are common in one language and no words of the other.
const ENGLISH_MARKS: &[&str] = &[
    "the", "is", "are", "how", "what", "which", "where", "when", "why", "does", "do", "can", "my", "i", "of", "to",
    "and", "with", "for", "a", "an", "it", "you", "please", "hello", "hey", "thanks",
];
const GERMAN_MARKS: &[&str] = &[
    "der", "die", "das", "den", "dem", "ein", "eine", "einen", "ist", "sind", "wie", "welche", "welcher", "welches",
    "wo", "wann", "warum", "wieso", "kann", "ich", "mein", "meine", "meiner", "und", "mit", "für", "auf", "nicht",
    "bitte", "hallo", "danke", "moin", "servus", "gibt", "es", "wird", "werden", "über", "zu", "von", "guten",
];

/// What a message may consist of to be a greeting and no question.
const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "there",
    "hiya",
    "howdy",
    "yo",
    "greetings",
    "good",
    "morning",
    "afternoon",
    "evening",
    "day",
    "thanks",
    "thank",
    "you",
    "hallo",
    "hallöchen",
    "moin",
    "servus",
    "grüezi",
    "guten",
    "tag",
    "morgen",
    "abend",
    "grüß",
    "gott",
    "danke",
    "dir",
    "schön",
];

impl Language {
    /// The language of a question; where its words don't tell, that of the page.
    pub(super) fn of(question: &str, locale: Option<&str>) -> Self {
        let (mut english, mut german) = (0, 0);
        for word in words(question) {
            english += usize::from(ENGLISH_MARKS.contains(&word.as_str()));
            german += usize::from(GERMAN_MARKS.contains(&word.as_str()) || word.contains(['ä', 'ö', 'ü', 'ß']));
        }
        let page_is_german = locale.is_some_and(|locale| locale.to_lowercase().starts_with("de"));
        match german.cmp(&english) {
            std::cmp::Ordering::Greater => Self::German,
            std::cmp::Ordering::Less => Self::English,
            std::cmp::Ordering::Equal if page_is_german => Self::German,
            std::cmp::Ordering::Equal => Self::English,
        }
    }

    pub(super) fn phrases(self) -> &'static Phrases {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

/// Whether a message only says hello (or thanks).
pub(super) fn is_greeting(message: &str) -> bool {
    let words: Vec<String> = words(message).collect();
    (1..=3).contains(&words.len()) && words.iter().all(|word| GREETINGS.contains(&word.as_str()))
}
