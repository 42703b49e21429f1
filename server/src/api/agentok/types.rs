//! Chats and messages as this dialect prints them, and their translation from sessions and messages. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::model::conversation::{Message, Role, Session, Status, Turn};

/// What a new chat is made from.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewChat {
    /// Its name.
    pub name: String,
    /// `flow`, `project` or `template`.
    #[serde(default)]
    pub from_type: Option<String>,
    /// An agent's key or id.
    #[serde(default)]
    pub from_flow: Option<String>,
    /// The same.
    #[serde(default)]
    pub from_project: Option<String>,
    /// The same.
    #[serde(default)]
    pub from_template: Option<String>,
}

/// A chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chat {
    /// The session.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `flow`, `project` or `template`.
    pub from_type: String,
    /// The agent, where it was made from a flow.
    pub from_flow: Option<String>,
    /// The agent, where it was made from a project.
    pub from_project: Option<String>,
    /// The agent, where it was made from a template.
    pub from_template: Option<String>,
    /// The key that made it.
    pub user_id: Option<String>,
    /// `ready`, `running`, `wait_for_human_input`, `completed` or `error`.
    pub status: &'static str,
    /// `failed` or `aborted`, with `error`.
    pub status_detail: Option<&'static str>,
    /// When it was made.
    pub created_at: String,
    /// When something last happened.
    pub updated_at: String,
}

/// A message of a chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatMessage {
    /// Its id.
    pub id: String,
    /// The chat.
    pub chat_id: String,
    /// `user` or `assistant`.
    pub r#type: &'static str,
    /// Its text.
    pub content: String,
    /// Who wrote it.
    pub sender: &'static str,
    /// For whom.
    pub receiver: &'static str,
    /// Its status and its turn.
    #[schema(value_type = Object)]
    pub metadata: Value,
    /// When it was written.
    pub created_at: String,
}

/// The body of `POST /chats/{id}/messages` and `/input`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewChatMessage)]
pub struct NewMessage {
    /// The text.
    #[serde(default)]
    pub message: Option<String>,
    /// The text, by its other name.
    #[serde(default)]
    pub content: Option<String>,
}

/// That a chat is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatDeleted {
    /// Always `success`.
    pub result: &'static str,
}

/// What became of a wish.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatTold {
    /// A sentence.
    pub detail: &'static str,
}

/// An error in this dialect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatError)]
pub struct ErrorBody<'a> {
    /// What went wrong.
    pub detail: Detail<'a>,
}

/// A sentence, or the fields that are wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ChatErrorDetail)]
pub enum Detail<'a> {
    /// What is wrong, and what would be right.
    Sentence(&'a str),
    /// The same field by field.
    Fields(Vec<WrongField<'a>>),
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatErrorField)]
pub struct WrongField<'a> {
    /// `body` and the field.
    pub loc: [&'a str; 2],
    /// What is wrong, and what would be right.
    pub msg: &'a str,
    /// The stable code.
    pub r#type: &'a str,
}

/// What a session keeps for this dialect.
pub fn kept(name: &str, from_type: &str, source: &str) -> Map<String, Value> {
    let mut kept = Map::new();
    kept.insert("name".to_owned(), Value::from(name));
    kept.insert("from_type".to_owned(), Value::from(from_type));
    kept.insert("from".to_owned(), Value::from(source));
    kept
}

/// A session as a chat. One that another dialect made is a chat from the flow of its agent.
pub fn chat(session: &Session, agent_key: Option<&str>, latest: Option<&Turn>) -> Chat {
    let word = |name: &str| session.dialect.get(name).and_then(Value::as_str);
    let from_type = word("from_type").unwrap_or("flow").to_owned();
    let source = word("from").or(agent_key).map(str::to_owned);
    let from = |kind: &str| source.clone().filter(|_| from_type == kind);
    let (status, status_detail) = status(latest.map(|turn| turn.status));
    Chat {
        id: session.id.to_string(),
        name: word("name").or(agent_key).unwrap_or("Chat").to_owned(),
        from_flow: from("flow"),
        from_project: from("project"),
        from_template: from("template"),
        from_type,
        user_id: session.key_id.as_ref().map(ToString::to_string),
        status,
        status_detail,
        created_at: session.created_at.to_iso(),
        updated_at: session.last_activity_at.to_iso(),
    }
}

fn status(latest: Option<Status>) -> (&'static str, Option<&'static str>) {
    match latest {
        None => ("ready", None),
        Some(Status::Running) => ("running", None),
        Some(Status::Waiting) => ("wait_for_human_input", None),
        Some(Status::Completed) => ("completed", None),
        Some(Status::Stopped) => ("error", Some("aborted")),
        Some(Status::Error | Status::Interrupted) => ("error", Some("failed")),
    }
}

/// A message of a session as one of a chat.
pub fn message(message: &Message) -> ChatMessage {
    let (sender, receiver) = match message.role {
        Role::User => ("user", "assistant"),
        Role::Assistant => ("assistant", "user"),
    };
    ChatMessage {
        id: message.id.to_string(),
        chat_id: message.session_id.to_string(),
        r#type: sender,
        content: message.content.clone(),
        sender,
        receiver,
        metadata: json!({ "status": message.status, "run_id": message.run_id }),
        created_at: message.created_at.to_iso(),
    }
}
