//! Runs one turn of an agent's configuration: prompt, search, model call. Yields events; knows no HTTP and no SQL.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::llm::{Llm, ModelErrorKind, ModelMessage};
use crate::model::agent::RunnableConfig;
use crate::model::knowledge::Found;

/// Searches what the agent of this turn knows; `domain::knowledge` implements it over the store.
#[async_trait]
pub trait Knowledge: Send + Sync {
    /// The best passages for a question, best first; empty when nothing fits or the search failed.
    async fn search(&self, question: &str, limit: u32) -> Vec<Found>;
}

/// Everything one turn needs.
#[derive(Clone)]
pub struct Task {
    /// What the agent is configured to do.
    pub config: RunnableConfig,
    /// The conversation so far, oldest first; the last one is the question.
    pub messages: Vec<ModelMessage>,
    /// The visitor's language, BCP 47, if known.
    pub locale: Option<String>,
    /// The agent's knowledge.
    pub knowledge: Arc<dyn Knowledge>,
    /// The models.
    pub llm: Arc<dyn Llm>,
}

/// What happens in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunnerEvent {
    /// A step began that the visitor may know of, under its public label.
    StepStarted(&'static str),
    /// The step ended.
    StepFinished(&'static str),
    /// More of the answer.
    Text(String),
    /// What the model calls cost.
    Usage {
        /// Tokens read.
        input_tokens: u64,
        /// Tokens written.
        output_tokens: u64,
    },
    /// The turn failed; always the last event.
    Failed {
        /// Why.
        kind: ModelErrorKind,
        /// For the log only.
        detail: String,
    },
}

/// The events of one turn; ends after the last one. Dropping it stops the work.
pub type RunnerStream = BoxStream<'static, RunnerEvent>;

/// s
pub fn run(_: Task) -> RunnerStream {
    Box::pin(futures_util::stream::empty())
}
