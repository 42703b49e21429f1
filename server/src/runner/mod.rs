//! Runs one turn of an agent's configuration: prompt, search, model call. Yields events; knows no HTTP and no SQL.

mod prompt;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use crate::llm::{Llm, ModelError, ModelErrorKind, ModelEvent, ModelMessage, ModelRequest, ModelStream, builtin};
use crate::model::agent::RunnableConfig;
use crate::model::conversation::Role;
use crate::model::knowledge::Found;

pub use atthene_protocol::event::SEARCHING;

/// The most passages that a model is given.
const MAX_PASSAGES: u32 = 6;

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

/// Runs one turn.
pub fn run(task: Task) -> RunnerStream {
    if task.config.knowledge_bases.is_empty() {
        return answer(task, Vec::new());
    }
    let search = async move {
        let found = task.knowledge.search(question_of(&task.messages), MAX_PASSAGES).await;
        stream::iter([RunnerEvent::StepFinished(SEARCHING)]).chain(answer(task, found))
    };
    stream::iter([RunnerEvent::StepStarted(SEARCHING)])
        .chain(search.flatten_stream())
        .boxed()
}

/// Calls the model and passes on what it says.
fn answer(task: Task, found: Vec<Found>) -> RunnerStream {
    let request = request(&task, found);
    let llm = task.llm;
    async move {
        match llm.ask(request).await {
            Ok(stream) => stream::unfold(Reply::new(stream), Reply::next).boxed(),
            Err(error) => stream::iter([failed(error)]).boxed(),
        }
    }
    .flatten_stream()
    .boxed()
}

/// `builtin` quotes the passages itself; other models read them as text.
fn request(task: &Task, found: Vec<Found>) -> ModelRequest {
    let config = &task.config;
    let is_builtin = config.llm_config.model == builtin::NAME;
    ModelRequest {
        model: config.llm_config.model.clone(),
        system: if is_builtin {
            String::new()
        } else {
            prompt::system(&config.system_prompt, &found, task.locale.as_deref())
        },
        messages: prompt::history(&task.messages),
        passages: found,
        locale: task.locale.clone(),
        temperature: config.llm_config.temperature,
        max_tokens: config.llm_config.max_tokens,
    }
}

fn question_of(messages: &[ModelMessage]) -> &str {
    messages
        .iter()
        .rev()
        .find(|message| message.role == Role::User)
        .map_or("", |message| message.content.as_str())
}

fn failed(error: ModelError) -> RunnerEvent {
    RunnerEvent::Failed {
        kind: error.kind,
        detail: error.detail,
    }
}

/// The model's answer while it comes.
struct Reply {
    stream: ModelStream,
    has_text: bool,
    is_over: bool,
}

impl Reply {
    fn new(stream: ModelStream) -> Self {
        Self {
            stream,
            has_text: false,
            is_over: false,
        }
    }

    async fn next(mut self) -> Option<(RunnerEvent, Self)> {
        if self.is_over {
            return None;
        }
        loop {
            let event = match self.stream.next().await {
                Some(Ok(ModelEvent::Thinking | ModelEvent::CutShort)) => continue,
                Some(Ok(ModelEvent::Text(text))) => {
                    self.has_text |= !text.trim().is_empty();
                    RunnerEvent::Text(text)
                }
                Some(Ok(ModelEvent::Usage {
                    input_tokens,
                    output_tokens,
                })) => RunnerEvent::Usage {
                    input_tokens,
                    output_tokens,
                },
                Some(Err(error)) => {
                    self.is_over = true;
                    failed(error)
                }
                None if self.has_text => return None,
                None => {
                    self.is_over = true;
                    RunnerEvent::Failed {
                        kind: ModelErrorKind::Broken,
                        detail: "the model answered without any text".to_owned(),
                    }
                }
            };
            return Some((event, self));
        }
    }
}
