//! The conversation core: start, post, run a turn, follow its events, stop, retry, read back.
//!
//! Every transport is a thin translation of these verbs. What is acknowledged is committed; what is published is
//! committed too, but for the pieces of a running answer, which the turn checkpoints.

mod configs;
mod ending;
mod erase;
mod event;
mod excerpt;
mod external;
mod failure;
mod feedback;
mod finished;
mod follow;
mod history;
mod images;
mod once;
mod open;
mod overview;
mod post;
mod recall;
mod record;
mod spending;
mod start;
mod stop;
mod tally;
mod trial;
mod turn;
mod waiting;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atthene_protocol::ids::{RunId, SessionId};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use event::message_view;
pub use finished::Finished;
pub use follow::{Follower, Frame};
pub use images::IMAGE_TYPES;
pub use once::{GivenMessage, Once, OnceRun, Piece};
pub use open::{Opening, SessionQuery, SessionState};
pub use overview::{ConversationCursor, ConversationKind, ConversationQuery, Overview, RatedAs, Said};
pub use post::{NewMessage, Posted};
pub use start::{StartRequest, Started};
pub use trial::Trial;
pub use waiting::{Answer, open_interrupt};

use super::budgets::Budgets;
use super::clock::Clock;
use super::limits::{Limits, Permit};
use super::visitors::TokenSigner;
use crate::bus::Bus;
use crate::egress::Egress;
use crate::llm::Llm;
use crate::llm::moderation::Moderation;
use crate::metrics::Metrics;
use crate::store::Store;
use configs::ConfigCache;
use erase::JustErased;

/// How many numbers a turn reserves at a time.
const SEQ_BLOCK: u64 = 4_096;

/// The conversation core, shared by all transports.
pub struct Conversations {
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
    llm: Arc<dyn Llm>,
    moderation: Option<Arc<dyn Moderation>>,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    budgets: Arc<Budgets>,
    metrics: Arc<Metrics>,
    tokens: TokenSigner,
    resume_ttl_ms: i64,
    turn_timeout: Duration,
    running: Mutex<HashMap<SessionId, Running>>,
    just_erased: JustErased,
    configs: ConfigCache,
    egress: Egress,
    tasks: TaskTracker,
    draining: CancellationToken,
}

/// What `Conversations` is made of.
pub struct Parts {
    /// What survives a restart.
    pub store: Arc<dyn Store>,
    /// Live events.
    pub bus: Arc<dyn Bus>,
    /// The models.
    pub llm: Arc<dyn Llm>,
    /// Who judges questions, if anybody.
    pub moderation: Option<Arc<dyn Moderation>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The limits.
    pub limits: Arc<Limits>,
    /// The budgets.
    pub budgets: Arc<Budgets>,
    /// What the server counts about itself.
    pub metrics: Arc<Metrics>,
    /// Visitors' tokens.
    pub tokens: TokenSigner,
    /// The way out for images.
    pub egress: Egress,
    /// How long a resume secret lives after its last use, in days.
    pub resume_ttl_days: u32,
    /// How long a turn may take in all.
    pub turn_timeout: Duration,
}

/// A turn that runs in this process.
struct Running {
    run_id: RunId,
    stop: CancellationToken,
    end: watch::Sender<Option<Arc<Finished>>>,
    _permit: Permit,
}

impl Conversations {
    /// The core over its seams.
    pub fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            store: parts.store,
            bus: parts.bus,
            llm: parts.llm,
            moderation: parts.moderation,
            clock: parts.clock,
            limits: parts.limits,
            budgets: parts.budgets,
            metrics: parts.metrics,
            tokens: parts.tokens,
            resume_ttl_ms: i64::from(parts.resume_ttl_days) * 24 * 60 * 60 * 1_000,
            turn_timeout: parts.turn_timeout,
            running: Mutex::default(),
            just_erased: JustErased::default(),
            configs: ConfigCache::default(),
            egress: parts.egress,
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
        })
    }

    /// Visitors' tokens.
    pub fn tokens(&self) -> &TokenSigner {
        &self.tokens
    }

    /// The running turns. A poisoned lock guards a plain map, which is valid after every step.
    fn running(&self) -> MutexGuard<'_, HashMap<SessionId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
