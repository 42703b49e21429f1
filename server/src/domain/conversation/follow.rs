//! Following a session: what changed after a number, then everything live; nothing doubled, nothing missed.
//!
//! The subscription is taken first, together with the running turn's text (one lock). The store is read after it. Both
//! tell how far they go by a number: the further one is what is sent, and live events up to that number are dropped.
//! A reader that lags starts over from the last number it was sent.

use std::collections::VecDeque;
use std::sync::Arc;

use atthene_protocol::event::{Audience, Event};
use atthene_protocol::ids::{SessionId, WorkspaceId};

use super::Conversations;
use super::event::{message_snapshot, run_snapshot};
use crate::bus::Subscription;
use crate::domain::error::Error;
use crate::model::conversation::{Message, Role, Session, Status};
use crate::model::event::NumberedEvent;

/// One piece of what a follower is sent.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The number to resume after, once this piece has arrived. Absent on all but the last piece of a snapshot, so
    /// that a reader cut off in the middle gets the whole of it again.
    pub seq: Option<u64>,
    /// The event as JSON.
    pub json: Arc<NumberedEvent>,
}

/// Follows one session.
pub struct Follower {
    core: Arc<Conversations>,
    workspace: WorkspaceId,
    session: SessionId,
    audience: Audience,
    sent_seq: u64,
    subscription: Box<dyn Subscription>,
    pending: VecDeque<Frame>,
}

impl Conversations {
    /// Follows a session after a number that the reader has seen (0: from the beginning).
    ///
    /// # Errors
    /// `NotFound` when the session is gone, `Internal`.
    pub async fn follow(self: &Arc<Self>, session: Session, audience: Audience, after: u64) -> Result<Follower, Error> {
        let (subscription, pending, sent_seq) = self.catch_up(&session.workspace, &session.id, after).await?;
        Ok(Follower {
            core: Arc::clone(self),
            workspace: session.workspace,
            session: session.id,
            audience,
            sent_seq,
            subscription,
            pending,
        })
    }

    async fn catch_up(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        after: u64,
    ) -> Result<(Box<dyn Subscription>, VecDeque<Frame>, u64), Error> {
        let (live, subscription) = self.bus.snapshot_and_subscribe(session).await;
        let stored = self.store.snapshot(workspace, session, after).await?;
        let stored = stored.ok_or(Error::NotFound("There is no such session."))?;
        // As far as the store, and it holds the running step too, which the store does not know.
        let live = live.filter(|live| live.seq >= stored.last_seq);
        let cut = live.as_ref().map_or(stored.last_seq, |live| live.seq);
        let mut frames = VecDeque::new();
        let mut frame = |seq, event| {
            let json = NumberedEvent::new(cut, Audience::Visitor, event);
            frames.push_back(Frame { seq, json });
        };
        let running = live.as_ref().and_then(|live| live.message_id.as_ref());
        for message in stored.messages.iter().filter(|message| Some(&message.id) != running) {
            frame(None, message_snapshot(message));
        }
        if let (Some(live), Some(message_id), Some(turn)) = (&live, running, &stored.turn) {
            let known = stored.messages.iter().find(|message| message.id == *message_id);
            let answer = Message {
                id: message_id.clone(),
                session_id: session.clone(),
                run_id: live.run_id.clone(),
                role: Role::Assistant,
                content: live.text.clone(),
                blocks: Vec::new(),
                status: Status::Running,
                client_id: None,
                seq: live.seq,
                created_at: known.map_or(turn.started_at, |message| message.created_at),
                feedback: None,
            };
            frame(None, message_snapshot(&answer));
        }
        if let Some(step_name) = live.as_ref().and_then(|live| live.step.clone()) {
            frame(None, Event::StepStarted { step_name });
        }
        match (&live, &stored.turn) {
            (Some(live), _) => frame(Some(cut), run_snapshot(&live.run_id, Status::Running, None)),
            (None, Some(turn)) => frame(
                Some(cut),
                run_snapshot(&turn.run_id, turn.status, turn.interrupt.as_ref()),
            ),
            (None, None) => {}
        }
        Ok((subscription, frames, cut))
    }
}

impl Follower {
    /// Forgets the snapshot that it began with: for a reader that wants only what comes from now on.
    pub fn skip_snapshot(&mut self) {
        self.pending.clear();
    }

    /// Forgets it, and what is live too, before a number: for a reader that wants one turn, which begins there.
    pub fn skip_to(&mut self, seq: u64) {
        self.skip_snapshot();
        self.sent_seq = self.sent_seq.max(seq.saturating_sub(1));
    }

    /// How far it has come: what has a higher number is still to be told.
    pub fn seen(&self) -> u64 {
        self.sent_seq
    }

    /// The next piece; waits for one. Safe to be dropped while it waits.
    ///
    /// # Errors
    /// The session is gone, or the store failed while catching up.
    pub async fn next(&mut self) -> Result<Frame, Error> {
        loop {
            if let Some(frame) = self.pending.pop_front() {
                return Ok(frame);
            }
            match self.subscription.next().await {
                Ok(event) if event.seq <= self.sent_seq => {}
                Ok(event) => {
                    self.sent_seq = event.seq;
                    if event.audience == Audience::Visitor || self.audience == Audience::Api {
                        return Ok(Frame {
                            seq: Some(event.seq),
                            json: event,
                        });
                    }
                }
                Err(_lagged) => {
                    // In a box: it is rare, and would make every reader that waits larger.
                    let catching_up = self.core.catch_up(&self.workspace, &self.session, self.sent_seq);
                    let (subscription, pending, sent_seq) = Box::pin(catching_up).await?;
                    self.subscription = subscription;
                    self.pending = pending;
                    self.sent_seq = sent_seq;
                }
            }
        }
    }
}
