//! Sessions, messages and turns as they are kept.

pub use atthene_protocol::event::{Interrupt, Role, Status};
use atthene_protocol::ids::{AgentId, InterruptId, KeyId, MessageId, RunId, SessionId, VisitorId, WorkspaceId};
pub use atthene_protocol::visitor::{Feedback, Rating};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::time::Timestamp;

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its owner.
    pub workspace: WorkspaceId,
    /// The agent; none where the configuration came with the session.
    pub agent_id: Option<AgentId>,
    /// The hash of the configuration that it began with and keeps.
    pub config_hash: String,
    /// The key that made it; none for a visitor's.
    pub key_id: Option<KeyId>,
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
    /// What a dialect wants back as it was given; nobody else reads it.
    pub dialect: Map<String, Value>,
    /// What the inputs of earlier turns left behind.
    pub variables: Map<String, Value>,
    /// Whether somebody had it in a preview: lists and figures leave it out.
    pub is_preview: bool,
    /// The number of the last change that is committed.
    pub last_seq: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When something last happened.
    pub last_activity_at: Timestamp,
}

impl Session {
    /// What counts as its agent where something is counted per agent: the agent, or the configuration that it brought.
    pub fn agent_or_config(&self) -> &str {
        self.agent_id.as_ref().map_or(&self.config_hash, |id| &id.0)
    }
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
    /// Images and documents that came with it.
    pub blocks: Vec<Block>,
    /// Its state.
    pub status: Status,
    /// The visitor's own id for it, unique per session.
    pub client_id: Option<String>,
    /// The number of its last committed change.
    pub seq: u64,
    /// When it was written.
    pub created_at: Timestamp,
    /// What the visitor thinks of it.
    pub feedback: Option<Feedback>,
}

/// Something beside the text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// An image, its bytes as base64.
    Image {
        /// `image/png` and its kin.
        media_type: String,
        /// The bytes, base64 (RFC 4648, section 4).
        data: String,
    },
    /// An image that is still elsewhere; it is fetched before the message is kept.
    ImageAt {
        /// Where.
        url: String,
    },
    /// A document, read as text.
    Document {
        /// Its name.
        filename: String,
        /// What it says.
        text: String,
    },
    /// The assistant's message ends with a question to a human; the model sees the tool call that it was.
    Asked(Asked),
    /// The message answers such a question.
    Answered {
        /// The interrupt.
        interrupt_id: InterruptId,
    },
}

/// A model's call of the tool that asks a human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The interrupt that it became.
    pub interrupt_id: InterruptId,
    /// The model's own id for the call.
    pub call_id: String,
    /// What the model wrote before it, without the question.
    pub said: String,
    /// The question.
    pub question: String,
    /// Answers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
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
    /// What it waits for or waited for.
    pub interrupt: Option<Interrupt>,
    /// The stable code of a failure.
    pub error_code: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The caller's own id for it, given back.
    pub correlation_id: Option<String>,
    /// Tokens that the model read.
    pub input_tokens: Option<u64>,
    /// Tokens that the model wrote.
    pub output_tokens: Option<u64>,
}
