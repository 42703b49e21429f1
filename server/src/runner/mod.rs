//! Runs one turn of an agent's configuration: prompt, search, model call. Yields events; knows no HTTP and no SQL.

mod answer;
pub mod ask_human;
pub mod policy;
mod prompt;
pub mod template;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Map, Value};

use crate::llm::moderation::{Moderation, Verdict};
use crate::llm::{Llm, ModelErrorKind, ModelMessage, ModelRequest, ModelTool, builtin};
use crate::model::agent::{RunnableConfig, Tool};
use crate::model::conversation::Role;
use crate::model::knowledge::Found;
use crate::model::trace::Received;
use ask_human::Question;
use policy::{Policy, Violation};
use prompt::{PromptError, Said};

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
    /// The variables that were given, as `domain::agents::variables` put them together; no defaults.
    pub variables: Map<String, Value>,
    /// The conversation so far, oldest first; the last one is the question.
    pub messages: Vec<ModelMessage>,
    /// The visitor's language, BCP 47, if known.
    pub locale: Option<String>,
    /// The agent's knowledge.
    pub knowledge: Arc<dyn Knowledge>,
    /// The models.
    pub llm: Arc<dyn Llm>,
    /// Who judges questions, if anybody.
    pub moderation: Option<Arc<dyn Moderation>>,
}

/// What happens in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunnerEvent {
    /// A step began that the visitor may know of, under its public label.
    StepStarted(&'static str),
    /// The step ended.
    StepFinished(&'static str),
    /// A model is asked, and this is what it is given. Not for visitors.
    Asked(Arc<Received>),
    /// More of the answer.
    Text(String),
    /// The answer ends early: it reached its most tokens.
    CutShort,
    /// The answer ends with a question to a human; always the last event.
    AskHuman(Question),
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
    async move {
        match admit(&task).await {
            Ok(policy) => search_and_answer(task, policy),
            Err(event) => stream::iter([event]).boxed(),
        }
    }
    .flatten_stream()
    .boxed()
}

/// Whether the question may be asked at all. Nothing is searched and no model is called before that.
async fn admit(task: &Task) -> Result<Option<Policy>, RunnerEvent> {
    let config = &task.config;
    let policy = Policy::new(&config.content_policy).map_err(|detail| refused(ModelErrorKind::Refused, detail))?;
    let question = question_of(&task.messages);
    if let Some(policy) = &policy {
        check_question(policy, config, &task.variables, question).map_err(blocked)?;
    }
    if config.content_policy.moderation {
        let verdict = match &task.moderation {
            Some(moderation) => moderation.judge(question).await,
            None => Verdict::Unknown("the agent wants moderation, and moderation.url is not set".to_owned()),
        };
        match verdict {
            Verdict::Allowed => {}
            Verdict::Flagged(categories) => {
                let detail = format!("moderation: the question is flagged as {}", categories.join(", "));
                return Err(refused(ModelErrorKind::ContentPolicy, detail));
            }
            Verdict::Unknown(detail) => return Err(refused(ModelErrorKind::Unreachable, detail)),
        }
    }
    Ok(policy)
}

/// Holds a question, and what a visitor may have given with it, against the blocked phrases; for those who refuse a
/// message before it becomes a turn, too.
///
/// # Errors
/// One of them holds a blocked phrase.
pub fn check_question(
    policy: &Policy,
    config: &RunnableConfig,
    variables: &Map<String, Value>,
    question: &str,
) -> Result<(), Violation> {
    policy.check_input(question)?;
    let by_visitors = variables.iter().filter(|(name, _)| {
        let declared = config.variables.get(name.as_str());
        declared.is_some_and(|variable| variable.visitor)
    });
    for (_, value) in by_visitors {
        policy.check_input(&template::plain(value))?;
    }
    Ok(())
}

fn search_and_answer(task: Task, policy: Option<Policy>) -> RunnerStream {
    if task.config.knowledge_bases.is_empty() {
        return answer(task, Vec::new(), policy);
    }
    let search = async move {
        let found = task.knowledge.search(question_of(&task.messages), MAX_PASSAGES).await;
        stream::iter([RunnerEvent::StepFinished(SEARCHING)]).chain(answer(task, found, policy))
    };
    stream::iter([RunnerEvent::StepStarted(SEARCHING)])
        .chain(search.flatten_stream())
        .boxed()
}

/// Calls the model and passes on what it says.
fn answer(task: Task, found: Vec<Found>, policy: Option<Policy>) -> RunnerStream {
    let request = match request(&task, found) {
        Ok(request) => request,
        Err(error) => return stream::iter([refused(ModelErrorKind::Refused, error.to_string())]).boxed(),
    };
    answer::events(task.llm, request, policy, task.config.max_iterations)
}

/// What a model is given, for the trace.
fn received(request: &ModelRequest) -> Received {
    let role = |message: &ModelMessage| match message.role {
        Role::User => "user".to_owned(),
        Role::Assistant => "assistant".to_owned(),
    };
    let source = |found: &Found| {
        let passage = &found.passage;
        format!("{} › {} ({})", passage.title, passage.heading, passage.path)
    };
    Received {
        model: request.model.clone(),
        system: request.system.clone(),
        messages: request
            .messages
            .iter()
            .map(|message| (role(message), message.content.clone()))
            .collect(),
        sources: request.passages.iter().map(source).collect(),
    }
}

/// `builtin` quotes the passages itself; other models read them as text.
fn request(task: &Task, found: Vec<Found>) -> Result<ModelRequest, PromptError> {
    let config = &task.config;
    let is_builtin = config.llm_config.model == builtin::NAME;
    let said = if is_builtin {
        Said {
            system: String::new(),
            messages: prompt::history(&task.messages, None),
        }
    } else {
        prompt::say(task, &found)?
    };
    Ok(ModelRequest {
        model: config.llm_config.model.clone(),
        system: said.system,
        messages: said.messages,
        passages: found,
        locale: task.locale.clone(),
        temperature: config.llm_config.temperature,
        max_tokens: config.llm_config.max_tokens,
        tools: config.tools.iter().map(defined).collect(),
    })
}

fn defined(tool: &Tool) -> ModelTool {
    match tool {
        Tool::AskHuman => ask_human::tool(),
    }
}

fn question_of(messages: &[ModelMessage]) -> &str {
    messages
        .iter()
        .rev()
        .find(|message| message.role == Role::User)
        .map_or("", |message| message.content.as_str())
}

fn refused(kind: ModelErrorKind, detail: String) -> RunnerEvent {
    RunnerEvent::Failed { kind, detail }
}

/// A blocked phrase ends the turn, wherever it stands.
fn blocked(violation: Violation) -> RunnerEvent {
    refused(ModelErrorKind::ContentPolicy, violation.to_string())
}
