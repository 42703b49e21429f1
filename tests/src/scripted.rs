//! A model whose answers the test writes, and that can be held at any piece: no sleeps, the test lets it go on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use atthene_server::llm::{Llm, ModelError, ModelErrorKind, ModelEvent, ModelRequest, ModelStream};
use atthene_server::runner::ask_human;
use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

/// One piece of a scripted answer.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text.
    Text(&'static str),
    /// Waits until the test calls `release`.
    Hold,
    /// Calls the tool that asks a human.
    Ask(&'static str, &'static [&'static str]),
    /// Calls a tool with these arguments.
    Call(&'static str, &'static str),
    /// Fails.
    Fail(ModelErrorKind),
}

/// Answers with what the test queued; else with `Hello from the script.`
#[derive(Default)]
pub struct Scripted {
    answers: Mutex<VecDeque<Vec<Piece>>>,
    requests: Mutex<Vec<ModelRequest>>,
    gate: Arc<Gate>,
}

struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

impl Scripted {
    /// The next answer.
    pub fn answer(&self, pieces: &[Piece]) {
        self.answers.lock().unwrap().push_back(pieces.to_vec());
    }

    /// Lets one `Hold` pass.
    pub fn release(&self) {
        self.gate.0.add_permits(1);
    }

    /// What the model was asked so far.
    pub fn requests(&self) -> Vec<ModelRequest> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl Llm for Scripted {
    fn knows(&self, _model: &str) -> bool {
        true
    }

    async fn ask(&self, request: ModelRequest) -> Result<ModelStream, ModelError> {
        self.requests.lock().unwrap().push(request);
        let pieces = self.answers.lock().unwrap().pop_front();
        let pieces = pieces.unwrap_or_else(|| vec![Piece::Text("Hello "), Piece::Text("from the script.")]);
        let gate = Arc::clone(&self.gate);
        let events = stream::iter(pieces).filter_map(move |piece| {
            let gate = Arc::clone(&gate);
            async move {
                match piece {
                    Piece::Text(text) => Some(Ok(ModelEvent::Text(text.to_owned()))),
                    Piece::Ask(question, choices) => {
                        let choices: Vec<String> = choices.iter().map(|&choice| choice.to_owned()).collect();
                        Some(Ok(called(ask_human::NAME, ask_human::arguments(question, &choices))))
                    }
                    Piece::Call(name, arguments) => Some(Ok(called(name, arguments.to_owned()))),
                    Piece::Hold => {
                        gate.0.acquire().await.expect("the gate stays open").forget();
                        None
                    }
                    Piece::Fail(kind) => {
                        let detail = "scripted failure: vendor-secret-marker".to_owned();
                        Some(Err(ModelError {
                            kind,
                            detail,
                            retry_after_ms: None,
                            vendor: None,
                        }))
                    }
                }
            }
        });
        Ok(events.boxed())
    }
}

fn called(name: &str, arguments: String) -> ModelEvent {
    ModelEvent::Call {
        id: "call_scripted".to_owned(),
        name: name.to_owned(),
        arguments,
    }
}
