//! Turns that wait for a human: how one begins to wait, and how it is answered, once.
//!
//! A turn that waits is over for this process: it needs no task and survives a restart. The answer is the user's next
//! message, and begins the turn that goes on from it.

use std::sync::Arc;

use atthene_protocol::event::{Audience, Event, INPUT_REQUIRED, InterruptMetadata};
use atthene_protocol::ids::InterruptId;
use serde_json::{Map, json};

use super::turn::{Progress, TurnTask};
use super::{Conversations, NewMessage, Posted};
use crate::domain::clock::new_interrupt_id;
use crate::domain::error::Error;
use crate::domain::limits::Author;
use crate::model::conversation::{Asked, Block, Interrupt, Session, Status, Turn};
use crate::runner::Task;
use crate::runner::ask_human::{self, Question};
use crate::store::{StoreResult, Waits};

/// The code of a message that comes while the session waits for an answer.
pub(super) const WAITING_FOR_INPUT: &str = "waiting_for_input";
/// No interrupt's id is longer than that, in bytes.
const INTERRUPT_ID_BYTES: usize = 64;

/// The answer to a question on which a turn waits.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who answers.
    pub author: Author,
    /// How many Unicode characters it may have.
    pub most_chars: u32,
    /// What it answers; none: whatever the session waits for.
    pub interrupt_id: Option<InterruptId>,
    /// What it says.
    pub content: String,
    /// The author's own id for the turn that goes on, given back.
    pub correlation_id: Option<String>,
}

impl Conversations {
    /// Answers a question, once, and starts the turn that goes on from it. The same answer again gives the same `Posted`.
    ///
    /// # Errors
    /// `NotFound` where this is not what the session waits for, `Conflict` where it waits for nothing or was answered
    /// otherwise, and as `post`.
    pub async fn answer(self: &Arc<Self>, session: Session, answer: Answer) -> Result<Posted, Error> {
        let interrupt_id = match answer.interrupt_id {
            Some(id) if id.as_str().len() > INTERRUPT_ID_BYTES => return Err(NO_INTERRUPT),
            Some(id) => id,
            None => self.waits_for(&session).await?.ok_or(Error::NOT_WAITING)?.id,
        };
        let message = NewMessage {
            author: answer.author,
            most_chars: answer.most_chars,
            client_id: format!("input:{interrupt_id}"),
            content: answer.content,
            blocks: vec![Block::Answered { interrupt_id }],
            correlation_id: answer.correlation_id,
            inputs: Map::new(),
        };
        self.post(session, message).await
    }

    /// The same as `post`, but for a dialect that has no other way to answer: what comes while the session waits is the
    /// answer.
    ///
    /// # Errors
    /// As `post` and `answer`.
    pub async fn post_or_answer(self: &Arc<Self>, session: Session, message: NewMessage) -> Result<Posted, Error> {
        let answer = Answer {
            author: message.author.clone(),
            most_chars: message.most_chars,
            interrupt_id: None,
            content: message.content.clone(),
            correlation_id: message.correlation_id.clone(),
        };
        match self.post(session.clone(), message).await {
            Err(Error::Conflict { code, .. }) if code == WAITING_FOR_INPUT => self.answer(session, answer).await,
            posted => posted,
        }
    }

    /// The question on which the session's latest turn waits.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn waits_for(&self, session: &Session) -> Result<Option<Interrupt>, Error> {
        Ok(self.latest_turn(session).await?.and_then(open_interrupt))
    }

    /// Why an answer is none.
    pub(super) async fn refuse_answer(&self, session: &Session) -> Error {
        match self.waits_for(session).await {
            Ok(Some(_)) => NO_INTERRUPT,
            Ok(None) => Error::NOT_WAITING,
            Err(error) => error,
        }
    }
}

const NO_INTERRUPT: Error = Error::NotFound("This session waits for the answer to another question, not to this one.");

/// What a turn waits for, if it does.
pub fn open_interrupt(turn: Turn) -> Option<Interrupt> {
    turn.interrupt.filter(|_| turn.status == Status::Waiting)
}

/// The interrupt that a message answers.
pub(super) fn answered(blocks: &[Block]) -> Option<InterruptId> {
    blocks.iter().find_map(|block| match block {
        Block::Answered { interrupt_id } => Some(interrupt_id.clone()),
        _ => None,
    })
}

impl TurnTask {
    /// Puts the question into the assistant's message, and the call of the tool before back ends.
    pub(super) async fn ask_human(&mut self, progress: &mut Progress, question: Question) -> StoreResult<Waits> {
        let Question {
            call_id,
            question,
            choices,
        } = question;
        let tool_call_id = call_id.clone();
        let call = [
            Event::ToolCallStart {
                tool_call_id: tool_call_id.clone(),
                tool_call_name: ask_human::NAME.to_owned(),
                parent_message_id: self.turn.answer_id.clone(),
            },
            Event::ToolCallArgs {
                tool_call_id: tool_call_id.clone(),
                delta: ask_human::arguments(&question, &choices),
            },
            Event::ToolCallEnd { tool_call_id },
        ];
        for event in call {
            progress.seq = self.events.publish_to(Audience::Api, event).await?;
        }
        let said = progress.text.clone();
        let gap = if said.is_empty() { "" } else { "\n\n" };
        self.say(progress, format!("{gap}{question}")).await?;
        let interrupt_id = new_interrupt_id();
        Ok(Waits {
            interrupt: Interrupt {
                id: interrupt_id.clone(),
                reason: INPUT_REQUIRED.to_owned(),
                message: Some(question.clone()),
                response_schema: Some(json!({ "type": "string" })),
                metadata: (!choices.is_empty()).then(|| InterruptMetadata {
                    choices: choices.clone(),
                }),
            },
            asked: Asked {
                interrupt_id,
                call_id,
                said,
                question,
                choices,
            },
        })
    }

    /// Tells back ends what the tool brought that this turn goes on from.
    pub(super) async fn tell_answer(&mut self, progress: &mut Progress, task: &Task) -> StoreResult<()> {
        let Some(answer) = task.messages.last() else {
            return Ok(());
        };
        if let Some(call_id) = &answer.answers {
            progress.record.answered(&answer.content, self.core.clock.now());
            let result = Event::ToolCallResult {
                message_id: self.turn.question_id.clone(),
                tool_call_id: call_id.clone(),
                content: answer.content.clone(),
            };
            self.events.publish_to(Audience::Api, result).await?;
        }
        Ok(())
    }
}
