//! A turn that has ended, for those who wait for the whole answer.

use std::sync::Arc;

use atthene_protocol::ids::{MessageId, RunId, WorkspaceId};

use super::{Conversations, Posted, open_interrupt};
use crate::domain::error::Error;
use crate::model::conversation::{Interrupt, Message, Session, Status, Turn};
use crate::model::event::NumberedEvent;
use crate::model::time::Timestamp;

/// How a turn ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The turn.
    pub run_id: RunId,
    /// The message that it wrote.
    pub answer_id: MessageId,
    /// What it says.
    pub content: String,
    /// How it ended; never `Running`.
    pub status: Status,
    /// What it waits for, where it waits for a human.
    pub interrupt: Option<Interrupt>,
    /// The stable code and the kind sentence of a failure.
    pub failure: Option<(String, String)>,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that the model wrote.
    pub output_tokens: Option<u64>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// The caller's own id for it.
    pub correlation_id: Option<String>,
    /// Its events; none where it ran before, or elsewhere.
    pub events: Vec<Arc<NumberedEvent>>,
}

impl Finished {
    /// The state of its message: a question to a human is said to its end.
    pub fn message_status(&self) -> Status {
        match self.status {
            Status::Waiting => Status::Completed,
            other => other,
        }
    }

    /// Whether it ran into a time limit.
    pub fn is_timeout(&self) -> bool {
        self.failure
            .as_ref()
            .is_some_and(|(code, _)| code == super::failure::TIMEOUT)
    }
}

impl Conversations {
    /// Waits for the end of a posted message's turn. Whoever stops waiting does not stop the turn.
    ///
    /// # Errors
    /// `Internal`, where the turn left no trace.
    pub async fn wait(&self, workspace: &WorkspaceId, posted: Posted) -> Result<Arc<Finished>, Error> {
        if let Some(mut end) = posted.end
            && let Ok(end) = end.wait_for(Option::is_some).await
            && let Some(finished) = &*end
        {
            return Ok(Arc::clone(finished));
        }
        // It ended before, or its task is gone: the store knows.
        let found = self.store.find_turn(workspace, &posted.accepted.run_id).await?;
        let (turn, answer) = found.ok_or_else(|| Error::Internal("a turn left no trace".to_owned()))?;
        Ok(Arc::new(from_store(turn, answer.content)))
    }
}

impl Conversations {
    /// A turn of a session and the message that it writes.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn turn(&self, session: &Session, run_id: &RunId) -> Result<(Turn, Message), Error> {
        let found = self.store.find_turn(&session.workspace, run_id).await?;
        found
            .filter(|(turn, _)| turn.session_id == session.id)
            .ok_or(Error::NotFound("There is no such turn."))
    }
}

fn from_store(turn: Turn, content: String) -> Finished {
    let interrupt = open_interrupt(turn.clone());
    let failure = match turn.status {
        Status::Error | Status::Interrupted => {
            let code = turn.error_code.unwrap_or_else(|| "interrupted".to_owned());
            let sentence = super::failure::sentence(&code, None);
            Some((code, sentence.to_owned()))
        }
        _ => None,
    };
    Finished {
        interrupt,
        run_id: turn.run_id,
        answer_id: turn.answer_id,
        content,
        status: turn.status,
        failure,
        input_tokens: turn.input_tokens,
        output_tokens: turn.output_tokens,
        started_at: turn.started_at,
        finished_at: turn.finished_at.unwrap_or(turn.started_at),
        correlation_id: turn.correlation_id,
        events: Vec::new(),
    }
}
