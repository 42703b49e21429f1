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
    /// What it may call.
    pub tools: Vec<ModelTool>,
}

/// A tool that a model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelTool {
    /// Its name.
    pub name: &'static str,
    /// When to call it, for the model.
    pub description: &'static str,
    /// Its arguments, as JSON Schema.
    pub parameters: serde_json::Value,
}

/// A model's call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelCall {
    /// The model's own id for it.
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments, JSON as the model wrote it.
    pub arguments: String,
    /// What the model wrote before it.
    pub said: String,
}

/// One message of the conversation.
#[derive(Clone, Debug)]
pub struct ModelMessage {
    /// Who wrote it.
    pub role: Role,
    /// Its text.
    pub content: String,
    /// Images of a visitor's message, which only some models can see (`Llm::can_see`).
    pub images: Vec<ModelImage>,
    /// The call of a tool with which an assistant's message ended; the next message is its result.
    pub call: Option<ModelCall>,
    /// The id of the call whose result this message is.
    pub answers: Option<String>,
}

impl ModelMessage {
    /// A message of text alone.
    pub fn text(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            images: Vec::new(),
            call: None,
            answers: None,
        }
    }
}

/// An image in a message. What its address leads to is the vendor's to fetch: we never do.
#[derive(Clone, PartialEq, Eq)]
pub enum ModelImage {
    /// Where the vendor finds it.
    Url(String),
    /// The image itself.
    Data {
        /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
        media_type: String,
        /// Standard base64, with padding.
        base64: String,
    },
}

/// Never the image itself: this ends in logs.
impl std::fmt::Debug for ModelImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(_) => f.write_str("Url(..)"),
            Self::Data { media_type, base64 } => write!(f, "Data({media_type}, {} characters)", base64.len()),
        }
    }
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
    /// The model calls a tool; its answer ends with that.
    Call {
        /// Its own id for the call.
        id: String,
        /// The tool.
        name: String,
        /// The arguments, JSON as the model wrote it.
        arguments: String,
    },
    /// The answer stops here because it reached its most tokens; not for the visitor.
    CutShort,
}

/// A vendor's own words. They may repeat what somebody wrote, so they are for who asked, never for a log.
#[derive(Clone, PartialEq, Eq)]
pub struct VendorWords(pub String);

impl std::fmt::Debug for VendorWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VendorWords(..)")
    }
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
    /// What the vendor said, without keys.
    pub vendor: Option<VendorWords>,
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
    /// The question or the answer is not allowed: by the agent's own policy, or by the vendor's content filter.
    ContentPolicy,
    /// The request holds an image that this model cannot be shown.
    CannotSee,
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
    /// Whether images can be put to this model; what it cannot see is refused, never left out.
    fn can_see(&self, _model: &str) -> bool {
        false
    }
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
