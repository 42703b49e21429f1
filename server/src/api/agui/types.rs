//! What comes over the wire in this dialect; what goes out are the events of `atthene_protocol`.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The body, AG-UI's RunAgentInput. `state`, `tools` and `context` are tolerated and not read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RunAgentInput)]
pub struct RunInput {
    /// The conversation. With a key: an id of yours, or of one of its sessions; with a visitor's token: its session.
    #[schema(min_length = 1, max_length = 256)]
    pub thread_id: String,
    /// The run; comes back in its events.
    #[schema(min_length = 1, max_length = 256)]
    pub run_id: String,
    /// The conversation so far. Only the last message of the user is read: the server knows the others.
    #[serde(deserialize_with = "objects")]
    pub messages: Vec<InputMessage>,
    /// The answer to the question that the run before ended with.
    #[serde(default, deserialize_with = "optional_objects")]
    pub resume: Option<Vec<ResumeEntry>>,
    /// Of these, `inputs` is read: values for the agent's variables.
    #[serde(default)]
    pub forwarded_props: Value,
}

/// One message.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RunAgentMessage)]
pub struct InputMessage {
    /// Its id, unique in the conversation: the same message again is not asked twice.
    #[schema(min_length = 1)]
    pub id: String,
    /// `user`, `assistant` and others.
    pub role: String,
    /// Text, or a list of parts.
    #[serde(default)]
    pub content: Value,
}

/// An answer to a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RunAgentResume)]
pub struct ResumeEntry {
    /// The interrupt's id.
    pub interrupt_id: String,
    /// Whether it is answered.
    pub status: ResumeStatus,
    /// The answer: text, a number, true or false, or an object that holds one of them as `answer`.
    #[serde(default)]
    pub payload: Value,
}

/// Whether a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RunAgentResumeStatus)]
pub enum ResumeStatus {
    /// It is.
    Resolved,
    /// Nobody will answer: the turn ends.
    Cancelled,
}

/// Objects, each: serde by itself would read a list as the fields in their order.
fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<Map<String, Value>>::deserialize(deserializer)?.into_iter();
    let read = objects.map(|object| serde_json::from_value(Value::Object(object)));
    read.collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// The same for those that may be left out.
fn optional_objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(bound = "T: DeserializeOwned")]
    struct Objects<T>(#[serde(deserialize_with = "objects")] Vec<T>);
    Ok(Option::<Objects<T>>::deserialize(deserializer)?.map(|Objects(read)| read))
}
