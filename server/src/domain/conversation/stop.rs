//! Ending turns early: a visitor's stop, and the server's own end.

use std::time::Duration;

use atthene_protocol::event::Audience;
use atthene_protocol::ids::{RunId, SessionId};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Conversations;
use super::event::run_snapshot;
use crate::domain::error::Error;
use crate::model::conversation::{Session, Status};
use crate::model::event::NumberedEvent;

impl Conversations {
    /// Stops the session's turn, whether it runs or waits for a human; what it said is kept. Answers which it was.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn stop(&self, session: &Session) -> Result<Option<RunId>, Error> {
        if let Some(run_id) = self.cancel(&session.id) {
            return Ok(Some(run_id));
        }
        let stopped = self
            .store
            .stop_waiting_turn(&session.workspace, &session.id, self.clock.now())
            .await?;
        let Some((run_id, seq)) = stopped else { return Ok(None) };
        let told = run_snapshot(&run_id, Status::Stopped, None);
        self.bus
            .publish(&session.id, NumberedEvent::new(seq, Audience::Visitor, told))
            .await;
        Ok(Some(run_id))
    }

    /// Cancels the turn that runs in this process. Answers which, if one ran.
    pub(super) fn cancel(&self, session: &SessionId) -> Option<RunId> {
        let running = self.running();
        let turn = running.get(session)?;
        turn.stop.cancel();
        Some(turn.run_id.clone())
    }

    /// Keeps the server from ending until the token is dropped: what is accepted is also carried out. The token is
    /// taken before the question is asked, so that draining either sees it or is seen.
    ///
    /// # Errors
    /// `ShuttingDown` once draining has begun.
    pub(super) fn begin_work(&self) -> Result<TaskTrackerToken, Error> {
        let token = self.tasks.token();
        if self.tasks.is_closed() {
            return Err(Error::ShuttingDown);
        }
        Ok(token)
    }

    /// Refuses what is new, lets running turns end for `grace`, then interrupts and checkpoints the rest (BAR.md D4).
    pub async fn drain(&self, grace: Duration) {
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            self.draining.cancel();
            // What is left only writes its last text.
            let _ = tokio::time::timeout(Duration::from_secs(4), self.tasks.wait()).await;
        }
    }
}
