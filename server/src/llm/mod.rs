//! The model seam: a request in, a stream of typed events out.
//!
//! Providers come through a well-kept library (`provider`); `builtin` answers from the passages that it is given and
//! needs no key. Retries and time limits (BAR.md U1) live in one place, `retry`, around any of them.

pub mod builtin;
pub mod moderation;
pub mod provider;
pub mod registry;
pub mod retry;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::config::Settings;
use crate::model::conversation::Role;
use crate::model::knowledge::Found;

/// What a model is asked.
#[derive(Clone, Debug, Default)]
pub struct ModelRequest {
    /// A name that the settings know, or `provider/name`.
    pub model: String,
    /// The instructions, passages included where the model takes them as text.
    pub system: String,
    /// The conversation, oldest first; the last one is the question.
    pub messages: Vec<ModelMessage>,
    /// What a search in the agent's knowledge found for the question, best first.
    pub passages: Vec<Found>,
    /// The visitor's language, BCP 47, if known.
    pub locale: Option<String>,
    /// 0 to 2.
    pub temperature: Option<f64>,
    /// The most tokens of the answer.
    pub max_tokens: Option<u32>,
}

/// One message of the conversation.
#[derive(Clone, Debug)]
pub struct ModelMessage {
    /// Who wrote it.
    pub role: Role,
    /// Its text.
    pub content: String,
}

/// What a model answers, piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelEvent {
    /// More text; never empty.
    Text(String),
    /// The model is at work on something that is not for the visitor (reasoning): a sign of life for the time limits.
    Thinking,
    /// What it cost, once, before the end, where the provider tells it.
    Usage {
        /// Tokens read.
        input_tokens: u64,
        /// Tokens written.
        output_tokens: u64,
    },
}

/// Why a model did not answer, or not to the end. The detail is for the log only and holds no key.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct ModelError {
    /// The family.
    pub kind: ModelErrorKind,
    /// For the log; never shown to a visitor.
    pub detail: String,
    /// What the vendor asked us to wait.
    pub retry_after_ms: Option<u64>,
}

/// The families of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelErrorKind {
    /// No setting knows this model.
    UnknownModel,
    /// Refused by the vendor: key, rights, request.
    Refused,
    /// The vendor is busy: 429, 529, 503.
    Busy,
    /// Not reached, reset, 5xx.
    Unreachable,
    /// A time limit of ours passed.
    Timeout,
    /// The answer stopped before its end or could not be read.
    Broken,
    /// The question or the answer is not allowed.
    ContentPolicy,
}

impl ModelErrorKind {
    /// Whether another attempt may help (only before the first token).
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable | Self::Broken)
    }
}

/// The events of one answer; ends after the last one. Dropping it stops the request.
pub type ModelStream = BoxStream<'static, Result<ModelEvent, ModelError>>;

/// A source of answers.
#[async_trait]
pub trait Llm: Send + Sync {
    /// Whether this model can be asked at all; for validation when an agent is saved.
    fn knows(&self, model: &str) -> bool;
    /// Asks. An answer that breaks off yields an error as its last item.
    ///
    /// # Errors
    /// The request could not be made at all.
    async fn ask(&self, request: ModelRequest) -> Result<ModelStream, ModelError>;
}

/// What the answers of `builtin` wait between two words, so that a person sees them come.
const BUILTIN_PACE: Duration = Duration::from_millis(12);

/// Opens every model that the settings name, and `builtin`, behind the time limits and retries of `upstream`.
///
/// `env` looks a variable up; keys are read here, once.
///
/// # Errors
/// A provider or a short name is set up wrongly; the text names it and holds no key.
pub fn open(settings: &Settings, env: &dyn Fn(&str) -> Option<String>) -> Result<Arc<dyn Llm>, String> {
    let builtin = builtin::Builtin::new(BUILTIN_PACE);
    let registry = registry::Registry::open(settings, env, builtin)?;
    Ok(Arc::new(retry::Retry::new(
        Arc::new(registry),
        settings.upstream.clone(),
    )))
}
