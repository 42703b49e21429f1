//! Traces for those who look after agents: which ones a key sees.

use std::sync::Arc;

use atthene_protocol::ids::{AgentId, RunId, SessionId};

use super::error::Error;
use super::keys::Caller;
use crate::model::conversation::Status;
use crate::model::trace::Trace;
use crate::store::{Store, TraceFilter};

/// Which traces are asked for. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceQuery {
    /// Of this session.
    pub session_id: Option<SessionId>,
    /// Of this agent.
    pub agent_id: Option<AgentId>,
    /// Whose turn ended so.
    pub status: Option<Status>,
    /// Those of previews, too.
    pub with_previews: bool,
    /// After this one.
    pub before: Option<RunId>,
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
            with_previews: query.with_previews,
            before: query.before,
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
