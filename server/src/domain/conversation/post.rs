//! A message: checked, committed together with its turn, acknowledged; only then the model is asked.

use std::sync::Arc;

use atthene_protocol::ids::{RunId, SessionId};
use atthene_protocol::visitor::Accepted;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio::time::Instant;

use super::event::{EventWriter, message_snapshot};
use super::turn::TurnTask;
use super::waiting::{WAITING_FOR_INPUT, answered};
use super::{Conversations, Finished, Running, SEQ_BLOCK};
use crate::domain::agents::variables::{Giver, InputsRefused, merge};
use crate::domain::clock::{new_message_id, new_run_id};
use crate::domain::error::Error;
use crate::domain::limits::{Author, Permit};
use crate::model::agent::RunnableConfig;
use crate::model::conversation::{Block, Message, Role, Session, Status, Turn};
use crate::runner::check_question;
use crate::runner::policy::Policy;
use crate::store::{Appended, NewTurn, Retried};

/// The longest client id, in bytes.
const CLIENT_ID_BYTES: usize = 128;
/// The longest correlation id, in bytes.
const CORRELATION_ID_BYTES: usize = 256;

const TURN_RUNNING: Error = Error::Conflict {
    code: "turn_running",
    message: "An answer is still being written. Send the message again when it has ended, or stop it first.",
};

/// A message before it is accepted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Who writes.
    pub author: Author,
    /// How many Unicode characters its text may have.
    pub most_chars: u32,
    /// The author's own id for it, unique per session.
    pub client_id: String,
    /// Its text; may be empty where there are blocks.
    pub content: String,
    /// Images and documents.
    pub blocks: Vec<Block>,
    /// The author's own id for the turn, given back.
    pub correlation_id: Option<String>,
    /// Values for the configuration's variables.
    pub inputs: Map<String, Value>,
}

/// A message that is committed, and the way to its turn's end.
pub struct Posted {
    /// What the author is told.
    pub accepted: Accepted,
    /// Tells the end, where the turn runs in this process.
    pub(super) end: Option<watch::Receiver<Option<Arc<Finished>>>>,
}

impl Conversations {
    /// Commits a message and starts the turn that answers it. The same client id and text again gives the same answer.
    ///
    /// # Errors
    /// `Invalid`, `Conflict` while a turn runs, `RateLimited`, `BudgetExhausted`, `NotFound`, `ShuttingDown`, `Internal`.
    pub async fn post(self: &Arc<Self>, session: Session, message: NewMessage) -> Result<Posted, Error> {
        let _work = self.begin_work()?;
        check(&message)?;
        let agent = session.agent_or_config();
        self.limits.send_message(&message.author, agent).await?;
        self.budgets.admit(session.agent_id.as_ref()).await?;
        let permit = self.limits.run_turn(&message.author, agent)?;
        let this = Arc::clone(self);
        // A task of its own: a caller who hangs up between commit and start must not leave a turn without its task.
        let committed = self
            .tasks
            .spawn(async move { this.commit(session, message, permit).await });
        committed
            .await
            .map_err(|error| Error::Internal(format!("posting failed: {error}")))?
    }

    /// Runs the latest turn again, which was stopped, interrupted or failed: same question, same answer message.
    ///
    /// # Errors
    /// `Conflict`, `RateLimited`, `BudgetExhausted`, `ShuttingDown`, `Internal`.
    pub async fn retry(self: &Arc<Self>, session: Session, author: &Author) -> Result<Posted, Error> {
        let _work = self.begin_work()?;
        let agent = session.agent_or_config();
        self.limits.send_message(author, agent).await?;
        self.budgets.admit(session.agent_id.as_ref()).await?;
        let permit = self.limits.run_turn(author, agent)?;
        let this = Arc::clone(self);
        let committed = self
            .tasks
            .spawn(async move { this.commit_retry(session, permit).await });
        committed
            .await
            .map_err(|error| Error::Internal(format!("retrying failed: {error}")))?
    }

    /// What the inputs make of the session's variables, and whether the model can take what comes with the text.
    async fn prepare(&self, session: &mut Session, message: &mut NewMessage) -> Result<bool, Error> {
        let config = self
            .configs
            .find(self.store.as_ref(), &session.workspace, &session.config_hash)
            .await?;
        let giver = match message.author {
            Author::Visitor { .. } => Giver::Visitor,
            Author::Key(_) => Giver::Api,
        };
        let mut is_changed = false;
        // An answer goes on with what was given to the question.
        let is_answer = answered(&message.blocks).is_some();
        if !is_answer && (!config.variables.is_empty() || !message.inputs.is_empty()) {
            let merged = merge(&config.variables, &session.variables, &message.inputs, giver).map_err(refuse_inputs)?;
            is_changed = merged != session.variables;
            session.variables = merged;
        }
        // A visitor reads a kind sentence in the place of the answer instead: their run is stopped.
        if giver == Giver::Api {
            refuse_blocked(&config, &session.variables, &message.content)?;
        }
        self.fetch_images(&config.llm_config.model, &mut message.blocks).await?;
        Ok(is_changed)
    }

    async fn commit(
        self: Arc<Self>,
        mut session: Session,
        mut message: NewMessage,
        permit: Permit,
    ) -> Result<Posted, Error> {
        let is_changed = self.prepare(&mut session, &mut message).await?;
        let new = NewTurn {
            workspace: session.workspace.clone(),
            session_id: session.id.clone(),
            run_id: new_run_id(),
            question_id: new_message_id(),
            answer_id: new_message_id(),
            client_id: message.client_id,
            content: message.content,
            answers: answered(&message.blocks),
            blocks: message.blocks,
            correlation_id: message.correlation_id,
            variables: is_changed.then(|| session.variables.clone()),
            now: self.clock.now(),
        };
        let is_answer = new.answers.is_some();
        let asked = Instant::now();
        let appended = self.store.append_visitor_message(&new, SEQ_BLOCK).await?;
        self.metrics.commit(asked.elapsed());
        match appended {
            Appended::New { first_seq, is_first } => {
                let accepted = Accepted {
                    message_id: new.question_id.clone(),
                    run_id: new.run_id.clone(),
                    seq: first_seq,
                };
                let question = Message {
                    id: new.question_id.clone(),
                    session_id: session.id.clone(),
                    run_id: new.run_id.clone(),
                    role: Role::User,
                    content: new.content,
                    blocks: new.blocks,
                    status: Status::Completed,
                    client_id: Some(new.client_id),
                    seq: first_seq,
                    created_at: new.now,
                    feedback: None,
                };
                let turn = Turn {
                    run_id: new.run_id,
                    session_id: session.id.clone(),
                    question_id: new.question_id,
                    answer_id: new.answer_id,
                    status: Status::Running,
                    interrupt: None,
                    error_code: None,
                    started_at: new.now,
                    finished_at: None,
                    correlation_id: new.correlation_id,
                    input_tokens: None,
                    output_tokens: None,
                };
                let end = Some(self.begin(session, turn, first_seq, (question, is_first), permit).await);
                Ok(Posted { accepted, end })
            }
            Appended::Duplicate {
                question_id,
                run_id,
                seq,
            } => Ok(Posted {
                end: self.end_of(&session.id, &run_id),
                accepted: Accepted {
                    message_id: question_id,
                    run_id,
                    seq,
                },
            }),
            Appended::ClientIdReused if is_answer => Err(Error::Conflict {
                code: "interrupt_answered",
                message: "This question has been answered already, with other words. Send a message instead.",
            }),
            Appended::Waiting => Err(Error::Conflict {
                code: WAITING_FOR_INPUT,
                message: "The agent asked something and waits. Answer it through `input`, or stop the run first.",
            }),
            Appended::NotWaiting => Err(self.refuse_answer(&session).await),
            Appended::ClientIdReused => Err(Error::Invalid {
                code: "client_id_reused",
                message:
                    "This `client_id` (or `Idempotency-Key`) was used for another message; make a new one for each."
                        .to_owned(),
            }),
            Appended::TurnRunning => Err(TURN_RUNNING),
            Appended::NoSession => Err(Error::NotFound("There is no such session.")),
        }
    }

    async fn commit_retry(self: Arc<Self>, session: Session, permit: Permit) -> Result<Posted, Error> {
        let run_id: RunId = new_run_id();
        let now = self.clock.now();
        match self
            .store
            .retry_turn(&session.workspace, &session.id, &run_id, now, SEQ_BLOCK)
            .await?
        {
            Retried::New { turn, first_seq } => {
                let accepted = Accepted {
                    message_id: turn.question_id.clone(),
                    run_id: turn.run_id.clone(),
                    seq: first_seq,
                };
                let emptied = Message {
                    id: turn.answer_id.clone(),
                    session_id: session.id.clone(),
                    run_id: turn.run_id.clone(),
                    role: Role::Assistant,
                    content: String::new(),
                    blocks: Vec::new(),
                    status: Status::Running,
                    client_id: None,
                    seq: first_seq,
                    created_at: now,
                    feedback: None,
                };
                let end = Some(self.begin(session, *turn, first_seq, (emptied, false), permit).await);
                Ok(Posted { accepted, end })
            }
            Retried::TurnRunning => Err(TURN_RUNNING),
            Retried::NothingToRetry => Err(Error::Conflict {
                code: "nothing_to_retry",
                message: "The last answer is complete; there is nothing to try again.",
            }),
        }
    }

    /// The end of a turn that runs in this process.
    fn end_of(&self, session: &SessionId, run_id: &RunId) -> Option<watch::Receiver<Option<Arc<Finished>>>> {
        let running = self.running();
        let running = running.get(session).filter(|running| running.run_id == *run_id)?;
        Some(running.end.subscribe())
    }

    /// Tells the others of the message and starts the turn's task.
    async fn begin(
        self: &Arc<Self>,
        session: Session,
        turn: Turn,
        first_seq: u64,
        (message, is_first): (Message, bool),
        permit: Permit,
    ) -> watch::Receiver<Option<Arc<Finished>>> {
        let mut events = EventWriter::new(
            Arc::clone(&self.bus),
            Arc::clone(&self.store),
            session.workspace.clone(),
            session.id.clone(),
            first_seq,
        );
        // Only a back end is given the events of a whole turn at its end.
        events.keep(session.key_id.is_some());
        // The first number of a fresh block is there without asking the store, so this cannot fail.
        if let Err(error) = events.publish(message_snapshot(&message)).await {
            tracing::error!(%error, session = %session.id, "a message could not be published");
        }
        let stop = self.draining.child_token();
        let (end, ended) = watch::channel(None);
        self.running().insert(
            session.id.clone(),
            Running {
                run_id: turn.run_id.clone(),
                stop: stop.clone(),
                end,
                _permit: permit,
            },
        );
        self.stop_if_erased(&session.id);
        let task = TurnTask {
            core: Arc::clone(self),
            session,
            turn,
            so_far: is_first.then_some(message),
            events,
            stop,
        };
        self.tasks.spawn(task.run());
        ended
    }
}

pub(super) fn refuse_inputs(refused: InputsRefused) -> Error {
    let code = refused.code();
    let message = "The inputs do not fit the agent's variables.";
    match refused {
        InputsRefused::Missing(notes) => Error::invalid_fields(code, message, notes),
        InputsRefused::Wrong(notes) => {
            let notes: Vec<_> = notes
                .iter()
                .map(|note| format!("{}: {}", note.field, note.message))
                .collect();
            Error::Invalid {
                code,
                message: format!("{message} {}", notes.join(" ")),
            }
        }
    }
}

/// Refuses a back end's question that holds a blocked phrase, before it becomes a turn.
pub(super) fn refuse_blocked(
    config: &RunnableConfig,
    variables: &Map<String, Value>,
    question: &str,
) -> Result<(), Error> {
    // Phrases that cannot be looked for stop the run, which says so in the log.
    let Ok(Some(policy)) = Policy::new(&config.content_policy) else {
        return Ok(());
    };
    check_question(&policy, config, variables, question).map_err(|violation| {
        tracing::info!(%violation, "a question was refused");
        Error::ContentPolicy("The question holds a phrase that this agent's content policy blocks.".to_owned())
    })
}

fn check(message: &NewMessage) -> Result<(), Error> {
    let most = message.most_chars;
    let chars = message.content.chars().count();
    let is_blank = message.content.trim().is_empty()
        && !message
            .blocks
            .iter()
            .any(|block| !matches!(block, Block::Answered { .. }));
    if is_blank || chars > most as usize {
        return Err(Error::Invalid {
            code: "content_length",
            message: format!("`content` must be 1 to {most} characters and not blank; this one has {chars}."),
        });
    }
    if message.client_id.is_empty() || message.client_id.len() > CLIENT_ID_BYTES {
        return Err(Error::Invalid {
            code: "client_id_length",
            message: format!("`client_id` must be 1 to {CLIENT_ID_BYTES} bytes; make a new one for each message."),
        });
    }
    let is_long = |id: &String| id.len() > CORRELATION_ID_BYTES;
    if message.correlation_id.as_ref().is_some_and(is_long) {
        return Err(Error::Invalid {
            code: "correlation_id_length",
            message: format!("`correlation_id` may have at most {CORRELATION_ID_BYTES} bytes."),
        });
    }
    Ok(())
}
