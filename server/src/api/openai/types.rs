//! What goes over the wire in this dialect.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The body of `POST /v1/chat/completions`; fields that are not here are tolerated.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CompletionRequest)]
pub struct Request {
    /// An agent's key.
    pub model: String,
    /// The conversation, oldest first.
    #[serde(deserialize_with = "read_messages")]
    pub messages: Vec<RequestMessage>,
    /// Whether the answer is streamed.
    #[serde(default)]
    pub stream: Option<bool>,
    /// What a stream tells beside the answer.
    #[serde(default, deserialize_with = "read_stream_options")]
    pub stream_options: Option<StreamOptions>,
    /// 0 to 2.
    #[serde(default)]
    pub temperature: Option<f64>,
    /// The most tokens of the answer.
    #[serde(default)]
    pub max_tokens: Option<u32>,
    /// The same, by its newer name.
    #[serde(default)]
    pub max_completion_tokens: Option<u32>,
    /// How many answers; one.
    #[serde(default)]
    pub n: Option<u32>,
    /// Tools of the caller; none can be called yet.
    #[serde(default)]
    pub tools: Option<Vec<Value>>,
}

/// Objects, each: serde by itself would read a list as the fields in their order.
fn read_messages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RequestMessage>, D::Error> {
    let objects = Vec::<Map<String, Value>>::deserialize(deserializer)?.into_iter();
    let messages = objects.map(|object| RequestMessage::deserialize(Value::Object(object)));
    messages.collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// The same for one that may be left out.
fn read_stream_options<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<StreamOptions>, D::Error> {
    let object = Option::<Map<String, Value>>::deserialize(deserializer)?;
    let options = object.map(|object| StreamOptions::deserialize(Value::Object(object)));
    options.transpose().map_err(D::Error::custom)
}

/// One message of the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CompletionMessage)]
pub struct RequestMessage {
    /// `system`, `developer`, `user` or `assistant`.
    pub role: String,
    /// Text, or a list of parts.
    #[serde(default)]
    pub content: Value,
}

/// What a stream tells beside the answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = CompletionStreamOptions)]
pub struct StreamOptions {
    /// Whether the cost comes before the end.
    pub include_usage: bool,
}

/// A whole answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completion {
    /// The run.
    pub id: String,
    /// Always `chat.completion`.
    pub object: &'static str,
    /// When it began, unix seconds.
    pub created: i64,
    /// The agent's key.
    pub model: String,
    /// One answer.
    pub choices: [Choice; 1],
    /// What it cost.
    pub usage: Usage,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionChoice)]
pub struct Choice {
    /// Always 0.
    pub index: u32,
    /// The answer.
    pub message: AnswerMessage,
    /// Always null.
    pub logprobs: Option<Value>,
    /// `stop` or `length`.
    pub finish_reason: &'static str,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionAnswer)]
pub struct AnswerMessage {
    /// Always `assistant`.
    pub role: &'static str,
    /// Its text.
    pub content: String,
    /// Always null: what is refused is an error.
    pub refusal: Option<String>,
}

/// A piece of a streamed answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionChunk)]
pub struct Chunk<'a> {
    /// The run.
    pub id: &'a str,
    /// Always `chat.completion.chunk`.
    pub object: &'static str,
    /// When it began, unix seconds.
    pub created: i64,
    /// The agent's key.
    pub model: &'a str,
    /// One choice, or none in the piece that tells the cost.
    pub choices: Vec<ChunkChoice<'a>>,
    /// The cost, in the last piece, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Usage>)]
    pub usage: Option<Option<Usage>>,
}

/// The part of a piece that belongs to the answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionChunkChoice)]
pub struct ChunkChoice<'a> {
    /// Always 0.
    pub index: u32,
    /// What is new.
    pub delta: Delta<'a>,
    /// Why it ends, in its last piece.
    pub finish_reason: Option<&'static str>,
}

/// What is new.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CompletionDelta)]
pub struct Delta<'a> {
    /// `assistant`, in the first piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// More text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<&'a str>,
}

/// What an answer cost.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[schema(as = CompletionUsage)]
pub struct Usage {
    /// Tokens that the model read.
    pub prompt_tokens: u64,
    /// Tokens that the model wrote.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
}

/// A model: an agent that the key may run.
#[derive(Debug, Serialize, ToSchema)]
pub struct Model {
    /// The agent's key.
    pub id: String,
    /// Always `model`.
    pub object: &'static str,
    /// When the agent was made, unix seconds.
    pub created: i64,
    /// The workspace.
    pub owned_by: String,
}

/// Every model that the key may use.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelList {
    /// Always `list`.
    pub object: &'static str,
    /// By agent key.
    pub data: Vec<Model>,
}

/// An error in this dialect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionError)]
pub struct ErrorBody<'a> {
    /// What went wrong.
    pub error: ErrorDetail<'a>,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionErrorDetail)]
pub struct ErrorDetail<'a> {
    /// What is wrong, and what would be right.
    pub message: &'a str,
    /// The family.
    pub r#type: &'a str,
    /// The field that is wrong, where it is one.
    pub param: Option<&'a str>,
    /// The stable code.
    pub code: &'a str,
}
