//! A model's answer on its way to the visitor, held against the blocked phrases; and the tools that it calls on the way.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::ask_human::{self, Question};
use super::policy::{OutputCheck, Policy, Violation};
use super::{RunnerEvent, RunnerStream, blocked, received};
use crate::llm::{Llm, ModelCall, ModelError, ModelErrorKind, ModelEvent, ModelMessage, ModelRequest, ModelStream};
use crate::model::conversation::Role;

/// How often a model is asked in one turn where the configuration says nothing.
const MAX_ITERATIONS: u32 = 4;

/// The events of an answer.
pub(super) fn events(
    llm: Arc<dyn Llm>,
    request: ModelRequest,
    policy: Option<Policy>,
    max_iterations: Option<u32>,
) -> RunnerStream {
    let answer = Answer {
        llm,
        request,
        state: State::Asking,
        check: policy.as_ref().map(Policy::output_check),
        policy,
        said: String::new(),
        call: None,
        iterations_left: max_iterations.unwrap_or(MAX_ITERATIONS),
    };
    stream::unfold(answer, Answer::next).boxed()
}

/// The model's answer while it comes.
struct Answer {
    llm: Arc<dyn Llm>,
    request: ModelRequest,
    state: State,
    policy: Option<Policy>,
    check: Option<OutputCheck>,
    /// What this answer of the model said.
    said: String,
    call: Option<ModelCall>,
    iterations_left: u32,
}

enum State {
    /// The question is told of next.
    Asking,
    /// Then it is asked.
    Asked,
    Flowing(ModelStream),
    /// Then whoever listens is asked.
    AskingHuman(Question),
    Over,
}

impl Answer {
    async fn next(mut self) -> Option<(RunnerEvent, Self)> {
        loop {
            let event = match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return None,
                State::Asking => {
                    self.state = State::Asked;
                    Some(RunnerEvent::Asked(Arc::new(received(&self.request))))
                }
                State::Asked => match self.llm.ask(self.request.clone()).await {
                    Ok(stream) => {
                        self.state = State::Flowing(stream);
                        None
                    }
                    Err(error) => Some(failed(error)),
                },
                State::Flowing(mut stream) => match stream.next().await {
                    Some(Ok(event)) => {
                        self.state = State::Flowing(stream);
                        self.take_in(event)
                    }
                    // What is still held back stays back: the answer is run again anyway.
                    Some(Err(error)) => Some(failed(error)),
                    None => self.end_of_stream(),
                },
                State::AskingHuman(question) => Some(RunnerEvent::AskHuman(question)),
            };
            if let Some(event) = event {
                return Some((event, self));
            }
        }
    }

    /// What of a model's event is passed on.
    fn take_in(&mut self, event: ModelEvent) -> Option<RunnerEvent> {
        match event {
            ModelEvent::Thinking => None,
            ModelEvent::CutShort => Some(RunnerEvent::CutShort),
            ModelEvent::Text(text) => {
                self.said.push_str(&text);
                match self.let_out(text) {
                    Ok(text) if text.is_empty() => None,
                    Ok(text) => Some(RunnerEvent::Text(text)),
                    Err(violation) => Some(self.end(blocked(violation))),
                }
            }
            ModelEvent::Usage {
                input_tokens,
                output_tokens,
            } => Some(RunnerEvent::Usage {
                input_tokens,
                output_tokens,
            }),
            // One at a time: a question that comes together with another would have to wait anyway.
            ModelEvent::Call { id, name, arguments } => {
                if self.call.is_none() {
                    self.call = Some(ModelCall {
                        id,
                        name,
                        arguments,
                        said: String::new(),
                    });
                }
                None
            }
        }
    }

    fn let_out(&mut self, text: String) -> Result<String, Violation> {
        match &mut self.check {
            Some(check) => check.push(&text),
            None => Ok(text),
        }
    }

    /// What comes after the model's own end.
    fn end_of_stream(&mut self) -> Option<RunnerEvent> {
        let Some(call) = self.call.take() else {
            if self.said.trim().is_empty() {
                return Some(broken("the model answered without any text"));
            }
            return self.flush();
        };
        match self.read(&call) {
            Ok(question) => {
                if let Err(violation) = self.judge(&question) {
                    return Some(blocked(violation));
                }
                let flushed = self.flush();
                if !matches!(flushed, Some(RunnerEvent::Failed { .. })) {
                    self.state = State::AskingHuman(question);
                }
                flushed
            }
            Err(_) if self.iterations_left <= 1 => Some(broken("the model calls its tools wrongly")),
            Err(told) => {
                self.correct(call, told);
                None
            }
        }
    }

    fn read(&self, call: &ModelCall) -> Result<Question, String> {
        if call.name == ask_human::NAME && self.request.tools.iter().any(|tool| tool.name == call.name) {
            return ask_human::read(call.id.clone(), &call.arguments);
        }
        let names: Vec<&str> = self.request.tools.iter().map(|tool| tool.name).collect();
        Err(format!("There is no such tool; there is: {}.", names.join(", ")))
    }

    /// A question is shown as well as an answer.
    fn judge(&self, question: &Question) -> Result<(), Violation> {
        let Some(policy) = &self.policy else { return Ok(()) };
        for text in std::iter::once(&question.question).chain(&question.choices) {
            let mut check = policy.output_check();
            check.push(text)?;
            check.finish()?;
        }
        Ok(())
    }

    /// Lets the model try again, told what was wrong.
    fn correct(&mut self, mut call: ModelCall, told: String) {
        self.iterations_left -= 1;
        call.said = std::mem::take(&mut self.said);
        let result = ModelMessage {
            answers: Some(call.id.clone()),
            ..ModelMessage::text(Role::User, told)
        };
        self.request.messages.push(ModelMessage {
            call: Some(call),
            ..ModelMessage::text(Role::Assistant, "")
        });
        self.request.messages.push(result);
        self.state = State::Asking;
    }

    /// What was held back.
    fn flush(&mut self) -> Option<RunnerEvent> {
        match self.check.take()?.finish() {
            Ok(text) if text.is_empty() => None,
            Ok(text) => Some(RunnerEvent::Text(text)),
            Err(violation) => Some(blocked(violation)),
        }
    }

    fn end(&mut self, event: RunnerEvent) -> RunnerEvent {
        self.state = State::Over;
        event
    }
}

/// The event of a model that did not answer.
fn failed(error: ModelError) -> RunnerEvent {
    RunnerEvent::Failed {
        kind: error.kind,
        detail: error.detail,
    }
}

fn broken(detail: &str) -> RunnerEvent {
    RunnerEvent::Failed {
        kind: ModelErrorKind::Broken,
        detail: detail.to_owned(),
    }
}
