//! One turn as a task of its own: a lost connection does not lose the answer, a shutdown drains it.
//!
//! The runner yields; each event gets the session's next number and is published; the text so far is checkpointed at
//! least every second; the end is committed before it is published.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::AG_UI_VERSION;
use atthene_protocol::event::{Event, Outcome};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::event::EventWriter;
use super::failure::{INTERRUPTED, code_of, sentence};
use super::images::model_images;
use super::record::Record;
use super::spending::Spending;
use super::{Conversations, Finished};
use crate::domain::knowledge::AgentKnowledge;
use crate::llm::{ModelErrorKind, ModelMessage};
use crate::model::agent::RunnableConfig;
use crate::model::conversation::{Block, Message, Role, Session, Status, Turn};
use crate::model::time::Timestamp;
use crate::runner::{self, RunnerEvent, Task};
use crate::store::{StoreError, StoreResult, TurnEnd};

/// The text so far is committed at least so often (BAR.md D2).
const CHECKPOINT_EVERY: Duration = Duration::from_millis(900);
/// How many messages the runner is given.
const HISTORY_MESSAGES: u32 = 50;
/// The longest answer that is kept, in bytes.
const ANSWER_BYTES: usize = 1024 * 1024;
/// How often the end of a turn is tried to be committed before it is left to the next start.
const FINISH_ATTEMPTS: u32 = 5;

/// Everything a running turn owns.
pub(super) struct TurnTask {
    pub(super) core: Arc<Conversations>,
    pub(super) session: Session,
    pub(super) turn: Turn,
    pub(super) events: EventWriter,
    pub(super) stop: CancellationToken,
}

/// How far the answer has come.
#[derive(Default)]
struct Progress {
    text: String,
    seq: u64,
    checkpointed_seq: u64,
    begun: bool,
    spending: Spending,
    record: Record,
}

/// How the turn ended.
enum End {
    Completed,
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
        let mut stream = runner::run(task);
        let stop = self.stop.clone();
        let mut checkpoint_due = Instant::now() + CHECKPOINT_EVERY;
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
                    Some(event) => self.take_in(progress, event).await?,
                },
                () = sleep_until(checkpoint_due) => {}
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
            RunnerEvent::Text(delta) => {
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
            }
            // For the trace and the books alone; a visitor sees where the answer ends, and a failure ends the turn where this is called.
            RunnerEvent::Asked(_) | RunnerEvent::Usage { .. } | RunnerEvent::CutShort | RunnerEvent::Failed { .. } => {}
        }
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

    async fn task(&self) -> StoreResult<Task> {
        let core = &self.core;
        let workspace = &self.session.workspace;
        let (messages, _) = core
            .store
            .list_messages(workspace, &self.session.id, None, HISTORY_MESSAGES)
            .await?;
        let messages = messages
            .into_iter()
            .filter(|message| message.id != self.turn.answer_id)
            .filter(|message| !message.content.is_empty() || !message.blocks.is_empty())
            .map(model_message)
            .collect();
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
            messages,
            locale: self.session.locale.clone(),
            knowledge: Arc::new(knowledge),
            llm: Arc::clone(&core.llm),
            moderation: core.moderation.clone(),
        })
    }

    async fn finish(mut self, progress: Progress, end: End) {
        let status = match end {
            End::Completed => Status::Completed,
            End::Cut if self.core.draining.is_cancelled() => Status::Interrupted,
            End::Cut => Status::Stopped,
            End::Failed(_) => Status::Error,
        };
        let failure = match &end {
            End::Failed(kind) => {
                let code = code_of(*kind);
                self.core.metrics.model_failed(code);
                Some(code)
            }
            _ if status == Status::Interrupted => Some(INTERRUPTED),
            _ => None,
        };
        let locale = self.session.locale.clone();
        let failure = failure.map(|code| (code, sentence(code, locale.as_deref())));
        let (message_seq, end_seq) = match (self.events.take_seq().await, self.events.take_seq().await) {
            (Ok(message_seq), Ok(end_seq)) => (message_seq, end_seq),
            // The numbers of the last events do not matter any more: the store is gone, and with it the session.
            _ => (progress.seq + 1, progress.seq + 2),
        };
        let (input_tokens, output_tokens) = progress.spending.reported();
        let turn_end = TurnEnd {
            run_id: self.turn.run_id.clone(),
            content: progress.text,
            status,
            error_code: failure.map(|(code, _)| code.to_owned()),
            input_tokens,
            output_tokens,
            spent_tokens: progress.spending.tokens(),
            seq: end_seq,
            now: self.core.clock.now(),
        };
        let trace = progress.record.into_trace(&self.session, &self.turn, &turn_end);
        self.commit_end(&turn_end).await;
        self.count(&turn_end);
        let running = self.core.running().remove(&self.session.id);
        if progress.begun {
            self.events
                .publish_as(
                    message_seq,
                    Event::TextMessageEnd {
                        message_id: self.turn.answer_id.clone(),
                    },
                )
                .await;
        }
        let last_event = self.last_event(status, failure);
        self.events.publish_as(end_seq, last_event).await;
        if let Some(running) = running {
            let finished = Finished {
                run_id: turn_end.run_id,
                answer_id: self.turn.answer_id,
                content: turn_end.content,
                status,
                failure: failure.map(|(code, sentence)| (code.to_owned(), sentence.to_owned())),
                input_tokens: turn_end.input_tokens,
                output_tokens: turn_end.output_tokens,
                started_at: self.turn.started_at,
                finished_at: turn_end.now,
                correlation_id: self.turn.correlation_id,
                events: self.events.take_kept(),
            };
            running.end.send_replace(Some(Arc::new(finished)));
        }
        self.core.keep_trace(&self.session.workspace, &trace).await;
    }

    /// Tries again while the store fails: a turn must not stay `running`.
    async fn commit_end(&self, end: &TurnEnd) {
        for attempt in 1..=FINISH_ATTEMPTS {
            let asked = Instant::now();
            match self.core.store.finish_turn(&self.session.workspace, end).await {
                Ok(sum) => {
                    self.core.metrics.commit(asked.elapsed());
                    if let (Some(agent), Some(sum)) = (&self.session.agent_id, sum) {
                        self.core.budgets.note(agent, end.now.day(), sum);
                    }
                    return;
                }
                Err(error) => tracing::error!(%error, attempt, run = %end.run_id, "the end of a turn is not committed"),
            }
            tokio::time::sleep(Duration::from_millis(u64::from(100 * attempt * attempt))).await;
        }
    }

    fn count(&self, end: &TurnEnd) {
        let metrics = &self.core.metrics;
        let tokens = (end.input_tokens.unwrap_or(0), end.output_tokens.unwrap_or(0));
        metrics.turn(end.status.as_str(), tokens.0, tokens.1);
    }

    fn last_event(&self, status: Status, failure: Option<(&str, &str)>) -> Event {
        if let Some((code, message)) = failure {
            return Event::RunError {
                message: message.to_owned(),
                code: code.to_owned(),
            };
        }
        let outcome = if status == Status::Stopped {
            Outcome::Cancelled
        } else {
            Outcome::Success
        };
        Event::RunFinished {
            thread_id: self.session.id.clone(),
            run_id: self.turn.run_id.clone(),
            outcome,
        }
    }
}

/// A message as a model reads it: documents are text, images stay images.
fn model_message(message: Message) -> ModelMessage {
    let mut text = message.content;
    for block in &message.blocks {
        if let Block::Document {
            filename,
            text: document,
        } = block
        {
            text.push_str(&format!("\n\n<document name=\"{filename}\">\n{document}\n</document>"));
        }
    }
    ModelMessage {
        images: model_images(message.blocks),
        ..ModelMessage::text(message.role, text)
    }
}
