//! What a turn received and did, gathered while it runs and kept with its end.

use std::sync::Arc;

use crate::model::conversation::{Session, Turn};
use crate::model::time::Timestamp;
use crate::model::trace::{Received, Step, Trace};
use crate::runner::{RunnerEvent, ask_human};
use crate::store::TurnEnd;

/// The longest error that is kept, in characters.
const ERROR_CHARS: usize = 1_000;
/// The longest result of a tool that is kept, in characters.
const RESULT_CHARS: usize = 10_000;

/// The trace of a turn so far.
#[derive(Default)]
pub(super) struct Record {
    received: Option<Arc<Received>>,
    steps: Vec<Step>,
    /// Whether the last step goes on.
    is_open: bool,
    first_token_at: Option<Timestamp>,
}

impl Record {
    /// Takes in what the runner tells.
    pub(super) fn note(&mut self, event: &RunnerEvent, now: Timestamp) {
        match event {
            RunnerEvent::StepStarted(label) => self.begin("search", label, now),
            RunnerEvent::StepFinished(_) => self.end(now),
            RunnerEvent::Text(_) => {
                self.first_token_at.get_or_insert(now);
            }
            RunnerEvent::Asked(received) => {
                self.begin("model", &received.model, now);
                self.received = Some(Arc::clone(received));
            }
            RunnerEvent::Usage {
                input_tokens,
                output_tokens,
            } => {
                if let Some(step) = self.steps.last_mut() {
                    step.input_tokens = Some(step.input_tokens.unwrap_or(0) + input_tokens);
                    step.output_tokens = Some(step.output_tokens.unwrap_or(0) + output_tokens);
                }
            }
            RunnerEvent::AskHuman(question) => {
                self.first_token_at.get_or_insert(now);
                self.begin("tool", ask_human::NAME, now);
                let arguments = ask_human::arguments(&question.question, &question.choices);
                if let Some(step) = self.steps.last_mut() {
                    step.arguments = Some(arguments);
                }
                self.end(now);
            }
            RunnerEvent::Failed { kind, detail } => {
                if !self.is_open {
                    self.begin("check", "", now);
                }
                let error: String = format!("{kind:?}: {detail}").chars().take(ERROR_CHARS).collect();
                if let Some(step) = self.steps.last_mut() {
                    step.error = Some(error);
                }
                self.end(now);
            }
            _ => {}
        }
    }

    /// Takes in what a human answered, from which the turn goes on.
    pub(super) fn answered(&mut self, answer: &str, now: Timestamp) {
        self.begin("tool", ask_human::NAME, now);
        if let Some(step) = self.steps.last_mut() {
            step.result = Some(answer.chars().take(RESULT_CHARS).collect());
        }
        self.end(now);
    }

    /// When the first piece of the answer was there, a question to a human being one.
    pub(super) fn first_token_at(&self) -> Option<Timestamp> {
        self.first_token_at
    }

    /// The whole trace.
    pub(super) fn into_trace(mut self, session: &Session, turn: &Turn, end: &TurnEnd) -> Trace {
        self.end(end.now);
        Trace {
            run_id: turn.run_id.clone(),
            session_id: session.id.clone(),
            agent_id: session.agent_id.clone(),
            config_hash: session.config_hash.clone(),
            status: end.status,
            started_at: turn.started_at,
            finished_at: end.now,
            received: self.received.map(Arc::unwrap_or_clone),
            steps: self.steps,
            first_token_at: self.first_token_at,
            answer: end.content.clone(),
            error_code: end.error_code.clone(),
            correlation_id: turn.correlation_id.clone(),
        }
    }

    fn begin(&mut self, kind: &str, name: &str, now: Timestamp) {
        self.end(now);
        self.is_open = true;
        self.steps.push(Step {
            kind: kind.to_owned(),
            name: name.to_owned(),
            started_at: now,
            finished_at: now,
            input_tokens: None,
            output_tokens: None,
            error: None,
            arguments: None,
            result: None,
        });
    }

    fn end(&mut self, now: Timestamp) {
        if let Some(step) = self.steps.last_mut().filter(|_| self.is_open) {
            step.finished_at = now;
        }
        self.is_open = false;
    }
}
