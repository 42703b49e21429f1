//! The end of a turn: committed first, then told; whatever the end is.

use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::event::{Event, Outcome};
use tokio::time::Instant;

use super::Finished;
use super::failure::{INTERRUPTED, code_of, sentence};
use super::turn::{End, Progress, TurnTask};
use crate::model::conversation::{Interrupt, Status};
use crate::store::{TurnEnd, Waits};

/// How often the end of a turn is tried to be committed before it is left to the next start.
const FINISH_ATTEMPTS: u32 = 5;

impl TurnTask {
    pub(super) async fn finish(mut self, progress: Progress, end: End) {
        let status = match &end {
            End::Completed => Status::Completed,
            End::Waiting(_) => Status::Waiting,
            End::Cut if self.core.draining.is_cancelled() => Status::Interrupted,
            End::Cut => Status::Stopped,
            End::Failed(_) => Status::Error,
        };
        let waits = match &end {
            End::Waiting(waits) => Some(Waits::clone(waits)),
            _ => None,
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
        let mut turn_end = TurnEnd {
            run_id: self.turn.run_id.clone(),
            content: progress.text,
            status,
            waits,
            error_code: failure.map(|(code, _)| code.to_owned()),
            first_token_at: progress.record.first_token_at(),
            input_tokens,
            output_tokens,
            spent_tokens: progress.spending.tokens(),
            seq: end_seq,
            trace: None,
            now: self.core.clock.now(),
        };
        turn_end.trace = Some(progress.record.into_trace(&self.session, &self.turn, &turn_end));
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
        let interrupt = turn_end.waits.map(|waits| waits.interrupt);
        let last_event = self.last_event(status, interrupt.clone(), failure);
        self.events.publish_as(end_seq, last_event).await;
        if let Some(running) = running {
            let finished = Finished {
                run_id: turn_end.run_id,
                answer_id: self.turn.answer_id,
                content: turn_end.content,
                status,
                interrupt,
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

    fn last_event(&self, status: Status, interrupt: Option<Interrupt>, failure: Option<(&str, &str)>) -> Event {
        if let Some((code, message)) = failure {
            return Event::RunError {
                message: message.to_owned(),
                code: code.to_owned(),
            };
        }
        let outcome = match interrupt {
            Some(interrupt) => Outcome::Interrupt {
                interrupts: vec![interrupt],
            },
            None if status == Status::Stopped => Outcome::Cancelled,
            None => Outcome::Success,
        };
        Event::RunFinished {
            thread_id: self.session.id.clone(),
            run_id: self.turn.run_id.clone(),
            outcome,
        }
    }
}
