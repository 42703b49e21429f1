//! The part of the seam that shows conversations to those who look after agents: page by page, filtered, searched.

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, MessageId, SessionId, WorkspaceId};

use super::StoreResult;
use crate::model::conversation::{Feedback, Rating, Role, Session, Status};
use crate::model::time::Timestamp;

/// Whose conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talker {
    /// Visitors in pages.
    Visitor,
    /// Back ends with a key.
    BackEnd,
}

/// What a visitor thinks of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatedAs {
    /// Something.
    Anything,
    /// This.
    Only(Rating),
}

/// Which conversations are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Of one of these agents.
    pub agent_ids: Option<Vec<AgentId>>,
    /// Whose.
    pub talker: Option<Talker>,
    /// Of previews, which are left out otherwise.
    pub is_preview: bool,
    /// Whose latest turn is of one of these statuses; a session without a turn counts as completed.
    pub latest_turn: Option<Vec<Status>>,
    /// In which something happened since then, or that wait.
    pub active_since: Option<Timestamp>,
    /// In which nothing happened since then.
    pub active_until: Option<Timestamp>,
    /// Of a page on this origin, as we serialise it.
    pub origin: Option<String>,
    /// With an answer that was rated so.
    pub rated: Option<RatedAs>,
    /// In which something happened at this moment or later.
    pub from: Option<Timestamp>,
    /// That began at this moment or earlier.
    pub to: Option<Timestamp>,
    /// With this text in a message or in the title of the page, in any case of its letters.
    pub text: Option<String>,
    /// After this one in the order of the list.
    pub before: Option<ConversationCursor>,
    /// At most so many.
    pub limit: u32,
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationCursor {
    /// When something last happened in the last conversation that was looked at.
    pub last_activity_at: Timestamp,
    /// It.
    pub session_id: SessionId,
}

/// A conversation in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Its session.
    pub session: Session,
    /// The status of its latest turn.
    pub latest_turn: Option<Status>,
    /// The beginning of its first question.
    pub first_question: Option<String>,
    /// The beginning of its latest text.
    pub latest_text: Option<String>,
    /// How many messages it has.
    pub message_count: u64,
    /// How many of its answers are rated as good.
    pub ups: u64,
    /// How many are rated as not good.
    pub downs: u64,
}

/// A part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundConversations {
    /// The sessions, the latest activity first.
    pub ids: Vec<SessionId>,
    /// Where the list goes on; none after the last one.
    pub next: Option<ConversationCursor>,
}

/// A message as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its place in its conversation.
    pub position: i64,
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub role: Role,
    /// What it says.
    pub content: String,
    /// Its state.
    pub status: Status,
    /// When it was written.
    pub created_at: Timestamp,
    /// What the visitor thinks of it.
    pub feedback: Option<Feedback>,
}

/// Looking through conversations.
#[async_trait]
pub trait ConversationStore: Send + Sync {
    /// Conversations by their latest activity, the latest first. A search may stop before it found as many as were asked
    /// for, so that nobody waits for it for long; `next` leads on.
    async fn find_conversations(
        &self,
        workspace: &WorkspaceId,
        filter: &ConversationFilter,
    ) -> StoreResult<FoundConversations>;
    /// These conversations, in their order, without those that are gone.
    async fn load_conversations(&self, workspace: &WorkspaceId, ids: &[SessionId]) -> StoreResult<Vec<Conversation>>;
    /// The texts of a conversation after a position (0: from the first on), in order.
    async fn list_texts(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<Said>>;
}
