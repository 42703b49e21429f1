//! The routes of this dialect.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::types::{Chat, ChatDeleted, ChatMessage, ChatTold, NewChat, NewMessage, chat, kept, message};
use crate::domain::conversation::{self, Answer, Opening, SessionQuery};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::limits::Author;
use crate::http::extract::api_key::Caller;
use crate::http::extract::client_id::client_id;
use crate::http::extract::json::JsonBody;
use crate::http::extract::query::Params;
use crate::model::conversation::{Message, Role, Session};
use crate::state::AppState;

const MAX_CHATS: u32 = 200;
const MAX_MESSAGES: u32 = 1_000;
const MAX_NAME_CHARS: usize = 200;

/// `?limit&offset`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    limit: Option<u32>,
    offset: Option<u32>,
}

/// `?wait=false`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Waiting {
    wait: Option<bool>,
}

/// `POST /chats`.
///
/// # Errors
/// As the core says.
pub async fn create(
    State(state): State<AppState>,
    Caller(caller): Caller,
    JsonBody(new): JsonBody<NewChat>,
) -> Result<(StatusCode, Json<Chat>), Error> {
    let (from_type, source) = source_of(&new)?;
    let entry = state.table.find_for_key(&caller.key, &source).ok_or(Error::NotFound(
        "There is no such flow: name an agent by its key or its id.",
    ))?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(Error::malformed(
            "name",
            format!("`name` must be 1 to {MAX_NAME_CHARS} characters and not blank."),
        ));
    }
    let kept = kept(name, from_type, &source);
    let session = state.conversations.open(&caller, Opening::Agent(&entry), kept).await?;
    Ok((
        StatusCode::CREATED,
        Json(chat(&session, Some(&entry.agent.agent_key), None)),
    ))
}

/// `GET /chats`: newest first.
///
/// # Errors
/// As the core says.
pub async fn list(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Vec<Chat>>, Error> {
    let query = SessionQuery {
        limit: page.limit.unwrap_or(MAX_CHATS).clamp(1, MAX_CHATS),
        offset: page.offset.unwrap_or(0),
        ..SessionQuery::default()
    };
    let mut chats = Vec::new();
    for (session, _) in state.conversations.list_sessions(&caller, &query).await? {
        chats.push(shown(&state, &session).await?);
    }
    Ok(Json(chats))
}

/// `GET /chats/{id}`.
///
/// # Errors
/// As the core says.
pub async fn show(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<Chat>, Error> {
    let session = readable_chat(&state, &caller, &id).await?;
    Ok(Json(shown(&state, &session).await?))
}

/// `DELETE /chats/{id}`.
///
/// # Errors
/// As the core says.
pub async fn delete(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<ChatDeleted>, Error> {
    let deleted = state.conversations.delete_session(&caller, &id).await;
    deleted.map_err(in_chats)?;
    Ok(Json(ChatDeleted { result: "success" }))
}

/// `POST /chats/{id}/messages`: answers with the assistant's message when the run has ended, or at once with `?wait=false`.
///
/// # Errors
/// As the core says.
pub async fn send(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    Params(waiting): Params<Waiting>,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewMessage>,
) -> Result<Json<ChatMessage>, Error> {
    let session = own_chat(&state, &caller, &id).await?;
    let message = new_message(&state, &caller, &headers, new)?;
    let core = Arc::clone(&state.conversations);
    let posted = core.post(session.clone(), message).await?;
    if waiting.wait == Some(false) {
        let (_, answer) = core.turn(&session, &posted.accepted.run_id).await?;
        return Ok(Json(super::types::message(&answer)));
    }
    let finished = core.wait(&session.workspace, posted).await?;
    if let (Some((code, sentence)), true) = (&finished.failure, finished.content.is_empty()) {
        return Err(Error::of_run(code, sentence));
    }
    Ok(Json(super::types::message(&Message {
        id: finished.answer_id.clone(),
        session_id: session.id,
        run_id: finished.run_id.clone(),
        role: Role::Assistant,
        content: finished.content.clone(),
        blocks: Vec::new(),
        status: finished.message_status(),
        client_id: None,
        seq: 0,
        created_at: finished.started_at,
        feedback: None,
    })))
}

/// `GET /chats/{id}/messages`: oldest first.
///
/// # Errors
/// As the core says.
pub async fn messages(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    Params(page): Params<Page>,
) -> Result<Json<Vec<ChatMessage>>, Error> {
    let session = readable_chat(&state, &caller, &id).await?;
    let limit = page.limit.unwrap_or(MAX_MESSAGES).clamp(1, MAX_MESSAGES);
    let offset = page.offset.unwrap_or(0);
    let (messages, _) = state.conversations.page_messages(&session, offset, limit).await?;
    Ok(Json(messages.iter().map(message).collect()))
}

/// `POST /chats/{id}/input`: answers what the agent asked; the run goes on by itself.
///
/// # Errors
/// As the core says.
pub async fn input(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    JsonBody(new): JsonBody<NewMessage>,
) -> Result<Json<ChatTold>, Error> {
    let session = own_chat(&state, &caller, &id).await?;
    let answer = Answer {
        author: Author::Key(caller.key.id.clone()),
        most_chars: state.settings.limits.message_chars,
        interrupt_id: None,
        content: text_of(new)?,
        correlation_id: None,
    };
    state.conversations.answer(session, answer).await?;
    Ok(Json(ChatTold {
        detail: "Input sent to assistant.",
    }))
}

/// `POST /chats/{id}/abort`: stops the turn that runs or waits.
///
/// # Errors
/// As the core says.
pub async fn abort(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<ChatTold>, Error> {
    let session = own_chat(&state, &caller, &id).await?;
    let detail = match state.conversations.stop(&session).await? {
        Some(_) => "The run is being stopped.",
        None => "Nothing was running.",
    };
    Ok(Json(ChatTold { detail }))
}

async fn own_chat(state: &AppState, caller: &keys::Caller, id: &str) -> Result<Session, Error> {
    let found = state.conversations.session_of_key(caller, id).await;
    found.map_err(in_chats)
}

async fn readable_chat(state: &AppState, caller: &keys::Caller, id: &str) -> Result<Session, Error> {
    let found = state.conversations.readable_session(caller, id).await;
    found.map_err(in_chats)
}

/// Who calls these routes knows chats, not sessions.
fn in_chats(error: Error) -> Error {
    match error {
        Error::NotFound(_) => Error::NotFound("There is no such chat."),
        other => other,
    }
}

fn source_of(new: &NewChat) -> Result<(&'static str, String), Error> {
    let given = [
        ("flow", &new.from_flow),
        ("project", &new.from_project),
        ("template", &new.from_template),
    ];
    if let Some(word) = &new.from_type
        && !given.iter().any(|(kind, _)| kind == word)
    {
        return Err(Error::malformed(
            "from_type",
            "`from_type` is flow, project or template.",
        ));
    }
    let wanted = given
        .into_iter()
        .filter(|(kind, _)| new.from_type.as_deref().is_none_or(|word| word == *kind))
        .find_map(|(kind, source)| Some((kind, source.clone()?)));
    wanted.ok_or_else(|| {
        Error::malformed(
            "from_flow",
            "Say what the chat is made from: {\"from_type\": \"flow\", \"from_flow\": \"support_assistant\"}.",
        )
    })
}

fn new_message(
    state: &AppState,
    caller: &keys::Caller,
    headers: &HeaderMap,
    new: NewMessage,
) -> Result<conversation::NewMessage, Error> {
    Ok(conversation::NewMessage {
        author: Author::Key(caller.key.id.clone()),
        most_chars: state.settings.limits.message_chars,
        client_id: client_id(headers),
        content: text_of(new)?,
        blocks: Vec::new(),
        correlation_id: None,
        inputs: serde_json::Map::new(),
    })
}

fn text_of(new: NewMessage) -> Result<String, Error> {
    let text = new.message.or(new.content);
    text.ok_or_else(|| Error::malformed("message", "The text belongs into `message`."))
}

async fn shown(state: &AppState, session: &Session) -> Result<Chat, Error> {
    let latest = state.conversations.latest_turn(session).await?;
    let agent = session.agent_id.as_ref().and_then(|id| state.table.find_by_id(id));
    Ok(chat(
        session,
        agent.as_ref().map(|entry| entry.agent.agent_key.as_str()),
        latest.as_ref(),
    ))
}
