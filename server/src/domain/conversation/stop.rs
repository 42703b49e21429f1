//! Ending turns early: a visitor's stop, and the server's own end.

use std::time::Duration;

use atthene_protocol::ids::{RunId, SessionId};

use super::Conversations;

impl Conversations {
    /// Stops the session's running turn; what it said is kept. Answers which, if one ran.
    pub fn stop(&self, session: &SessionId) -> Option<RunId> {
        let running = self.running();
        let turn = running.get(session)?;
        turn.stop.cancel();
        Some(turn.run_id.clone())
    }

    /// Lets running turns end for `grace`, then interrupts and checkpoints the rest (BAR.md D4).
    pub async fn drain(&self, grace: Duration) {
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            self.draining.cancel();
            // What is left only writes its last text.
            let _ = tokio::time::timeout(Duration::from_secs(4), self.tasks.wait()).await;
        }
    }
}
