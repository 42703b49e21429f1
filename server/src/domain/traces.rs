//! Traces for those who look after agents: which ones a key sees, and how long they are kept.

use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::ids::{AgentId, RunId, SessionId};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::error::Error;
use super::keys::Caller;
use crate::model::conversation::Status;
use crate::model::trace::Trace;
use crate::store::{Store, TraceFilter};

/// How often old traces are looked for.
const ERASE_EVERY: Duration = Duration::from_secs(60 * 60);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Which traces are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceQuery {
    /// Of this session.
    pub session_id: Option<SessionId>,
    /// Of this agent.
    pub agent_id: Option<AgentId>,
    /// Whose turn ended so.
    pub status: Option<Status>,
    /// At most so many.
    pub limit: u32,
    /// Leaves out so many of the newest.
    pub offset: u32,
}

/// The traces, over the store.
pub struct Traces {
    store: Arc<dyn Store>,
}

impl Traces {
    /// Over its seam.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The traces that the key sees, newest first: those of its workspace; of its agents, where it is bound to some.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn list(&self, caller: &Caller, query: TraceQuery) -> Result<Vec<Trace>, Error> {
        let agent_ids = match query.agent_id {
            Some(agent) if caller.key.may_run(&agent) => Some(vec![agent]),
            Some(_) => return Ok(Vec::new()),
            None => caller.key.agents.clone(),
        };
        let filter = TraceFilter {
            session_id: query.session_id,
            agent_ids,
            status: query.status,
            limit: query.limit,
            offset: query.offset,
        };
        Ok(self.store.list_traces(&caller.key.workspace, &filter).await?)
    }

    /// The trace of a turn.
    ///
    /// # Errors
    /// `NotFound`, `Internal`.
    pub async fn find(&self, caller: &Caller, run_id: &str) -> Result<Trace, Error> {
        let key = &caller.key;
        let found = self.store.find_trace(&key.workspace, &RunId(run_id.to_owned())).await?;
        let is_seen = |trace: &Trace| match &trace.agent_id {
            Some(agent) => key.may_run(agent),
            None => key.agents.is_none(),
        };
        found
            .filter(is_seen)
            .ok_or(Error::NotFound("There is no such trace, or it was erased by its age."))
    }
}

/// Erases traces that are older than so many days, once an hour until it is told to stop.
pub async fn erase_old(store: Arc<dyn Store>, clock: Arc<dyn Clock>, days: u32, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(ERASE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let before = clock.now().plus_ms(-i64::from(days) * DAY_MS);
        match store.delete_traces_before(before).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "old traces are erased"),
            Err(error) => tracing::error!(%error, "old traces could not be erased"),
        }
    }
}
