//! Conversations as those who look after agents see them: found, filtered, one line each, and whole for an export.

use atthene_protocol::ids::{AgentId, SessionId};
use serde_json::json;

use super::Conversations;
use super::excerpt::excerpt;
use super::open::SessionState;
use crate::domain::error::Error;
use crate::domain::keys::Caller;
use crate::model::audit::AuditEntry;
use crate::model::conversation::Session;
use crate::model::time::Timestamp;
use crate::store::{Conversation, ConversationFilter, Talker};
pub use crate::store::{ConversationCursor, RatedAs, Said};

/// The longest title, in characters.
const TITLE_CHARS: usize = 80;
/// The longest excerpt of a message, in characters.
const MESSAGE_CHARS: usize = 160;

/// Whose a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationKind {
    /// A visitor's in a page.
    Visitor,
    /// A back end's.
    BackEnd,
    /// Somebody's who tried the agent in a preview.
    Preview,
}

impl ConversationKind {
    const ALL: [Self; 3] = [Self::Visitor, Self::BackEnd, Self::Preview];

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::BackEnd => "backend",
            Self::Preview => "preview",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    fn of(session: &Session) -> Self {
        match session.visitor_id {
            _ if session.is_preview => Self::Preview,
            Some(_) => Self::Visitor,
            None => Self::BackEnd,
        }
    }
}

/// Which conversations are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default)]
pub struct ConversationQuery {
    /// With this text in a message or in the title of the page.
    pub text: Option<String>,
    /// Of this agent.
    pub agent_id: Option<AgentId>,
    /// In this state.
    pub state: Option<SessionState>,
    /// Of this kind; none: visitors' and back ends', without previews.
    pub kind: Option<ConversationKind>,
    /// Of a page on this origin.
    pub origin: Option<String>,
    /// With an answer that was rated so.
    pub rated: Option<RatedAs>,
    /// In which something happened at this moment or later.
    pub from: Option<Timestamp>,
    /// That began at this moment or earlier.
    pub to: Option<Timestamp>,
    /// After this one.
    pub before: Option<ConversationCursor>,
    /// At most so many.
    pub limit: u32,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub kind: ConversationKind,
    /// What it is doing.
    pub state: SessionState,
    /// The beginning of its first question; of one without, the title of its page.
    pub title: String,
    /// The beginning of its latest text.
    pub last_message: String,
    /// How many messages it has.
    pub message_count: u64,
    /// How many of its answers are rated as good.
    pub ups: u64,
    /// How many are rated as not good.
    pub downs: u64,
}

impl Conversations {
    /// A page of the conversations that the caller sees, the latest activity first, and where the next one begins. A search
    /// may answer fewer than were asked for and lead on all the same.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list_conversations(
        &self,
        caller: &Caller,
        query: &ConversationQuery,
    ) -> Result<(Vec<Overview>, Option<ConversationCursor>), Error> {
        let (ids, next) = self.find_conversations(caller, query).await?;
        Ok((self.load_conversations(caller, &ids).await?, next))
    }

    /// The same as ids only.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn find_conversations(
        &self,
        caller: &Caller,
        query: &ConversationQuery,
    ) -> Result<(Vec<SessionId>, Option<ConversationCursor>), Error> {
        let key = &caller.key;
        let agent_ids = match (&query.agent_id, &key.agents) {
            (Some(agent), _) if key.may_run(agent) => Some(vec![agent.clone()]),
            (Some(_), _) => return Ok((Vec::new(), None)),
            (None, own) => own.clone(),
        };
        let (latest_turn, active_since, active_until) = SessionState::filter(query.state, self.clock.now());
        let filter = ConversationFilter {
            agent_ids,
            talker: match query.kind {
                Some(ConversationKind::Visitor) => Some(Talker::Visitor),
                Some(ConversationKind::BackEnd) => Some(Talker::BackEnd),
                Some(ConversationKind::Preview) | None => None,
            },
            is_preview: query.kind == Some(ConversationKind::Preview),
            latest_turn,
            active_since,
            active_until,
            origin: query.origin.clone(),
            rated: query.rated,
            from: query.from,
            to: query.to,
            text: query.text.clone(),
            before: query.before.clone(),
            limit: query.limit,
        };
        let found = self.store.find_conversations(&key.workspace, &filter).await?;
        Ok((found.ids, found.next))
    }

    /// These conversations of the caller's workspace, without those that were erased meanwhile.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn load_conversations(&self, caller: &Caller, ids: &[SessionId]) -> Result<Vec<Overview>, Error> {
        let now = self.clock.now();
        let loaded = self.store.load_conversations(&caller.key.workspace, ids).await?;
        Ok(loaded.into_iter().map(|found| overview(found, now)).collect())
    }

    /// The texts of a conversation after a position, in order.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list_texts(&self, session: &Session, after: i64, limit: u32) -> Result<Vec<Said>, Error> {
        let workspace = &session.workspace;
        Ok(self.store.list_texts(workspace, &session.id, after, limit).await?)
    }

    /// Notes in the audit log that conversations were exported, and how many.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn note_export(&self, caller: &Caller, format: &str, count: usize) -> Result<(), Error> {
        let entry = AuditEntry {
            workspace: caller.key.workspace.clone(),
            at: self.clock.now(),
            actor: caller.key.id.to_string(),
            action: "conversations.exported".to_owned(),
            subject: caller.key.workspace.to_string(),
            detail: json!({ "format": format, "conversations": count }),
        };
        Ok(self.store.append_audit(&entry).await?)
    }
}

fn overview(found: Conversation, now: Timestamp) -> Overview {
    let session = found.session;
    let title = found.first_question.as_deref().or(session.page_title.as_deref());
    Overview {
        kind: ConversationKind::of(&session),
        state: SessionState::of(&session, found.latest_turn, now),
        title: excerpt(title.unwrap_or_default(), TITLE_CHARS),
        last_message: excerpt(found.latest_text.as_deref().unwrap_or_default(), MESSAGE_CHARS),
        message_count: found.message_count,
        ups: found.ups,
        downs: found.downs,
        session,
    }
}
