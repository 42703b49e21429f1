//! What an agent may cost on one day, in tokens. The store keeps the sums; the latest one of each agent is remembered
//! here, so that a question costs no look-up. What cannot be looked up counts as used up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atthene_protocol::ids::{AgentId, WorkspaceId};

use super::agents::table::GateTable;
use super::clock::Clock;
use super::error::Error;
use crate::metrics::Metrics;
use crate::model::time::{DAY_MS, Timestamp};
use crate::store::{Store, StoreResult};

/// The budgets of all agents.
pub struct Budgets {
    store: Arc<dyn Store>,
    table: Arc<GateTable>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    spent: Mutex<HashMap<AgentId, Spent>>,
}

/// What is known of an agent's day.
#[derive(Clone, Copy)]
struct Spent {
    day: i64,
    tokens: u64,
}

impl Budgets {
    /// Over a store, for the agents of the table.
    pub fn new(store: Arc<dyn Store>, table: Arc<GateTable>, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> Self {
        Self {
            store,
            table,
            clock,
            metrics,
            spent: Mutex::default(),
        }
    }

    /// Whether an agent may begin another turn. Turns that run already go on, so that their tokens come on top.
    ///
    /// # Errors
    /// `BudgetExhausted`; `Internal` where nobody knows what was spent.
    pub async fn admit(&self, agent: Option<&AgentId>) -> Result<(), Error> {
        let Some(entry) = agent.and_then(|id| self.table.find_by_id(id)) else {
            return Ok(());
        };
        let Some(budget) = entry.agent.token_budget_per_day else {
            return Ok(());
        };
        let now = self.clock.now();
        if self
            .spent_on(now.day(), &entry.agent.workspace, &entry.agent.id)
            .await?
            < budget
        {
            return Ok(());
        }
        self.metrics.rate_limited("token_budget");
        let left_ms = DAY_MS - now.0.rem_euclid(DAY_MS);
        Err(Error::BudgetExhausted {
            retry_after_ms: u64::try_from(left_ms).unwrap_or(1).max(1),
        })
    }

    /// Remembers what the store says was spent on a day. Sums only grow, so the larger one is the later one.
    pub fn note(&self, agent: &AgentId, day: i64, tokens: u64) {
        let mut spent = self.lock();
        let known = spent.entry(agent.clone()).or_insert(Spent { day, tokens });
        if day > known.day {
            *known = Spent { day, tokens };
        } else if day == known.day {
            known.tokens = known.tokens.max(tokens);
        }
    }

    /// Counts what was spent beside a session.
    ///
    /// # Errors
    /// The store failed.
    pub async fn spend(
        &self,
        workspace: &WorkspaceId,
        agent: &AgentId,
        now: Timestamp,
        tokens: u64,
    ) -> StoreResult<()> {
        let day = now.day();
        let sum = self.store.add_spent_tokens(workspace, agent, day, tokens).await?;
        self.note(agent, day, sum);
        Ok(())
    }

    async fn spent_on(&self, day: i64, workspace: &WorkspaceId, agent: &AgentId) -> StoreResult<u64> {
        let known = self.lock().get(agent).copied();
        if let Some(known) = known.filter(|known| known.day == day) {
            return Ok(known.tokens);
        }
        let tokens = self.store.spent_tokens(workspace, agent, day).await?;
        self.note(agent, day, tokens);
        Ok(tokens)
    }

    /// A poisoned lock guards a plain map, which is valid after every step.
    fn lock(&self) -> MutexGuard<'_, HashMap<AgentId, Spent>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
