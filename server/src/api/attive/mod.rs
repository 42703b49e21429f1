//! Attive's one route, `POST /api/chat`: a message in, the answer out. A chat is a session.
//! Errors are `{"error": text, "details": text}`.

pub mod openapi;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::domain::agents::GateEntry;
use crate::domain::conversation::{NewMessage, Opening};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::limits::Author;
use crate::http::extract::api_key::Caller;
use crate::http::extract::client_id::client_id;
use crate::http::extract::json::JsonBody;
use crate::http::problem::Failure;
use crate::model::conversation::Session;
use crate::state::AppState;

/// The body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AttiveAsk)]
pub struct Ask {
    /// 1 to 10,000 Unicode characters.
    pub message: String,
    /// An agent's key or id; without one the workspace's default agent answers.
    #[serde(default)]
    pub agent_id: Option<String>,
    /// The chat that goes on; without one a new one begins.
    #[serde(default)]
    pub chat_id: Option<String>,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AttiveAnswer)]
pub struct Answer {
    /// The chat.
    pub chat_id: String,
    /// What the agent says.
    pub response: String,
    /// The agent's message.
    pub message_id: String,
}

/// An error in this dialect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttiveError)]
pub struct ErrorBody<'a> {
    /// What is wrong, and what would be right.
    pub error: &'a str,
    /// The field that is wrong, or the stable code.
    pub details: &'a str,
}

/// A failure in this dialect, which knows no 422.
pub fn write_failure(failure: &Failure) -> (StatusCode, Value) {
    let status = match failure.status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    let details = match failure.fields.first() {
        Some(field) => format!("{}: {}", field.field, field.message),
        None => failure.code.to_string(),
    };
    let body = ErrorBody {
        error: &failure.message,
        details: &details,
    };
    (status, json!(body))
}

/// Asks and waits for the whole answer.
///
/// # Errors
/// As the core says; a run that failed is an error here.
pub async fn ask(
    State(state): State<AppState>,
    Caller(caller): Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<Ask>,
) -> Result<Json<Answer>, Error> {
    check(&state, &body.message)?;
    let session = session(&state, &caller, body.agent_id.as_deref(), body.chat_id.as_deref()).await?;
    let message = NewMessage {
        author: Author::Key(caller.key.id.clone()),
        most_chars: state.settings.limits.message_chars,
        client_id: client_id(&headers),
        content: body.message,
        blocks: Vec::new(),
        correlation_id: None,
        inputs: Map::new(),
    };
    let core = Arc::clone(&state.conversations);
    let posted = match core.post_or_answer(session.clone(), message).await {
        Ok(posted) => posted,
        Err(refused) => {
            // The chat was made for this message alone; nobody was told its id.
            if body.chat_id.is_none() {
                core.delete_session(&caller, session.id.as_str()).await?;
            }
            return Err(refused);
        }
    };
    let finished = core.wait(&session.workspace, posted).await?;
    if let Some((code, sentence)) = &finished.failure {
        return Err(Error::of_run(code, sentence));
    }
    Ok(Json(Answer {
        chat_id: session.id.0,
        response: finished.content.clone(),
        message_id: finished.answer_id.to_string(),
    }))
}

/// Before a chat is made for a message that nobody takes.
fn check(state: &AppState, message: &str) -> Result<(), Error> {
    let most = state.settings.limits.message_chars;
    let chars = message.chars().count();
    if message.trim().is_empty() || chars > most as usize {
        return Err(Error::malformed(
            "message_length",
            format!("`message` must be 1 to {most} characters and not blank; this one has {chars}."),
        ));
    }
    Ok(())
}

async fn session(
    state: &AppState,
    caller: &keys::Caller,
    agent: Option<&str>,
    chat: Option<&str>,
) -> Result<Session, Error> {
    if let Some(chat) = chat {
        let found = state.conversations.session_of_key(caller, chat).await;
        let session = found.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("There is no such chat."),
            other => other,
        })?;
        if let Some(agent) = agent
            && Some(&find_agent(state, caller, agent)?.agent.id) != session.agent_id.as_ref()
        {
            return Err(Error::malformed(
                "agentId",
                "This chat belongs to another agent; leave `agentId` out.",
            ));
        }
        return Ok(session);
    }
    let entry = match agent {
        Some(agent) => find_agent(state, caller, agent)?,
        None => state
            .table
            .find_default(&caller.key.workspace)
            .ok_or(Error::NotFound("Workspace not found"))?,
    };
    state
        .conversations
        .open(caller, Opening::Agent(&entry), Map::new())
        .await
}

fn find_agent(state: &AppState, caller: &keys::Caller, agent: &str) -> Result<Arc<GateEntry>, Error> {
    let found = state.table.find_for_key(&caller.key, agent);
    found.ok_or(Error::NotFound("Agent not found"))
}
