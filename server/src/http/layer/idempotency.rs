//! `Idempotency-Key` on every POST of the key surfaces that runs or creates: the same request again is answered as the
//! first time. A stream is not kept; what makes it the same run is the message's id, which follows from the header too.

use atthene_protocol::ids::SessionId;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, StatusCode};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::request_id::{current_request_id, with_request_id};
use crate::domain::error::Error;
use crate::domain::idempotency::{Claim, IdempotentRequest};
use crate::domain::keys::Caller;
use crate::http::extract::client_id::IDEMPOTENCY_KEY;
use crate::http::extract::json::read_bytes;
use crate::http::problem::Failure;
use crate::state::AppState;

/// The longest header, in bytes.
const MAX_KEY_BYTES: usize = 255;
/// The largest answer that is kept.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Answers a repeated request as the first time.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let streams = request
        .headers()
        .get(ACCEPT)
        .is_some_and(|accept| accept.to_str().is_ok_and(|text| text.contains("text/event-stream")));
    if streams || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    match answer(state, request, next).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn answer(state: AppState, request: Request, next: Next) -> Result<Response, Failure> {
    let (claimed, request) = identify(&state, request).await?;
    match state.idempotency.claim(&claimed).await? {
        Claim::Answered { status, body } => Ok(replay(status, body)),
        Claim::New => {
            // A task of its own: a caller who hangs up must not leave a claim that nobody answers.
            let answering = tokio::spawn(with_request_id(
                current_request_id(),
                first(state, claimed, request, next),
            ));
            answering
                .await
                .map_err(|error| Error::Internal(format!("answering failed: {error}")).into())
        }
    }
}

/// Which request it is: its body is read for that and put back.
async fn identify(state: &AppState, request: Request) -> Result<(IdempotentRequest, Request), Failure> {
    let caller = request.extensions().get::<Caller>().cloned();
    let caller = caller.ok_or(Error::KeyInvalid("This address needs an API key."))?;
    let header = request
        .headers()
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok());
    let header = header
        .filter(|key| (1..=MAX_KEY_BYTES).contains(&key.len()))
        .ok_or_else(|| {
            Error::malformed(
                "idempotency_key",
                format!("`Idempotency-Key` is 1 to {MAX_KEY_BYTES} printable ASCII characters, such as a UUID."),
            )
        })?;
    let mut claimed = IdempotentRequest {
        workspace: caller.key.workspace.clone(),
        key_id: caller.key.id.clone(),
        route: format!("{} {}", request.method(), request.uri().path().trim_end_matches('/')),
        idempotency_key: header.to_owned(),
        request_hash: String::new(),
    };
    let mut hash = Sha256::new();
    hash.update(request.uri().query().unwrap_or_default());
    hash.update([0]);
    hash.update(
        request
            .headers()
            .get(CONTENT_TYPE)
            .map(HeaderValue::as_bytes)
            .unwrap_or_default(),
    );
    hash.update([0]);
    let (parts, body) = request.into_parts();
    let bytes = read_bytes(Request::from_parts(parts.clone(), body), state).await?;
    hash.update(&bytes);
    claimed.request_hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((claimed, Request::from_parts(parts, Body::from(bytes))))
}

/// Answers and keeps what was a success. What failed may be tried again, and a stream is not held up to be kept.
async fn first(state: AppState, claimed: IdempotentRequest, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let streams = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if streams || !response.status().is_success() {
        state.idempotency.release(&claimed).await;
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_ANSWER_BYTES).await else {
        state.idempotency.release(&claimed).await;
        return Error::Internal("an answer is too large to be kept".to_owned()).into_response();
    };
    let session = session_of(&claimed.route, &bytes);
    let status = parts.status.as_u16();
    state.idempotency.keep(&claimed, session.as_ref(), status, &bytes).await;
    Response::from_parts(parts, Body::from(bytes))
}

/// The session that an answer tells of, so that it goes with it: named by the path, else by a field of the answer.
fn session_of(route: &str, body: &[u8]) -> Option<SessionId> {
    let is_session = |text: &&str| text.starts_with(SessionId::PREFIX);
    if let Some(id) = route.split('/').find(is_session) {
        return Some(SessionId(id.to_owned()));
    }
    let answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let id = answer.values().filter_map(Value::as_str).find(is_session)?;
    Some(SessionId(id.to_owned()))
}

fn replay(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (REPLAYED, HeaderValue::from_static("true")),
    ];
    (status, headers, Bytes::from(body)).into_response()
}
