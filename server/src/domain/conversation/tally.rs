//! What a run without a session cost: counted before its end is told, or behind the back of a caller who left early.

use std::sync::Arc;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use futures_util::stream::{self, Stream, StreamExt};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Conversations;
use super::failure::code_of;
use super::spending::Spending;
use crate::domain::budgets::Budgets;
use crate::domain::clock::Clock;
use crate::metrics::Metrics;
use crate::model::agent::Agent;
use crate::model::conversation::Status;
use crate::runner::{RunnerEvent, RunnerStream};

/// The books of one run.
pub(super) struct Tally {
    budgets: Arc<Budgets>,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    workspace: WorkspaceId,
    agent: AgentId,
    spending: Spending,
    outcome: Status,
    /// A shutdown waits for this; none once all is counted.
    work: Option<TaskTrackerToken>,
}

impl Tally {
    pub(super) fn new(core: &Conversations, agent: &Agent, work: TaskTrackerToken) -> Self {
        Self {
            budgets: Arc::clone(&core.budgets),
            metrics: Arc::clone(&core.metrics),
            clock: Arc::clone(&core.clock),
            workspace: agent.workspace.clone(),
            agent: agent.id.clone(),
            spending: Spending::default(),
            outcome: Status::Stopped,
            work: Some(work),
        }
    }

    fn note(&mut self, event: &RunnerEvent) {
        self.spending.note(event);
        if let RunnerEvent::Failed { kind, .. } = event {
            self.outcome = Status::Error;
            self.metrics.model_failed(code_of(*kind));
        }
    }

    /// Counts, and keeps the work open until that is done.
    fn settle(&mut self) -> Option<impl Future<Output = ()> + Send + use<>> {
        let work = self.work.take()?;
        let (input, output) = self.spending.reported();
        self.metrics
            .turn(self.outcome.as_str(), input.unwrap_or(0), output.unwrap_or(0));
        let (budgets, now, tokens) = (Arc::clone(&self.budgets), self.clock.now(), self.spending.tokens());
        let (workspace, agent) = (self.workspace.clone(), self.agent.clone());
        Some(async move {
            if let Err(error) = budgets.spend(&workspace, &agent, now, tokens).await {
                tracing::error!(%error, %agent, tokens, "what a run cost is not kept");
            }
            drop(work);
        })
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        if let (Some(settling), Ok(runtime)) = (self.settle(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(settling);
        }
    }
}

/// The same events, and after the last one the cost is on the books.
pub(super) fn counted(events: RunnerStream, tally: Tally) -> impl Stream<Item = RunnerEvent> + Send {
    stream::unfold((events, tally), |(mut events, mut tally)| async move {
        let Some(event) = events.next().await else {
            if tally.outcome == Status::Stopped {
                tally.outcome = Status::Completed;
            }
            if let Some(settling) = tally.settle() {
                settling.await;
            }
            return None;
        };
        tally.note(&event);
        Some((event, (events, tally)))
    })
}
