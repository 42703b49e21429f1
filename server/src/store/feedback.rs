//! The part of the seam that keeps what visitors think of answers. It stands with the answer and goes with it.

use async_trait::async_trait;
use atthene_protocol::ids::{MessageId, SessionId, WorkspaceId};

use super::StoreResult;
use crate::model::conversation::Feedback;
use crate::model::time::Timestamp;

/// How `rate_answer` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rated {
    /// It is committed.
    Kept,
    /// There is no such message in this session.
    NoMessage,
    /// The message is the visitor's own.
    NoAnswer,
    /// The answer is not complete: it is still being written, or was cut off.
    NotComplete,
}

/// What visitors think of answers.
#[async_trait]
pub trait FeedbackStore: Send + Sync {
    /// Keeps what a visitor thinks of a complete answer, in the place of what they thought before; none takes it back. It
    /// is no activity of the session and takes no number. An answer that is run again loses it.
    async fn rate_answer(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        message: &MessageId,
        feedback: Option<&Feedback>,
        now: Timestamp,
    ) -> StoreResult<Rated>;
}
