//! One turn as a task of its own: a lost connection does not lose the answer, a shutdown drains it.
//!
//! The runner yields; each event gets the session's next number and is published; the text so far is checkpointed at
//! least every second; the end is committed before it is published.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::AG_UI_VERSION;
use atthene_protocol::event::Event;
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Conversations;
use super::event::EventWriter;
use super::recall::model_messages;
use super::record::Record;
use super::spending::Spending;
use crate::domain::knowledge::AgentKnowledge;
use crate::llm::ModelErrorKind;
use crate::model::agent::RunnableConfig;
use crate::model::conversation::{Message, Role, Session, Turn};
use crate::model::time::Timestamp;
use crate::runner::{self, RunnerEvent, Task};
use crate::store::{StoreError, StoreResult, Waits};

/// The text so far is committed at least so often (BAR.md D2).
const CHECKPOINT_EVERY: Duration = Duration::from_millis(900);
/// How many messages the runner is given.
const HISTORY_MESSAGES: u32 = 50;
/// The longest answer that is kept, in bytes.
const ANSWER_BYTES: usize = 1024 * 1024;

/// Everything a running turn owns.
pub(super) struct TurnTask {
    pub(super) core: Arc<Conversations>,
    pub(super) session: Session,
    pub(super) turn: Turn,
    /// The whole conversation so far, where it is this one message: nothing has to be read then.
    pub(super) so_far: Option<Message>,
    pub(super) events: EventWriter,
    pub(super) stop: CancellationToken,
}

/// How far the answer has come.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) text: String,
    pub(super) seq: u64,
    checkpointed_seq: u64,
    pub(super) begun: bool,
    pub(super) spending: Spending,
    pub(super) record: Record,
}

/// How the turn ended.
pub(super) enum End {
    Completed,
    Waiting(Box<Waits>),
    Cut,
    Failed(ModelErrorKind),
}

impl Progress {
    fn note(&mut self, event: &RunnerEvent, now: Timestamp) {
        self.record.note(event, now);
        self.spending.note(event);
    }
}

impl TurnTask {
    /// Runs the turn to its end, whatever happens.
    pub(super) async fn run(mut self) {
        let mut progress = Progress::default();
        let ran = AssertUnwindSafe(self.answer(&mut progress)).catch_unwind().await;
        let end = match ran {
            Ok(Ok(end)) => end,
            Ok(Err(error)) => {
                tracing::error!(%error, run = %self.turn.run_id, "a turn could not go on");
                End::Failed(ModelErrorKind::Broken)
            }
            Err(_panic) => {
                tracing::error!(run = %self.turn.run_id, "a turn panicked");
                End::Failed(ModelErrorKind::Broken)
            }
        };
        self.finish(progress, end).await;
    }

    async fn answer(&mut self, progress: &mut Progress) -> Result<End, StoreError> {
        progress.seq = self
            .events
            .publish(Event::RunStarted {
                thread_id: self.session.id.clone(),
                run_id: self.turn.run_id.clone(),
                protocol_version: Some(AG_UI_VERSION.to_owned()),
            })
            .await?;
        let task = self.task().await?;
        self.tell_answer(progress, &task).await?;
        let mut stream = runner::run(task);
        let stop = self.stop.clone();
        let mut checkpoint_due = Instant::now() + CHECKPOINT_EVERY;
        let turn_due = Instant::now() + self.core.turn_timeout;
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(End::Cut),
                event = stream.next() => match event.inspect(|event| progress.note(event, self.core.clock.now())) {
                    None => return Ok(End::Completed),
                    Some(RunnerEvent::Failed { kind, detail }) => {
                        tracing::warn!(run = %self.turn.run_id, ?kind, detail, "the model did not answer");
                        return Ok(End::Failed(kind));
                    }
                    Some(RunnerEvent::AskHuman(question)) => {
                        let waits = self.ask_human(progress, question).await?;
                        return Ok(End::Waiting(Box::new(waits)));
                    }
                    Some(event) => self.take_in(progress, event).await?,
                },
                () = sleep_until(checkpoint_due.min(turn_due)) => {}
            }
            // Over all that a turn does: a model that is asked again and again must not go on for ever.
            if Instant::now() >= turn_due {
                return Ok(End::Failed(ModelErrorKind::Timeout));
            }
            if progress.text.len() > ANSWER_BYTES {
                return Ok(End::Failed(ModelErrorKind::Broken));
            }
            // Asked for by the clock and not by the branch: a model that never pauses must not starve it.
            if Instant::now() >= checkpoint_due {
                self.checkpoint(progress).await?;
                checkpoint_due = Instant::now() + CHECKPOINT_EVERY;
            }
        }
    }

    async fn take_in(&mut self, progress: &mut Progress, event: RunnerEvent) -> StoreResult<()> {
        match event {
            RunnerEvent::StepStarted(label) => {
                progress.seq = self
                    .events
                    .publish(Event::StepStarted {
                        step_name: label.to_owned(),
                    })
                    .await?;
            }
            RunnerEvent::StepFinished(label) => {
                progress.seq = self
                    .events
                    .publish(Event::StepFinished {
                        step_name: label.to_owned(),
                    })
                    .await?;
            }
            RunnerEvent::Text(delta) => self.say(progress, delta).await?,
            // For the trace and the books alone; a visitor sees where the answer ends. The last two end the turn where
            // this is called.
            RunnerEvent::Asked(_)
            | RunnerEvent::Usage { .. }
            | RunnerEvent::CutShort
            | RunnerEvent::AskHuman(_)
            | RunnerEvent::Failed { .. } => {}
        }
        Ok(())
    }

    pub(super) async fn say(&mut self, progress: &mut Progress, delta: String) -> StoreResult<()> {
        if !progress.begun {
            progress.begun = true;
            self.events
                .publish(Event::TextMessageStart {
                    message_id: self.turn.answer_id.clone(),
                    role: Role::Assistant,
                })
                .await?;
        }
        progress.text.push_str(&delta);
        progress.seq = self
            .events
            .publish(Event::TextMessageContent {
                message_id: self.turn.answer_id.clone(),
                delta,
            })
            .await?;
        Ok(())
    }

    async fn checkpoint(&self, progress: &mut Progress) -> StoreResult<()> {
        if progress.begun && progress.seq > progress.checkpointed_seq {
            let run_id = &self.turn.run_id;
            self.core
                .store
                .checkpoint_turn(&self.session.workspace, run_id, &progress.text, progress.seq)
                .await?;
            progress.checkpointed_seq = progress.seq;
        }
        Ok(())
    }

    async fn task(&mut self) -> StoreResult<Task> {
        let core = &self.core;
        let workspace = &self.session.workspace;
        let messages = match self.so_far.take() {
            Some(question) => vec![question],
            None => {
                core.store
                    .list_messages(workspace, &self.session.id, None, HISTORY_MESSAGES)
                    .await?
                    .0
            }
        };
        let said = messages
            .into_iter()
            .filter(|message| message.id != self.turn.answer_id)
            .filter(|message| !message.content.is_empty() || !message.blocks.is_empty());
        let config = core
            .configs
            .find(core.store.as_ref(), workspace, &self.session.config_hash)
            .await?;
        let config = RunnableConfig::clone(&config);
        let knowledge = AgentKnowledge {
            store: Arc::clone(&core.store),
            workspace: workspace.clone(),
            agent: self.session.agent_id.clone(),
            bases: config.knowledge_bases.iter().map(|base| base.name.clone()).collect(),
        };
        Ok(Task {
            config,
            variables: self.session.variables.clone(),
            messages: model_messages(said),
            locale: self.session.locale.clone(),
            knowledge: Arc::new(knowledge),
            llm: Arc::clone(&core.llm),
            moderation: core.moderation.clone(),
        })
    }
}
