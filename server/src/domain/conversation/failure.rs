//! What is told of a turn that failed: a stable code for programs, a kind sentence for people in their language; nothing
//! of a vendor's own words.

use crate::domain::error::CONTENT_POLICY;
use crate::llm::ModelErrorKind;

/// The code of a turn that ran into a time limit.
pub(super) const TIMEOUT: &str = "model_timeout";
/// The code of a turn that the server could not bring to its end.
pub(super) const INTERRUPTED: &str = "interrupted";

/// The stable code of a failure.
pub(super) fn code_of(kind: ModelErrorKind) -> &'static str {
    match kind {
        ModelErrorKind::UnknownModel | ModelErrorKind::Refused => "model_unavailable",
        ModelErrorKind::Busy => "model_busy",
        ModelErrorKind::Unreachable => "model_unreachable",
        ModelErrorKind::Timeout => TIMEOUT,
        ModelErrorKind::Broken => "answer_broken",
        ModelErrorKind::ContentPolicy => CONTENT_POLICY,
        ModelErrorKind::CannotSee => "model_cannot_see",
    }
}

/// The kind sentence of a stable code, in German for a German page and in English for every other.
pub(super) fn sentence(code: &str, locale: Option<&str>) -> &'static str {
    let (english, german) = match code {
        INTERRUPTED => (
            "The answer was interrupted. It can be tried again.",
            "Die Antwort wurde unterbrochen. Sie lässt sich noch einmal versuchen.",
        ),
        "model_unavailable" => (
            "The assistant cannot answer at the moment. Please try again later.",
            "Der Assistent kann gerade nicht antworten. Bitte versuchen Sie es später noch einmal.",
        ),
        "model_busy" => (
            "The assistant is very busy right now. Please try again in a moment.",
            "Der Assistent ist gerade sehr beschäftigt. Bitte versuchen Sie es gleich noch einmal.",
        ),
        "model_unreachable" => (
            "The assistant cannot be reached right now. Please try again in a moment.",
            "Der Assistent ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.",
        ),
        TIMEOUT => (
            "The answer took too long. Please try again.",
            "Die Antwort hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
        ),
        CONTENT_POLICY => (
            "The assistant cannot answer that. Please put it in other words.",
            "Darauf kann der Assistent nicht antworten. Bitte formulieren Sie es anders.",
        ),
        "model_cannot_see" => (
            "The assistant cannot look at images. Please describe what you see.",
            "Der Assistent kann keine Bilder ansehen. Bitte beschreiben Sie, was Sie sehen.",
        ),
        _ => (
            "The answer broke off. Please try again.",
            "Die Antwort ist abgebrochen. Bitte versuchen Sie es noch einmal.",
        ),
    };
    let is_german = locale.is_some_and(|tag| {
        tag.split('-')
            .next()
            .is_some_and(|first| first.eq_ignore_ascii_case("de"))
    });
    if is_german { german } else { english }
}
