//! `/usage`: what happened of late, as plots want it.

use std::sync::Arc;

use atthene_protocol::ids::AgentId;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::agents::GateEntry;
use crate::domain::error::Error;
use crate::domain::usage::{Period, Usage};
use crate::http::extract::api_key::Caller;
use crate::http::extract::query::Params;
use crate::model::usage::Counts;
use crate::state::AppState;

/// `?days&agent_key`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct UsageParameters {
    days: Option<u32>,
    agent_key: Option<String>,
    agent_id: Option<String>,
}

/// What happened in a while.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct TotalsView {
    /// Questions and answers.
    messages: u64,
    /// Conversations that began.
    sessions: u64,
    /// Visitors who began one.
    visitors: u64,
    /// Turns that began then and ended.
    turns: u64,
    /// Those of them that failed or were cut off.
    errors: u64,
    /// Tokens that models read.
    input_tokens: u64,
    /// Tokens that models wrote.
    output_tokens: u64,
    /// Different origins that were refused: each once a day and agent, at most 50.
    refused_origins: u64,
    /// Half of the answers began within so many milliseconds.
    first_token_p50_ms: Option<u64>,
    /// 95 in a hundred did.
    first_token_p95_ms: Option<u64>,
    /// Half of the turns ended within so many milliseconds.
    turn_p50_ms: Option<u64>,
    /// 95 in a hundred did.
    turn_p95_ms: Option<u64>,
}

/// A point of the plot.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    /// When it begins.
    at: String,
    /// What happened.
    #[serde(flatten)]
    totals: TotalsView,
}

/// What happened with an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentUsageView)]
pub struct AgentView {
    /// The agent.
    agent_id: AgentId,
    /// Its key.
    agent_key: String,
    /// Its name.
    name: String,
    /// What happened.
    totals: TotalsView,
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageView {
    /// When the first point begins.
    from: String,
    /// Now.
    to: String,
    /// `hour` or `day`, in UTC: how long a point is.
    step: &'static str,
    /// All of it.
    totals: TotalsView,
    /// The same of as long a time before.
    previous: TotalsView,
    /// Over time.
    series: Vec<PointView>,
    /// Every agent, the busiest first.
    agents: Vec<AgentView>,
}

impl From<&Counts> for TotalsView {
    fn from(counts: &Counts) -> Self {
        Self {
            messages: counts.messages,
            sessions: counts.sessions,
            visitors: counts.visitors,
            turns: counts.turns,
            errors: counts.errors,
            input_tokens: counts.input_tokens,
            output_tokens: counts.output_tokens,
            refused_origins: counts.refused_origins,
            first_token_p50_ms: counts.first_token.percentile(50),
            first_token_p95_ms: counts.first_token.percentile(95),
            turn_p50_ms: counts.turn.percentile(50),
            turn_p95_ms: counts.turn.percentile(95),
        }
    }
}

/// What happened of late.
///
/// # Errors
/// `Malformed` for other `days`, `NotFound` for an agent that the caller does not see, `Internal`.
pub async fn show_usage(
    State(state): State<AppState>,
    Caller(caller): Caller,
    Params(query): Params<UsageParameters>,
) -> Result<Json<UsageView>, Error> {
    let period = Period::of_days(query.days.unwrap_or(1));
    let period = period.ok_or_else(|| Error::malformed("days", "`days` is 1, 7 or 30."))?;
    let named = query.agent_key.or(query.agent_id).filter(|name| !name.is_empty());
    let one = match named {
        Some(name) => Some(state.table.find_for_key(&caller.key, &name).ok_or(NO_AGENT)?),
        None => None,
    };
    let one_id = one.as_ref().map(|entry| &entry.agent.id);
    let usage = state.usage.show(&caller, period, one_id).await?;
    let agents = match one {
        Some(entry) => vec![entry],
        None => state.table.list_for_key(&caller.key),
    };
    Ok(Json(view(usage, &agents)))
}

const NO_AGENT: Error = Error::NotFound("There is no such agent, or this key may not run it.");

fn view(mut usage: Usage, agents: &[Arc<GateEntry>]) -> UsageView {
    let mut agents: Vec<_> = agents
        .iter()
        .map(|entry| (&entry.agent, usage.agents.remove(&entry.agent.id).unwrap_or_default()))
        .collect();
    agents.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.turns, counts.sessions, counts.refused_origins)));
    let agents = agents.into_iter().map(|(agent, counts)| AgentView {
        agent_id: agent.id.clone(),
        agent_key: agent.agent_key.clone(),
        name: agent.name.clone(),
        totals: TotalsView::from(&counts),
    });
    let series = usage.series.iter().map(|(at, counts)| PointView {
        at: at.to_iso(),
        totals: counts.into(),
    });
    UsageView {
        from: usage.from.to_iso(),
        to: usage.to.to_iso(),
        step: usage.step.as_str(),
        totals: (&usage.totals).into(),
        previous: (&usage.previous).into(),
        series: series.collect(),
        agents: agents.collect(),
    }
}
