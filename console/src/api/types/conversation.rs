//! Conversations, as those who look after agents see them.

use serde::Deserialize;

/// A conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// Its id.
    pub session_id: String,
    /// Its agent; none where the configuration came with the session.
    pub agent_id: Option<String>,
    /// The agent's key.
    pub agent_key: Option<String>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// `visitor`, `backend` or `preview`.
    pub kind: String,
    /// The page's origin.
    pub origin: Option<String>,
    /// The visitor.
    pub visitor_id: Option<String>,
    /// The page's address.
    pub page_url: Option<String>,
    /// The beginning of its first question, or the title of its page.
    pub title: String,
    /// The beginning of its latest text.
    pub last_message: String,
    /// How many messages it has.
    pub message_count: u64,
    /// How visitors rated its answers.
    pub feedback: Ratings,
    /// `active`, `processing`, `idle` or `error`.
    pub status: String,
    /// When it began.
    pub created_at: String,
    /// When something last happened.
    pub last_activity: String,
}

/// How many answers visitors rated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Ratings {
    /// So many helped.
    pub up: u64,
    /// So many did not.
    pub down: u64,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ConversationPage {
    /// The conversations, the latest activity first.
    pub conversations: Vec<Conversation>,
    /// What `before` is for the next page; none after the last one.
    pub next: Option<String>,
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// `user` or `assistant`.
    pub role: String,
    /// Its text, of an answer that is being written what is there.
    pub content: String,
    /// When its turn began.
    pub timestamp: String,
    /// What a visitor thinks of it; none where they did not say.
    pub feedback: Option<Feedback>,
}

/// What a visitor thinks of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default)]
pub struct Feedback {
    /// `up` or `down`.
    pub rating: String,
    /// Why, as they wrote it.
    pub comment: Option<String>,
}

impl Feedback {
    /// Whether the answer helped; none for a rating that this page does not know.
    pub fn is_up(&self) -> Option<bool> {
        match self.rating.as_str() {
            "up" => Some(true),
            "down" => Some(false),
            _ => None,
        }
    }
}

/// A page of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// How many there are in all.
    pub total: u64,
    /// Whether there are more after these.
    pub has_more: bool,
}

/// What a conversation is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ConversationStatus {
    /// `active`, `processing`, `idle` or `error`.
    pub status: String,
    /// How many messages it has.
    pub message_count: u64,
    /// When something last happened.
    pub last_activity: String,
    /// What the agent asks a human.
    pub waiting_for_input: Option<Waiting>,
}

impl ConversationStatus {
    /// Whether an answer is being written.
    pub fn is_running(&self) -> bool {
        self.status == "processing"
    }
}

/// What an agent asks a human.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// The question.
    pub prompt: String,
}
