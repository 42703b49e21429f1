//! A visitor's message: checked, committed together with its turn, acknowledged; only then the model is asked.

use std::net::IpAddr;
use std::sync::Arc;

use atthene_protocol::ids::RunId;
use atthene_protocol::visitor::{Accepted, SendMessage};

use super::event::{EventWriter, message_snapshot};
use super::turn::TurnTask;
use super::{Conversations, Running, SEQ_BLOCK};
use crate::domain::clock::{new_message_id, new_run_id};
use crate::domain::error::Error;
use crate::domain::limits::Permit;
use crate::model::agent::Agent;
use crate::model::conversation::{Message, Role, Session, Status, Turn};
use crate::store::{Appended, NewTurn, Retried};

/// The longest client id, in bytes.
const CLIENT_ID_BYTES: usize = 128;

const TURN_RUNNING: Error = Error::Conflict {
    code: "turn_running",
    message: "An answer is still being written in this session. Send the message again when it has ended, or stop it first.",
};

impl Conversations {
    /// Commits a visitor's message to an agent and starts the turn that answers it. The same client id and text again
    /// gives the same answer.
    ///
    /// # Errors
    /// `Invalid`, `Conflict` while a turn runs, `RateLimited`, `NotFound`, `ShuttingDown`, `Internal`.
    pub async fn post(
        self: &Arc<Self>,
        agent: &Agent,
        session: Session,
        address: IpAddr,
        message: SendMessage,
    ) -> Result<Accepted, Error> {
        let _work = self.begin_work()?;
        check(&message, self.limits.message_chars(agent))?;
        let visitor = session.visitor_id.as_ref().map(|id| id.as_str()).unwrap_or_default();
        self.limits
            .send_message(visitor, session.agent_id.as_str(), address)
            .await?;
        let permit = self.limits.run_turn(session.agent_id.as_str(), address)?;
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
    /// `Conflict`, `RateLimited`, `ShuttingDown`, `Internal`.
    pub async fn retry(self: &Arc<Self>, session: Session, address: IpAddr) -> Result<Accepted, Error> {
        let _work = self.begin_work()?;
        let visitor = session.visitor_id.as_ref().map(|id| id.as_str()).unwrap_or_default();
        self.limits
            .send_message(visitor, session.agent_id.as_str(), address)
            .await?;
        let permit = self.limits.run_turn(session.agent_id.as_str(), address)?;
        let this = Arc::clone(self);
        let committed = self
            .tasks
            .spawn(async move { this.commit_retry(session, permit).await });
        committed
            .await
            .map_err(|error| Error::Internal(format!("retrying failed: {error}")))?
    }

    async fn commit(
        self: Arc<Self>,
        session: Session,
        message: SendMessage,
        permit: Permit,
    ) -> Result<Accepted, Error> {
        let new = NewTurn {
            workspace: session.workspace.clone(),
            session_id: session.id.clone(),
            run_id: new_run_id(),
            question_id: new_message_id(),
            answer_id: new_message_id(),
            client_id: message.client_id,
            content: message.content,
            now: self.clock.now(),
        };
        match self.store.append_visitor_message(&new, SEQ_BLOCK).await? {
            Appended::New { first_seq } => {
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
                    status: Status::Completed,
                    client_id: Some(new.client_id),
                    seq: first_seq,
                    created_at: new.now,
                };
                let turn = Turn {
                    run_id: new.run_id,
                    session_id: session.id.clone(),
                    question_id: new.question_id,
                    answer_id: new.answer_id,
                    status: Status::Running,
                    error_code: None,
                    started_at: new.now,
                    finished_at: None,
                };
                self.begin(session, turn, first_seq, &question, permit).await;
                Ok(accepted)
            }
            Appended::Duplicate {
                question_id,
                run_id,
                seq,
            } => Ok(Accepted {
                message_id: question_id,
                run_id,
                seq,
            }),
            Appended::ClientIdReused => Err(Error::Invalid {
                code: "client_id_reused",
                message: "This `client_id` was used for another text; make a new one for each message.".to_owned(),
            }),
            Appended::TurnRunning => Err(TURN_RUNNING),
            Appended::NoSession => Err(Error::NotFound("There is no such session.")),
        }
    }

    async fn commit_retry(self: Arc<Self>, session: Session, permit: Permit) -> Result<Accepted, Error> {
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
                    status: Status::Running,
                    client_id: None,
                    seq: first_seq,
                    created_at: now,
                };
                self.begin(session, turn, first_seq, &emptied, permit).await;
                Ok(accepted)
            }
            Retried::TurnRunning => Err(TURN_RUNNING),
            Retried::NothingToRetry => Err(Error::Conflict {
                code: "nothing_to_retry",
                message: "The last answer is complete; there is nothing to try again.",
            }),
        }
    }

    /// Tells the others of the message and starts the turn's task.
    async fn begin(self: &Arc<Self>, session: Session, turn: Turn, first_seq: u64, message: &Message, permit: Permit) {
        let mut events = EventWriter::new(
            Arc::clone(&self.bus),
            Arc::clone(&self.store),
            session.workspace.clone(),
            session.id.clone(),
            first_seq,
        );
        // The first number of a fresh block is there without asking the store, so this cannot fail.
        if let Err(error) = events.publish(message_snapshot(message)).await {
            tracing::error!(%error, session = %session.id, "a message could not be published");
        }
        let stop = self.draining.child_token();
        self.running().insert(
            session.id.clone(),
            Running {
                run_id: turn.run_id.clone(),
                stop: stop.clone(),
                _permit: permit,
            },
        );
        let task = TurnTask {
            core: Arc::clone(self),
            session,
            turn,
            events,
            stop,
        };
        self.tasks.spawn(task.run());
    }
}

fn check(message: &SendMessage, most_chars: u32) -> Result<(), Error> {
    let chars = message.content.chars().count();
    if message.content.trim().is_empty() || chars > most_chars as usize {
        return Err(Error::Invalid {
            code: "content_length",
            message: format!("`content` must be 1 to {most_chars} characters and not blank; this one has {chars}."),
        });
    }
    if message.client_id.is_empty() || message.client_id.len() > CLIENT_ID_BYTES {
        return Err(Error::Invalid {
            code: "client_id_length",
            message: format!("`client_id` must be 1 to {CLIENT_ID_BYTES} bytes; make a new one for each message."),
        });
    }
    Ok(())
}
