//! What every request can reach; made in `boot.rs`.

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::domain::agents::Catalogue;
use crate::domain::agents::refusals::Refusals;
use crate::domain::agents::table::GateTable;
use crate::domain::audit::Audit;
use crate::domain::clock::Clock;
use crate::domain::conversation::Conversations;
use crate::domain::idempotency::Idempotency;
use crate::domain::key_uses::KeyUses;
use crate::domain::keys::KeyBook;
use crate::domain::knowledge::Library;
use crate::domain::limits::Limits;
use crate::domain::traces::Traces;
use crate::domain::usage::Usages;
use crate::domain::users::Users;
use crate::metrics::Metrics;

/// Shared by all requests; cheap to clone. Each layer of each request clones it several times, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl From<Shared> for AppState {
    fn from(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

/// What is shared.
pub struct Shared {
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Agents in memory, as the gate asks them.
    pub table: Arc<GateTable>,
    /// The same for those who look after them.
    pub agents: Arc<Catalogue>,
    /// What agents know, for those who look after them.
    pub library: Arc<Library>,
    /// Refused origins on their way to the audit log.
    pub refusals: Arc<Refusals>,
    /// The keys.
    pub keys: Arc<KeyBook>,
    /// The users of the console.
    pub users: Arc<Users>,
    /// What was done, and by whom.
    pub audit: Arc<Audit>,
    /// Answers that are given again.
    pub idempotency: Arc<Idempotency>,
    /// When keys were last used.
    pub key_uses: Arc<KeyUses>,
    /// The limits.
    pub limits: Arc<Limits>,
    /// The conversation core.
    pub conversations: Arc<Conversations>,
    /// What agents received and did.
    pub traces: Arc<Traces>,
    /// What happened of late.
    pub usage: Arc<Usages>,
    /// What the server counts about itself.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the server begins to stop.
    pub draining: CancellationToken,
}
