//! `content_policy` of a configuration: read and checked. How texts are held against it is `runner::policy`.

use serde_json::Value;

use super::fields::{FieldNote, Fields, join};
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

/// Refuses a checked configuration that wants its questions moderated where the server asks nobody: every turn of it would
/// fail. `path` is where it stands.
///
/// # Errors
/// The field, and what would be right.
pub fn check_moderation(path: &str, config: &Value, has_endpoint: bool) -> Result<(), Vec<FieldNote>> {
    let is_wanted = config.pointer("/content_policy/moderation") == Some(&Value::Bool(true));
    if has_endpoint || !is_wanted {
        return Ok(());
    }
    Err(vec![FieldNote {
        field: join(path, "content_policy.moderation"),
        message: "This server has no moderation endpoint (the setting `moderation.url`); leave `moderation` out."
            .to_owned(),
    }])
}
