//! The part of the seam that is about looking back: which sessions there are, what happened in their turns.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, KeyId, RunId, SessionId, WorkspaceId};

use super::StoreResult;
use crate::model::conversation::Status;
use crate::model::time::Timestamp;
use crate::model::trace::Trace;

/// Which sessions are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Made by this key.
    pub key_id: Option<KeyId>,
    /// Of one of these agents.
    pub agent_ids: Option<Vec<AgentId>>,
    /// Whose latest turn is of one of these statuses; a session without a turn counts as completed.
    pub latest_turn: Option<Vec<Status>>,
    /// In which something happened since then.
    pub active_since: Option<Timestamp>,
    /// In which nothing happened since then.
    pub active_until: Option<Timestamp>,
    /// At most so many.
    pub limit: u32,
    /// Leaves out so many of the newest.
    pub offset: u32,
}

/// Which traces are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceFilter {
    /// Of this session.
    pub session_id: Option<SessionId>,
    /// Of one of these agents.
    pub agent_ids: Option<Vec<AgentId>>,
    /// Whose turn ended so.
    pub status: Option<Status>,
    /// Those of previews, too; they are left out otherwise, but for those of a session that is asked for.
    pub with_previews: bool,
    /// After this one in the order of the list; nothing comes after one that is gone.
    pub before: Option<RunId>,
    /// At most so many.
    pub limit: u32,
    /// Leaves out so many of the newest.
    pub offset: u32,
}

/// What agents received and did.
#[async_trait]
pub trait TraceStore: Send + Sync {
    /// The trace of a turn.
    async fn find_trace(&self, workspace: &WorkspaceId, run_id: &RunId) -> StoreResult<Option<Trace>>;
    /// Traces, newest first.
    async fn list_traces(&self, workspace: &WorkspaceId, filter: &TraceFilter) -> StoreResult<Vec<Trace>>;
}
