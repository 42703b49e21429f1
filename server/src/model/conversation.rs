//! Sessions, messages and turns as they are kept.

pub use atthene_protocol::event::{Role, Status};
use atthene_protocol::ids::{AgentId, MessageId, RunId, SessionId, VisitorId, WorkspaceId};

use super::time::Timestamp;

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its owner.
    pub workspace: WorkspaceId,
    /// The agent; with the configuration it had when the session began.
    pub agent_id: AgentId,
    /// The agent's configuration version of this session.
    pub agent_version: u32,
    /// Who talks; none for API clients.
    pub visitor_id: Option<VisitorId>,
    /// The concrete origin of the page, as we serialise it.
    pub origin: Option<String>,
    /// The page's language, BCP 47.
    pub locale: Option<String>,
    /// Address of the page, without query and fragment.
    pub page_url: Option<String>,
    /// Title of the page.
    pub page_title: Option<String>,
    /// Where the visitor came from, without query and fragment.
    pub page_referrer: Option<String>,
    /// The number of the last change that is committed.
    pub last_seq: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When something last happened.
    pub last_activity_at: Timestamp,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub session_id: SessionId,
    /// The turn it belongs to (the latest, after a retry).
    pub run_id: RunId,
    /// Who wrote it.
    pub role: Role,
    /// Its text.
    pub content: String,
    /// Its state.
    pub status: Status,
    /// The visitor's own id for it, unique per session.
    pub client_id: Option<String>,
    /// The number of its last committed change.
    pub seq: u64,
    /// When it was written.
    pub created_at: Timestamp,
}

/// One turn: a visitor's message and its whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Its id.
    pub run_id: RunId,
    /// The conversation.
    pub session_id: SessionId,
    /// The message that it answers.
    pub question_id: MessageId,
    /// The message that it writes.
    pub answer_id: MessageId,
    /// Its state.
    pub status: Status,
    /// The stable code of a failure.
    pub error_code: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}
