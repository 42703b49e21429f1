//! Ending turns early: a visitor's stop, and the server's own end.

use std::time::Duration;

use atthene_protocol::ids::{RunId, SessionId};

use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Conversations;
use crate::domain::error::Error;

impl Conversations {
    /// Stops the session's running turn; what it said is kept. Answers which, if one ran.
    pub fn stop(&self, session: &SessionId) -> Option<RunId> {
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
