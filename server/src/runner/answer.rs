//! A model's answer on its way to the visitor, held against the blocked phrases.

use futures_util::{StreamExt, stream};

use super::policy::{OutputCheck, Policy, Violation};
use super::{RunnerEvent, RunnerStream, blocked};
use crate::llm::{ModelError, ModelErrorKind, ModelEvent, ModelStream};

/// The events of an answer.
pub(super) fn events(stream: ModelStream, policy: Option<&Policy>) -> RunnerStream {
    let answer = Answer {
        stream,
        check: policy.map(Policy::output_check),
        has_text: false,
        is_over: false,
    };
    stream::unfold(answer, Answer::next).boxed()
}

/// The event of a model that did not answer.
pub(super) fn failed(error: ModelError) -> RunnerEvent {
    RunnerEvent::Failed {
        kind: error.kind,
        detail: error.detail,
    }
}

/// The model's answer while it comes.
struct Answer {
    stream: ModelStream,
    check: Option<OutputCheck>,
    has_text: bool,
    is_over: bool,
}

impl Answer {
    async fn next(mut self) -> Option<(RunnerEvent, Self)> {
        if self.is_over {
            return None;
        }
        loop {
            let event = match self.stream.next().await {
                Some(Ok(ModelEvent::Thinking)) => continue,
                Some(Ok(ModelEvent::CutShort)) => RunnerEvent::CutShort,
                Some(Ok(ModelEvent::Text(text))) => {
                    self.has_text |= !text.trim().is_empty();
                    match self.let_out(text) {
                        Ok(text) if text.is_empty() => continue,
                        Ok(text) => RunnerEvent::Text(text),
                        Err(violation) => self.end(blocked(violation)),
                    }
                }
                Some(Ok(ModelEvent::Usage {
                    input_tokens,
                    output_tokens,
                })) => RunnerEvent::Usage {
                    input_tokens,
                    output_tokens,
                },
                // What is still held back stays back: the answer is run again anyway.
                Some(Err(error)) => self.end(failed(error)),
                None => self.last()?,
            };
            return Some((event, self));
        }
    }

    fn let_out(&mut self, text: String) -> Result<String, Violation> {
        match &mut self.check {
            Some(check) => check.push(&text),
            None => Ok(text),
        }
    }

    /// What comes after the model's own end.
    fn last(&mut self) -> Option<RunnerEvent> {
        self.is_over = true;
        if !self.has_text {
            return Some(RunnerEvent::Failed {
                kind: ModelErrorKind::Broken,
                detail: "the model answered without any text".to_owned(),
            });
        }
        match self.check.take()?.finish() {
            Ok(text) if text.is_empty() => None,
            Ok(text) => Some(RunnerEvent::Text(text)),
            Err(violation) => Some(blocked(violation)),
        }
    }

    fn end(&mut self, event: RunnerEvent) -> RunnerEvent {
        self.is_over = true;
        event
    }
}
