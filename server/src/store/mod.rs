//! The store seam: what must survive a restart.
//!
//! Small traits joined by [`Store`]; each verb is one whole action, atomic inside. Ids and times are made in `domain`
//! and arrive in the data; absence is `Ok(None)`; a broken rule is an enum of ours. Every verb carries the workspace.
//! One contract suite (`tests/it/store`) runs against every backend.

mod agents;
mod audit;
mod backup;
mod budgets;
mod conversations;
mod erasure;
mod external;
mod feedback;
mod keys;
mod knowledge;
mod previews;
pub mod sqlite;
mod traces;
mod usage;
mod users;

use std::sync::Arc;

pub use agents::AgentStore;
pub use audit::{AuditFilter, AuditStore};
pub use backup::{Checked, back_up, check};
pub use budgets::BudgetStore;
pub use conversations::{
    Conversation, ConversationCursor, ConversationFilter, ConversationStore, FoundConversations, RatedAs, Said, Talker,
};
pub use erasure::ErasureStore;
pub use external::ExternalStore;
pub use feedback::{FeedbackStore, Rated};
pub use keys::{IdempotencyStore, Idempotent, IdempotentRequest, KeyStore};
pub use knowledge::KnowledgeStore;
pub use previews::PreviewStore;
pub use traces::{SessionFilter, TraceFilter, TraceStore};
pub use usage::UsageStore;
pub use users::{LoginStore, UserChanged, UserStore};

use async_trait::async_trait;
use atthene_protocol::ids::{AgentId, InterruptId, MessageId, RunId, SessionId, WorkspaceId};

use crate::model::conversation::{Asked, Block, Interrupt, Message, Session, Status, Turn};
use crate::model::time::Timestamp;
use crate::model::trace::Trace;

/// What went wrong below; the inside message is for the log only.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the store is not one that we can open.
    #[error("the store's address cannot be used: {0}")]
    Address(String),
    /// The database failed or could not be reached.
    #[error("the store failed: {0}")]
    Broken(String),
    /// What is stored cannot be read as what it should be.
    #[error("the store holds something unreadable: {0}")]
    Unreadable(String),
}

/// The result of a store verb.
pub type StoreResult<T> = Result<T, StoreError>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Unreadable(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Everything that a backend must do.
#[async_trait]
pub trait Store:
    AgentStore
    + PreviewStore
    + BudgetStore
    + KeyStore
    + UserStore
    + LoginStore
    + IdempotencyStore
    + SessionStore
    + ConversationStore
    + ErasureStore
    + ExternalStore
    + TurnStore
    + FeedbackStore
    + TraceStore
    + KnowledgeStore
    + AuditStore
    + UsageStore
{
    /// Leaves the store as whoever copies or moves its files would want it, at the end of a server.
    async fn settle(&self) -> StoreResult<()>;
}

/// Opens the store at an address and brings its tables up to date. `sqlite:PATH` is a file, made if it is missing.
pub async fn open(url: &str) -> StoreResult<Arc<dyn Store>> {
    Ok(Arc::new(sqlite::SqliteStore::open(backup::file_of(url)?).await?))
}

/// Sessions and the secrets that resume them.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Makes a session, with the hash of its resume secret where a visitor made it, and with its configuration where it
    /// brought its own.
    async fn create_session(
        &self,
        session: &Session,
        resume: Option<&ResumeSecret>,
        own_config: Option<&serde_json::Value>,
    ) -> StoreResult<()>;
    /// Sessions of a workspace with the status of their latest turn, newest first; those of previews are left out.
    async fn list_sessions(
        &self,
        workspace: &WorkspaceId,
        filter: &SessionFilter,
    ) -> StoreResult<Vec<(Session, Option<Status>)>>;
    /// The origins that visitors' sessions of an agent began on since a moment, the latest first, each with the time of
    /// its latest activity; those of previews are left out.
    async fn list_origins(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<(String, Timestamp)>>;
    /// How many messages a session has.
    async fn count_messages(&self, workspace: &WorkspaceId, session: &SessionId) -> StoreResult<u64>;
    /// `limit` messages from the `offset`th on, oldest first.
    async fn page_messages(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        offset: u32,
        limit: u32,
    ) -> StoreResult<Vec<Message>>;
    /// One session.
    async fn find_session(&self, workspace: &WorkspaceId, id: &SessionId) -> StoreResult<Option<Session>>;
    /// The session of a resume secret that is not expired at `now`, for this agent and origin only; slides its expiry to
    /// `expires_at`.
    async fn resume_session(
        &self,
        workspace: &WorkspaceId,
        lookup: &ResumeLookup<'_>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<Option<Session>>;
    /// The latest `limit` messages before the message `before`, oldest first, and whether there are more before them.
    /// `None` as `before`: the latest of all; a `before` that is not of this session: none. Messages of the assistant
    /// that are still empty and running are included.
    async fn list_messages(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        before: Option<&MessageId>,
        limit: u32,
    ) -> StoreResult<(Vec<Message>, bool)>;
    /// What changed after the number `after`, read in one transaction.
    async fn snapshot(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        after: u64,
    ) -> StoreResult<Option<SessionSnapshot>>;
}

/// A resume secret as it is kept: only its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeSecret {
    /// SHA-256 of the secret, hex.
    pub hash: String,
    /// When it stops working, unless used before.
    pub expires_at: Timestamp,
}

/// What must all fit for a session to be resumed.
#[derive(Clone, Copy, Debug)]
pub struct ResumeLookup<'a> {
    /// SHA-256 of the secret, hex.
    pub hash: &'a str,
    /// The agent of the path.
    pub agent_id: &'a AgentId,
    /// The concrete origin of the request.
    pub origin: &'a str,
}

/// What changed in a session, all of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionSnapshot {
    /// Messages whose `seq` is above the number asked for, in the order of the conversation.
    pub messages: Vec<Message>,
    /// The latest turn.
    pub turn: Option<Turn>,
    /// The number of the last committed change.
    pub last_seq: u64,
}

/// Messages and the turns that answer them.
#[async_trait]
pub trait TurnStore: Send + Sync {
    /// Commits a visitor's message and the turn that answers it (with its still empty, running answer), and reserves
    /// `seq_block` numbers for the turn. The question gets the first number of the block, the answer too.
    async fn append_visitor_message(&self, new: &NewTurn, seq_block: u64) -> StoreResult<Appended>;
    /// Starts a new turn for the latest question, whose turn ended other than `Completed`: same question, same answer
    /// message, emptied and running. Reserves `seq_block` numbers, of which the answer gets the first.
    async fn retry_turn(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        run_id: &RunId,
        now: Timestamp,
        seq_block: u64,
    ) -> StoreResult<Retried>;
    /// Reserves `count` more numbers; answers the first of them. Reserved numbers are never given out again. Fails
    /// where there is no such session.
    async fn reserve_seqs(&self, workspace: &WorkspaceId, session: &SessionId, count: u64) -> StoreResult<u64>;
    /// Keeps the text so far of a running answer; `seq` is the number of the last event in it. A turn that is no longer
    /// running is left alone (`false`).
    async fn checkpoint_turn(
        &self,
        workspace: &WorkspaceId,
        run_id: &RunId,
        content: &str,
        seq: u64,
    ) -> StoreResult<bool>;
    /// Ends a running turn: its last text, how it ended, what it cost, its trace. Tells what its agent has spent on that day with
    /// it (0 without an agent). A turn that is no longer running is left alone (`None`).
    async fn finish_turn(&self, workspace: &WorkspaceId, end: &TurnEnd) -> StoreResult<Option<u64>>;
    /// Ends a turn that waits for a human as `Stopped`, under a fresh number; answers the turn and the number. `None`: none
    /// waits.
    async fn stop_waiting_turn(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        now: Timestamp,
    ) -> StoreResult<Option<(RunId, u64)>>;
    /// One turn and the message that it wrote.
    async fn find_turn(&self, workspace: &WorkspaceId, run_id: &RunId) -> StoreResult<Option<(Turn, Message)>>;
    /// The latest turn of a session.
    async fn find_latest_turn(&self, workspace: &WorkspaceId, session: &SessionId) -> StoreResult<Option<Turn>>;
    /// Marks every turn that is still `Running`, and its answer, `Interrupted`: what a crash left behind. Gives each
    /// touched session a fresh number. Answers how many.
    async fn interrupt_running_turns(&self, now: Timestamp) -> StoreResult<u64>;
}

/// A visitor's message and its turn, before they are committed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTurn {
    /// The owner.
    pub workspace: WorkspaceId,
    /// The conversation.
    pub session_id: SessionId,
    /// The turn.
    pub run_id: RunId,
    /// The visitor's message.
    pub question_id: MessageId,
    /// The assistant's message.
    pub answer_id: MessageId,
    /// The visitor's own id, unique per session.
    pub client_id: String,
    /// The visitor's text.
    pub content: String,
    /// Images and documents that came with it.
    pub blocks: Vec<Block>,
    /// The question that it answers: the turn that waits for it ends as `Completed`.
    pub answers: Option<InterruptId>,
    /// The caller's own id for the turn.
    pub correlation_id: Option<String>,
    /// The session's variables from now on, where they change.
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// Now.
    pub now: Timestamp,
}

/// How `append_visitor_message` ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Appended {
    /// It is committed; the numbers `first_seq .. first_seq + seq_block` belong to the turn.
    New {
        /// The question's number.
        first_seq: u64,
        /// Whether it is the first message of its session.
        is_first: bool,
    },
    /// The same client id and text came before: this is what it was given then.
    Duplicate {
        /// The visitor's message.
        question_id: MessageId,
        /// The latest turn that answers it.
        run_id: RunId,
        /// The question's number.
        seq: u64,
    },
    /// The same client id came before with another text.
    ClientIdReused,
    /// Another turn of this session is running.
    TurnRunning,
    /// A turn of this session waits for an answer, and this is none.
    Waiting,
    /// It answers a question on which no turn waits.
    NotWaiting,
    /// There is no such session.
    NoSession,
}

/// How `retry_turn` ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Retried {
    /// The new turn is committed.
    New {
        /// It.
        turn: Box<Turn>,
        /// The first of its numbers.
        first_seq: u64,
    },
    /// A turn of this session is running.
    TurnRunning,
    /// The latest turn completed, or there is none.
    NothingToRetry,
}

/// How a turn ends.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnEnd {
    /// The turn.
    pub run_id: RunId,
    /// Its last text.
    pub content: String,
    /// Anything but `Running`; `Waiting` together with `waits`.
    pub status: Status,
    /// What it waits for. Its message is complete then.
    pub waits: Option<Waits>,
    /// The stable code of a failure.
    pub error_code: Option<String>,
    /// When the first piece of its text was there.
    pub first_token_at: Option<Timestamp>,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that the model wrote.
    pub output_tokens: Option<u64>,
    /// Tokens that count against the agent's budget of the day, reported or not.
    pub spent_tokens: u64,
    /// The number of the turn's last event.
    pub seq: u64,
    /// What is kept of it for those who look after the agent.
    pub trace: Option<Trace>,
    /// Now.
    pub now: Timestamp,
}

/// A turn's question to a human.
#[derive(Clone, Debug, PartialEq)]
pub struct Waits {
    /// As everybody is told.
    pub interrupt: Interrupt,
    /// As the model goes on from it.
    pub asked: Asked,
}
