//! `/traces/`: what agents received and did. Only for keys; visitors get nothing of it.

use atthene_protocol::ids::{AgentId, RunId, SessionId};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::error::Error;
use crate::domain::traces::TraceQuery;
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::model::conversation::Status;
use crate::model::time::Timestamp;
use crate::model::trace::{Received, Step, Trace};
use crate::state::AppState;

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;
/// So much of an answer is told in brief, in characters.
const BRIEF_CHARS: usize = 160;

/// `?session_id&agent_id&agent_key&status&previews&before&limit&offset&brief`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TraceParameters {
    session_id: Option<SessionId>,
    agent_id: Option<String>,
    agent_key: Option<String>,
    status: Option<String>,
    previews: bool,
    before: Option<RunId>,
    limit: Option<u32>,
    offset: Option<u32>,
    brief: bool,
}

/// A trace as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceView {
    run_id: RunId,
    session_id: SessionId,
    agent_id: Option<AgentId>,
    config_hash: String,
    status: Status,
    started_at: String,
    finished_at: String,
    duration_ms: i64,
    first_token_ms: Option<i64>,
    received: Option<ReceivedView>,
    steps: Vec<StepView>,
    answer: String,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    error_code: Option<String>,
    correlation_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReceivedView {
    model: String,
    system_prompt: String,
    messages: Vec<MessageView>,
    sources: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TraceMessageView)]
struct MessageView {
    role: String,
    content: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    kind: String,
    name: String,
    started_at: String,
    finished_at: String,
    start_ms: i64,
    duration_ms: i64,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
}

impl From<Trace> for TraceView {
    fn from(trace: Trace) -> Self {
        let sum =
            |tokens: fn(&Step) -> Option<u64>| trace.steps.iter().filter_map(tokens).reduce(|one, more| one + more);
        Self {
            input_tokens: sum(|step| step.input_tokens),
            output_tokens: sum(|step| step.output_tokens),
            run_id: trace.run_id,
            session_id: trace.session_id,
            agent_id: trace.agent_id,
            config_hash: trace.config_hash,
            status: trace.status,
            started_at: trace.started_at.to_iso(),
            finished_at: trace.finished_at.to_iso(),
            duration_ms: trace.finished_at.0 - trace.started_at.0,
            first_token_ms: trace.first_token_at.map(|at| at.0 - trace.started_at.0),
            received: trace.received.map(ReceivedView::from),
            steps: trace
                .steps
                .into_iter()
                .map(|step| StepView::new(step, trace.started_at))
                .collect(),
            answer: trace.answer,
            error_code: trace.error_code,
            correlation_id: trace.correlation_id,
        }
    }
}

impl TraceView {
    /// Without what only a look at one trace needs, which may be large.
    fn brief(self) -> Self {
        Self {
            received: None,
            steps: Vec::new(),
            answer: self.answer.chars().take(BRIEF_CHARS).collect(),
            ..self
        }
    }
}

impl From<Received> for ReceivedView {
    fn from(received: Received) -> Self {
        let messages = received.messages.into_iter();
        Self {
            model: received.model,
            system_prompt: received.system,
            messages: messages.map(|(role, content)| MessageView { role, content }).collect(),
            sources: received.sources,
        }
    }
}

impl StepView {
    fn new(step: Step, turn_began_at: Timestamp) -> Self {
        Self {
            start_ms: step.started_at.0 - turn_began_at.0,
            kind: step.kind,
            name: step.name,
            started_at: step.started_at.to_iso(),
            finished_at: step.finished_at.to_iso(),
            duration_ms: step.finished_at.0 - step.started_at.0,
            input_tokens: step.input_tokens,
            output_tokens: step.output_tokens,
            error: step.error,
            arguments: step.arguments,
            result: step.result,
        }
    }
}

/// The traces that the key sees, newest first, as a bare array.
///
/// # Errors
/// `Malformed` for a query that cannot be read, `NotFound` for an agent that the key does not see, `Internal`.
pub async fn list_traces(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<TraceParameters>,
) -> Result<Json<Vec<TraceView>>, Error> {
    let status = query.status.as_deref().map(ended).transpose()?;
    let agent_id = match query.agent_id.or(query.agent_key) {
        Some(agent) => Some(state.agents.find(&caller, &agent).await?.id),
        None => None,
    };
    let is_brief = query.brief;
    let query = TraceQuery {
        session_id: query.session_id,
        agent_id,
        status,
        with_previews: query.previews,
        before: query.before.filter(|run_id| !run_id.as_str().is_empty()),
        limit: query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST),
        offset: query.offset.unwrap_or(0),
    };
    let traces = state.traces.list(&caller, query).await?;
    let view = |trace: Trace| match is_brief {
        true => TraceView::from(trace).brief(),
        false => trace.into(),
    };
    Ok(Json(traces.into_iter().map(view).collect()))
}

/// How a turn can have ended: only then it leaves a trace.
fn ended(word: &str) -> Result<Status, Error> {
    let all = [Status::Completed, Status::Interrupted, Status::Stopped, Status::Error];
    all.into_iter()
        .find(|status| status.as_str() == word)
        .ok_or_else(|| Error::malformed("status", "`status` is one of completed, interrupted, stopped, error."))
}

/// The trace of one turn.
///
/// # Errors
/// `NotFound`, `Internal`.
pub async fn show_trace(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Path(run_id): Path<String>,
) -> Result<Json<TraceView>, Error> {
    Ok(Json(state.traces.find(&caller, &run_id).await?.into()))
}
