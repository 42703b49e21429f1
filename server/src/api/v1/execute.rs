//! `POST /runtime/{id}/execute/`: one message and its whole answer, or the same as a stream that ends with it.

use std::sync::Arc;

use atthene_protocol::event::Audience;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::FutureExt;
use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::Map;
use serde_json::value::RawValue;

use super::input::{read, read_content};
use super::types::{AssistantMessage, ExecutionResult, Metadata, Response as Answer, Usage};
use crate::domain::conversation::{Finished, NewMessage, Posted};
use crate::domain::error::Error;
use crate::domain::keys;
use crate::domain::limits::Author;
use crate::http::extract::api_key::Caller;
use crate::http::extract::client_id::client_id;
use crate::http::problem::Failure;
use crate::http::sse;
use crate::http::stream::{EventStream, Right, write_event};
use crate::model::conversation::{Role, Session, Status};
use crate::state::AppState;

/// Runs one message.
///
/// # Errors
/// A request that never became a run; a run that failed is a 200 that says so.
pub async fn execute(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let session = state.conversations.session_of_key(&caller, &id).await?;
    let headers = request.headers().clone();
    let (body, files) = read(request, &state).await?;
    let content = read_content(&body.content, files)?;
    let message = NewMessage {
        author: Author::Key(caller.key.id.clone()),
        most_chars: state.settings.limits.message_chars,
        client_id: client_id(&headers),
        content: content.text,
        blocks: content.blocks,
        correlation_id: body.correlation_id,
        inputs: body.inputs.unwrap_or_default(),
    };
    if wants_stream(&headers) {
        return Ok(stream(state, &caller, session, message).await?);
    }
    let workspace = session.workspace.clone();
    let posted = state.conversations.post(session.clone(), message).await?;
    let finished = state.conversations.wait(&workspace, posted).await?;
    Ok(Json(result(&session, &finished)).into_response())
}

pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.contains("text/event-stream"))
}

async fn stream(
    state: AppState,
    caller: &keys::Caller,
    session: Session,
    message: NewMessage,
) -> Result<Response, Error> {
    let core = Arc::clone(&state.conversations);
    // Listens before the turn can begin: a short answer may be over before its number is known here.
    let mut follower = core.follow(session.clone(), Audience::Api, session.last_seq).await?;
    follower.skip_snapshot();
    let posted = core.post(session.clone(), message).await?;
    if posted.accepted.seq <= session.last_seq {
        // Sent before: its turn may be over, so the stream begins with what is kept of it.
        let after = posted.accepted.seq.saturating_sub(1);
        follower = core.follow(session.clone(), Audience::Api, after).await?;
    }
    let tail = last_bytes(Arc::clone(&state.conversations), session, posted).boxed();
    let stream = EventStream {
        state,
        right: Right::Key(Arc::clone(&caller.key)),
        follower,
        permit: None,
        one_turn: true,
        write: Box::new(write_event),
        write_end: sse::last,
        tail: Some(tail),
    };
    Ok(stream.into_response())
}

async fn last_bytes(core: Arc<crate::domain::conversation::Conversations>, session: Session, posted: Posted) -> Bytes {
    let Ok(finished) = core.wait(&session.workspace, posted).await else {
        return Bytes::new();
    };
    let json = serde_json::to_string(&result(&session, &finished)).unwrap_or_default();
    sse::event(None, &json)
}

/// All that the documents print of a finished run.
pub(super) fn result(session: &Session, finished: &Finished) -> ExecutionResult {
    let is_done = matches!(finished.status, Status::Completed | Status::Waiting);
    let status = match finished.status {
        _ if is_done => "completed",
        _ if finished.is_timeout() => "timeout",
        _ => "error",
    };
    let error = match &finished.failure {
        Some((_, sentence)) => Some(sentence.clone()),
        None if is_done => None,
        None => Some("The answer was stopped.".to_owned()),
    };
    let (created_at, completed_at) = (
        finished.started_at.0.div_euclid(1_000),
        finished.finished_at.0.div_euclid(1_000),
    );
    let timestamp = finished.finished_at.to_iso();
    // A message's time is when it began, as in the history.
    let said = AssistantMessage {
        id: finished.answer_id.clone(),
        r#type: "assistant_message",
        role: Role::Assistant,
        content: finished.content.clone(),
        timestamp: finished.started_at.to_iso(),
        created_at,
    };
    let events: Vec<Box<RawValue>> = finished
        .events
        .iter()
        .filter_map(|event| RawValue::from_string(event.json.to_string()).ok())
        .collect();
    ExecutionResult {
        r#type: "execution_result",
        object: "agent.session",
        client_type: "backend",
        success: is_done,
        id: session.id.clone(),
        session_id: session.id.clone(),
        status,
        message_id: finished.answer_id.clone(),
        response: Answer {
            content: finished.content.clone(),
            tool_calls: Vec::new(),
        },
        messages: if finished.content.is_empty() {
            Vec::new()
        } else {
            vec![said]
        },
        execution_time: (finished.finished_at.0 - finished.started_at.0).max(0) as f64 / 1_000.0,
        created_at,
        completed_at,
        timestamp,
        config: Map::new(),
        error,
        metadata: Metadata {
            correlation_id: finished.correlation_id.clone(),
            event_count: events.len(),
            execution_id: finished.run_id.clone(),
            usage: Usage {
                input_tokens: finished.input_tokens.unwrap_or(0),
                output_tokens: finished.output_tokens.unwrap_or(0),
            },
        },
        waiting_for_input: finished.interrupt.clone().map(Into::into),
        events,
        correlation_id: finished.correlation_id.clone(),
    }
}
