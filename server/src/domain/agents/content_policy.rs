//! `content_policy` of a configuration: read and checked. How texts are held against it is `runner::policy`.

use super::fields::Fields;
use crate::model::agent::ContentPolicy;
use crate::runner::policy;

const MAX_PHRASES: usize = 500;

/// Reads it; the same phrase twice counts once.
pub(super) fn read(configuration: &Fields<'_>) -> ContentPolicy {
    let Some(fields) = configuration.object("content_policy") else {
        return ContentPolicy::default();
    };
    let phrases = fields.texts("blocked_phrases").unwrap_or_default();
    if phrases.len() > MAX_PHRASES {
        fields.error(
            "blocked_phrases",
            format!("There may be at most {MAX_PHRASES} phrases."),
        );
    }
    let mut blocked: Vec<String> = Vec::new();
    for (index, phrase) in phrases.iter().take(MAX_PHRASES).enumerate() {
        let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(problem) = policy::phrase_problem(&phrase) {
            fields.error(&format!("blocked_phrases[{index}]"), problem);
        } else if !blocked.contains(&phrase) {
            blocked.push(phrase);
        }
    }
    let policy = ContentPolicy {
        blocked_phrases: blocked,
        moderation: fields.flag("moderation").unwrap_or(false),
    };
    fields.finish();
    policy
}
