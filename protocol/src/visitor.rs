//! Bodies of the visitor routes, `/public/v1/agents/{agent_key}/...`.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use crate::event::{Interrupt, Role, Status};
#[cfg(feature = "serde")]
use crate::ids::SessionId;
use crate::ids::{InterruptId, MessageId, RunId};
#[cfg(feature = "serde")]
use crate::widget::WidgetSettings;

/// `POST /sessions`: start a conversation or go on with one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(default))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StartSession {
    /// The page's own id for this request, for its logs.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub client_id: Option<String>,
    /// The resume secret of an earlier answer; a bad one is ignored.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub resume: Option<String>,
    /// Start anew even if `resume` is good.
    pub new: bool,
    /// Where the visitor is.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "Option::is_none", deserialize_with = "read_page")
    )]
    pub page: Option<Page>,
    /// BCP 47.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub locale: Option<String>,
}

/// An object or nothing: serde by itself would read a list as the fields in their order.
#[cfg(feature = "serde")]
fn read_page<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Page>, D::Error> {
    let object = Option::<serde_json::Map<String, serde_json::Value>>::deserialize(deserializer)?;
    let page = object.map(|object| Page::deserialize(serde_json::Value::Object(object)));
    page.transpose().map_err(serde::de::Error::custom)
}

/// The page that the visitor looks at; url and referrer without query and fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(default))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Page {
    /// Its address.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub url: Option<String>,
    /// Its title.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub title: Option<String>,
    /// Where the visitor came from.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub referrer: Option<String>,
}

/// The answer to `POST /sessions`.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SessionStarted {
    /// The conversation.
    pub session_id: SessionId,
    /// The access token, 15 minutes, for `Authorization: Bearer`.
    pub token: String,
    /// When the token ends, ISO 8601 UTC.
    pub expires_at: String,
    /// The resume secret, to be kept by the widget.
    pub resume: String,
    /// What was said so far, oldest first.
    pub messages: Vec<MessageView>,
    /// The latest turn, if it is not completed.
    pub run: Option<RunView>,
    /// Resume the events after this number.
    pub last_seq: u64,
    /// The agent's widget settings.
    pub widget: WidgetSettings,
}

/// One message as a visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// The message.
    pub id: MessageId,
    /// Who wrote it.
    pub role: Role,
    /// Markdown from the assistant, plain text from the visitor.
    pub content: String,
    /// Its state.
    pub status: Status,
    /// When it was written, ISO 8601 UTC.
    pub timestamp: String,
    /// The visitor's own id for it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub client_id: Option<String>,
    /// The turn that it belongs to.
    pub run_id: RunId,
    /// What the visitor thinks of it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub feedback: Option<Feedback>,
}

/// What a visitor thinks of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// Whether it was good.
    pub rating: Rating,
    /// What they wrote to it, plain text.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<String>,
}

/// Whether an answer was good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Rating {
    /// It was.
    Up,
    /// It was not.
    Down,
}

impl Rating {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The rating of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }
}

/// `POST /sessions/{id}/feedback`, and its answer: what is kept now.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageFeedback {
    /// The answer of the assistant.
    pub message_id: MessageId,
    /// `up` or `down`; null takes back what was said before.
    #[serde(deserialize_with = "read_rating")]
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub rating: Option<Rating>,
    /// Why, as plain text; only with a rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A rating or null; what is wrong is told with what is right.
#[cfg(feature = "serde")]
fn read_rating<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Rating>, D::Error> {
    const RIGHT: &str = "`rating` is \"up\", \"down\", or null to take it back";
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::String(word) => match Rating::from_word(&word) {
            Some(rating) => Ok(Some(rating)),
            None => Err(serde::de::Error::custom(RIGHT)),
        },
        _ => Err(serde::de::Error::custom(RIGHT)),
    }
}

/// The state of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RunView {
    /// The turn.
    pub run_id: RunId,
    /// Its state.
    pub status: Status,
    /// What it waits for, where it waits.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub interrupt: Option<Interrupt>,
}

/// `POST /sessions/{id}/input`: the answer to a question on which a turn waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SendInput {
    /// The interrupt that it answers.
    pub interrupt_id: InterruptId,
    /// The answer, 1 to 10,000 Unicode characters.
    pub content: String,
}

/// `POST /sessions/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SendMessage {
    /// Unique per session: the same id and body gives the same answer.
    pub client_id: String,
    /// The text, 1 to 10,000 Unicode characters.
    pub content: String,
    /// Handed back in events for the caller's own bookkeeping.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub correlation_id: Option<String>,
    /// Values for the variables that the configuration leaves to visitors.
    #[cfg(feature = "serde")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>))]
    pub inputs: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The answer to `POST /sessions/{id}/messages` and `/retry`: it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Accepted {
    /// The visitor's message.
    pub message_id: MessageId,
    /// The turn that answers it.
    pub run_id: RunId,
    /// Its number in the session's stream.
    pub seq: u64,
}

/// `GET /sessions/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct History {
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Whether there is more before the first of them.
    pub has_more: bool,
}

/// `POST /sessions/{id}/token`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RenewToken {
    /// The resume secret.
    pub resume: String,
}

/// The answer to `POST /sessions/{id}/token`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TokenRenewed {
    /// The new access token.
    pub token: String,
    /// When it ends, ISO 8601 UTC.
    pub expires_at: String,
}
