//! `/api/v1/conversations`: everybody's conversations, searched and filtered, for those who look after agents.

use atthene_protocol::ids::{AgentId, SessionId, VisitorId};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::conversation::{
    ConversationCursor, ConversationKind, ConversationQuery, Overview, RatedAs, SessionState,
};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::origins::{RequestOrigin, suggest};
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::model::conversation::Rating;
use crate::model::time::Timestamp;
use crate::state::AppState;

/// A page has at most so many conversations.
const MAX_PAGE: u32 = 200;
const DEFAULT_PAGE: u32 = 50;
/// The longest text that is searched for, in characters.
const QUERY_CHARS: usize = 200;
/// Between the two parts of a cursor.
const CURSOR_GAP: char = '~';

/// `?q&agent_key&status&kind&origin&feedback&from&to&limit&before`. What is empty counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConversationParameters {
    q: Option<String>,
    agent_key: Option<String>,
    agent_id: Option<String>,
    status: Option<String>,
    kind: Option<String>,
    origin: Option<String>,
    feedback: Option<String>,
    from: Option<String>,
    to: Option<String>,
    limit: Option<u32>,
    before: Option<String>,
}

/// One conversation in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationView {
    /// The session.
    pub session_id: SessionId,
    /// Its agent; null where the configuration came with the session.
    pub agent_id: Option<AgentId>,
    /// The agent's key.
    pub agent_key: Option<String>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// `visitor`, `backend` or `preview`.
    pub kind: &'static str,
    /// The page's origin.
    pub origin: Option<String>,
    /// The visitor.
    pub visitor_id: Option<VisitorId>,
    /// The page's address, without query and fragment.
    pub page_url: Option<String>,
    /// The beginning of its first question, or the title of its page.
    pub title: String,
    /// The beginning of its latest text.
    pub last_message: String,
    /// How many messages it has.
    pub message_count: u64,
    /// How its answers were rated.
    pub feedback: Ratings,
    /// `active`, `processing`, `idle` or `error`.
    pub status: &'static str,
    /// When it began.
    pub created_at: String,
    /// When something last happened.
    pub last_activity: String,
}

/// How visitors rated answers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Ratings {
    /// So many as good.
    pub up: u64,
    /// So many as not good.
    pub down: u64,
}

/// A page of the list.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ConversationPage {
    /// The conversations, the latest activity first.
    pub conversations: Vec<ConversationView>,
    /// What `before` is for the next page; null after the last one.
    pub next: Option<String>,
}

/// `GET /conversations`: a page of them.
///
/// # Errors
/// `Malformed` for a value that cannot be, `Internal`.
pub async fn list_conversations(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(parameters): Params<ConversationParameters>,
) -> Result<Json<ConversationPage>, Error> {
    let Some(query) = read(&state, &caller, parameters)? else {
        return Ok(Json(ConversationPage::default()));
    };
    let (listed, next) = state.conversations.list_conversations(&caller, &query).await?;
    Ok(Json(ConversationPage {
        conversations: listed.into_iter().map(|overview| view(&state, overview)).collect(),
        next: next.map(|cursor| format!("{}{CURSOR_GAP}{}", cursor.last_activity_at.0, cursor.session_id)),
    }))
}

/// `GET /conversations/{id}`: one of them.
///
/// # Errors
/// As the core says.
pub async fn show_conversation(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Json<ConversationView>, Error> {
    let session = state.conversations.readable_session(&caller, &id).await?;
    let found = state.conversations.load_conversations(&caller, &[session.id]).await?;
    // It may have been erased between the two.
    let overview = found.into_iter().next().ok_or(GONE)?;
    Ok(Json(view(&state, overview)))
}

const GONE: Error = Error::NotFound("There is no such conversation.");

/// What is asked for; none where it names an agent that is not there for this caller, so that nothing fits.
pub(super) fn read(
    state: &AppState,
    caller: &keys::Caller,
    parameters: ConversationParameters,
) -> Result<Option<ConversationQuery>, Error> {
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let agent_id = match given(parameters.agent_key).or_else(|| given(parameters.agent_id)) {
        Some(agent) => match state.table.find_for_key(&caller.key, &agent) {
            Some(entry) => Some(entry.agent.id.clone()),
            None => return Ok(None),
        },
        None => None,
    };
    let text = given(parameters.q);
    if text.as_ref().is_some_and(|text| text.chars().count() > QUERY_CHARS) {
        return Err(Error::malformed(
            "q",
            format!("`q` has at most {QUERY_CHARS} characters."),
        ));
    }
    let word = |text: Option<String>, code, right: &str| (given(text), code, format!("`{code}` is {right}."));
    let status = word(parameters.status, "status", "one of active, processing, idle, error");
    let kind = word(parameters.kind, "kind", "one of visitor, backend, preview");
    let feedback = word(parameters.feedback, "feedback", "one of up, down, any");
    let from = word(parameters.from, "from", TIME);
    let to = word(parameters.to, "to", TIME);
    let before = word(parameters.before, "before", "what `next` of the page before told");
    Ok(Some(ConversationQuery {
        text,
        agent_id,
        state: parse(status, SessionState::from_word)?,
        kind: parse(kind, ConversationKind::from_word)?,
        origin: given(parameters.origin).map(serialised),
        rated: parse(feedback, rated)?,
        from: parse(from, Timestamp::from_iso_or_day)?,
        to: parse(to, Timestamp::from_iso_or_end_of_day)?,
        before: parse(before, cursor)?,
        limit: parameters.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE),
    }))
}

const TIME: &str = "a time such as 2026-11-22T10:00:00Z, or a day such as 2026-11-22, in UTC";

fn parse<T>(
    (given, code, right): (Option<String>, &'static str, String),
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(text) = given else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| Error::malformed(code, right))
}

fn rated(word: &str) -> Option<RatedAs> {
    match word {
        "any" => Some(RatedAs::Anything),
        _ => Rating::from_word(word).map(RatedAs::Only),
    }
}

fn cursor(text: &str) -> Option<ConversationCursor> {
    let (at, session) = text.split_once(CURSOR_GAP)?;
    Some(ConversationCursor {
        last_activity_at: Timestamp(at.parse().ok()?),
        session_id: SessionId(session.to_owned()),
    })
}

/// An origin as we keep it; what is none fits no conversation.
fn serialised(text: String) -> String {
    match RequestOrigin::parse(text.as_bytes()) {
        Ok(origin) => origin.as_str().to_owned(),
        // As somebody typed it.
        Err(_) => suggest(&text).unwrap_or(text),
    }
}

pub(super) fn view(state: &AppState, overview: Overview) -> ConversationView {
    let session = overview.session;
    let entry = session.agent_id.as_ref().and_then(|id| state.table.find_by_id(id));
    let agent = entry.as_ref().map(|entry| &entry.agent);
    ConversationView {
        agent_key: agent.map(|agent| agent.agent_key.clone()),
        agent_name: agent.map(|agent| agent.name.clone()),
        session_id: session.id,
        agent_id: session.agent_id,
        kind: overview.kind.as_str(),
        origin: session.origin,
        visitor_id: session.visitor_id,
        page_url: session.page_url,
        title: overview.title,
        last_message: overview.last_message,
        message_count: overview.message_count,
        feedback: Ratings {
            up: overview.ups,
            down: overview.downs,
        },
        status: overview.state.as_str(),
        created_at: session.created_at.to_iso(),
        last_activity: session.last_activity_at.to_iso(),
    }
}
