//! One run without a session: the given messages are the history, nothing is kept. For dialects whose clients keep the
//! conversation themselves. Whoever stops reading stops the work.

use std::sync::Arc;

use atthene_protocol::ids::RunId;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde_json::Map;

use super::Conversations;
use super::failure::{code_of, sentence};
use super::images::model_images;
use super::tally::{Tally, counted};
use crate::domain::agents::GateEntry;
use crate::domain::agents::variables::{Giver, merge};
use crate::domain::clock::new_run_id;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::domain::knowledge::AgentKnowledge;
use crate::domain::limits::{Author, Permit};
use crate::llm::ModelMessage;
use crate::model::conversation::{Block, Role};
use crate::runner::{self, RunnerEvent, Task};

/// A message as the caller gives it.
#[derive(Clone, Debug)]
pub struct GivenMessage {
    /// Who wrote it.
    pub role: Role,
    /// Its text.
    pub text: String,
    /// Images.
    pub images: Vec<Block>,
}

/// What is asked of an agent once.
#[derive(Clone, Debug, Default)]
pub struct Once {
    /// Instructions that come after the agent's own.
    pub instructions: String,
    /// The conversation, oldest first; the last one is the question.
    pub messages: Vec<GivenMessage>,
    /// 0 to 2, instead of the agent's own.
    pub temperature: Option<f64>,
    /// The most tokens of the answer, where fewer than the agent's own.
    pub max_tokens: Option<u32>,
}

/// A piece of what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More of the answer.
    Text(String),
    /// The answer ends early: it reached its most tokens.
    CutShort,
    /// What it cost.
    Usage {
        /// Tokens that the model read.
        input_tokens: u64,
        /// Tokens that the model wrote.
        output_tokens: u64,
    },
    /// It failed; always the last one.
    Failed {
        /// The stable code.
        code: &'static str,
        /// A kind sentence.
        sentence: &'static str,
    },
}

/// A run that goes on while it is read.
pub struct OnceRun {
    /// Its id.
    pub run_id: RunId,
    /// What comes of it.
    pub pieces: BoxStream<'static, Piece>,
    _permit: Permit,
}

impl Conversations {
    /// Runs an agent once for a key.
    ///
    /// # Errors
    /// `NotFound`, `RateLimited`, `BudgetExhausted`, `ContentPolicy`, `Malformed`, `CannotSee`, `ShuttingDown`, `Internal`.
    pub async fn run_once(&self, caller: &Caller, entry: &GateEntry, mut once: Once) -> Result<OnceRun, Error> {
        let work = self.begin_work()?;
        let agent = &entry.agent;
        if agent.workspace != caller.key.workspace || !caller.key.may_run(&agent.id) {
            return Err(Error::NotFound("There is no such agent, or this key may not run it."));
        }
        let author = Author::Key(caller.key.id.clone());
        self.limits.send_message(&author, agent.id.as_str()).await?;
        self.budgets.admit(Some(&agent.id)).await?;
        let permit = self.limits.run_turn(&author, agent.id.as_str())?;
        let config = self
            .configs
            .find(self.store.as_ref(), &agent.workspace, &agent.config_hash)
            .await?;
        let mut config = crate::model::agent::RunnableConfig::clone(&config);
        for message in &mut once.messages {
            self.fetch_images(&config.llm_config.model, &mut message.images).await?;
        }
        let variables =
            merge(&config.variables, &Map::new(), &Map::new(), Giver::Api).map_err(super::post::refuse_inputs)?;
        let question = once.messages.iter().rev().find(|message| message.role == Role::User);
        super::post::refuse_blocked(&config, &variables, question.map_or("", |message| &message.text))?;
        if !once.instructions.trim().is_empty() {
            config.system_prompt = format!("{}\n\n{}", config.system_prompt.trim_end(), once.instructions);
        }
        config.llm_config.temperature = once.temperature.or(config.llm_config.temperature);
        config.llm_config.max_tokens = match (once.max_tokens, config.llm_config.max_tokens) {
            (Some(asked), Some(own)) => Some(asked.min(own)),
            (asked, own) => asked.or(own),
        };
        let knowledge = AgentKnowledge {
            store: Arc::clone(&self.store),
            workspace: agent.workspace.clone(),
            agent: Some(agent.id.clone()),
            bases: config.knowledge_bases.iter().map(|base| base.name.clone()).collect(),
        };
        let task = Task {
            config,
            variables,
            messages: once.messages.into_iter().map(model_message).collect(),
            locale: None,
            knowledge: Arc::new(knowledge),
            llm: Arc::clone(&self.llm),
            moderation: self.moderation.clone(),
        };
        let run_id = new_run_id();
        let tally = Tally::new(self, agent, work);
        let pieces = counted(runner::run(task), tally)
            .filter_map(piece(run_id.clone()))
            .boxed();
        Ok(OnceRun {
            run_id,
            pieces,
            _permit: permit,
        })
    }
}

/// What of the runner's events is told.
fn piece(run_id: RunId) -> impl FnMut(RunnerEvent) -> std::future::Ready<Option<Piece>> {
    move |event| {
        std::future::ready(match event {
            RunnerEvent::Text(text) => Some(Piece::Text(text)),
            // Without a session nobody waits: the question is the answer, and the next messages bring what is said to it.
            RunnerEvent::AskHuman(asked) => Some(Piece::Text(asked.question)),
            RunnerEvent::CutShort => Some(Piece::CutShort),
            RunnerEvent::Usage {
                input_tokens,
                output_tokens,
            } => Some(Piece::Usage {
                input_tokens,
                output_tokens,
            }),
            RunnerEvent::Failed { kind, detail } => {
                tracing::warn!(run = %run_id, ?kind, detail, "the model did not answer");
                let code = code_of(kind);
                Some(Piece::Failed {
                    code,
                    sentence: sentence(code, None),
                })
            }
            _ => None,
        })
    }
}

fn model_message(given: GivenMessage) -> ModelMessage {
    ModelMessage {
        images: model_images(given.images),
        ..ModelMessage::text(given.role, given.text)
    }
}
