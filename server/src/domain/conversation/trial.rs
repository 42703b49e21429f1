//! One tiny request to a model, for the admin who wants to know whether it answers. No conversation, no agent, no history.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout};

use super::Conversations;
use crate::llm::{ModelError, ModelErrorKind, ModelEvent, ModelMessage, ModelRequest};
use crate::model::conversation::Role;

const QUESTION: &str = "Reply with the word OK and nothing else.";
/// Room for a model that thinks before it says a word.
const MAX_TOKENS: u32 = 64;
/// So much of an answer is enough to see that it is one.
const REPLY_CHARS: usize = 100;
/// An admin waits no longer, whatever the settings allow a turn.
const PATIENCE: Duration = Duration::from_secs(40);

/// What a model answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// How long the first words took; without any, how long it took to know.
    pub latency_ms: u64,
    /// The first words, where there are any.
    pub reply: Option<String>,
    /// Why there is no answer, in the vendor's own words where it said some; holds no key.
    pub error: Option<String>,
}

impl Conversations {
    /// Asks a model for a word.
    pub async fn try_model(&self, model: &str) -> Trial {
        let began = Instant::now();
        let mut trial = Trial::default();
        match timeout(PATIENCE, self.first_words(model, began, &mut trial)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => trial.error = Some(explain(model, error)),
            Err(_elapsed) => trial.error = Some(format!("No answer within {} seconds.", PATIENCE.as_secs())),
        }
        if trial.latency_ms == 0 {
            trial.latency_ms = elapsed_ms(began);
        }
        trial
    }

    async fn first_words(&self, model: &str, began: Instant, trial: &mut Trial) -> Result<(), ModelError> {
        let mut events = self.llm.ask(request(model)).await?;
        let mut said = String::new();
        while let Some(event) = events.next().await {
            let ModelEvent::Text(text) = event? else { continue };
            if said.is_empty() {
                trial.latency_ms = elapsed_ms(began);
            }
            said.push_str(&text);
            trial.reply = Some(said.chars().take(REPLY_CHARS).collect());
            if said.chars().count() >= REPLY_CHARS {
                break;
            }
        }
        Ok(())
    }
}

fn request(model: &str) -> ModelRequest {
    ModelRequest {
        model: model.to_owned(),
        messages: vec![ModelMessage::text(Role::User, QUESTION)],
        max_tokens: Some(MAX_TOKENS),
        ..ModelRequest::default()
    }
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
}

fn explain(model: &str, error: ModelError) -> String {
    if error.kind == ModelErrorKind::UnknownModel {
        return format!("The settings know no model `{model}`.");
    }
    match error.vendor {
        Some(vendor) => format!("{}: {}", error.detail, vendor.0),
        None => error.detail,
    }
}
