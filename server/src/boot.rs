//! From settings to a running state: the only place where a seam meets its implementation.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::bus::Bus;
use crate::bus::memory::MemoryBus;
use crate::config::Settings;
use crate::domain::agents::Catalogue;
use crate::domain::agents::refusals::Refusals;
use crate::domain::agents::table::GateTable;
use crate::domain::audit::Audit;
use crate::domain::budgets::Budgets;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::conversation::{Conversations, Parts};
use crate::domain::idempotency::Idempotency;
use crate::domain::key_uses::KeyUses;
use crate::domain::keys::KeyBook;
use crate::domain::knowledge::Library;
use crate::domain::limits::Limits;
use crate::domain::retention::Retention;
use crate::domain::traces::Traces;
use crate::domain::usage::Usages;
use crate::domain::users::Users;
use crate::domain::visitors::{TokenSigner, new_resume_secret};
use crate::egress::Egress;
use crate::llm::{self, Llm};
use crate::metrics::Metrics;
use crate::model::audit::AuditEntry;
use crate::state::{AppState, Shared};
use crate::store::{self, Store};

/// What may be put in place of the usual: tests own the clock, the models and the bus.
#[derive(Default, Clone)]
pub struct Overrides {
    /// Instead of the system's clock.
    pub clock: Option<Arc<dyn Clock>>,
    /// Instead of the configured models.
    pub llm: Option<Arc<dyn Llm>>,
    /// Instead of the bus of this process.
    pub bus: Option<Arc<dyn Bus>>,
}

/// A state that is ready to serve, and what belongs to it.
pub struct Booted {
    /// Shared by all requests.
    pub state: AppState,
    /// The store, for what is not a request.
    pub store: Arc<dyn Store>,
}

/// Opens the seams, marks and gives up what a crash left behind, fills the gate's table and starts what runs beside the requests.
///
/// # Errors
/// A setting that cannot work, a database that cannot be opened.
pub async fn boot(settings: Settings, overrides: Overrides) -> Result<Booted> {
    let clock = overrides.clock.unwrap_or_else(|| Arc::new(SystemClock));
    let llm = match overrides.llm {
        Some(llm) => llm,
        None => llm::open(&settings, &|name| std::env::var(name).ok()).map_err(|error| anyhow!(error))?,
    };
    let moderation = llm::moderation::open(&settings.moderation, &|name| std::env::var(name).ok())
        .map_err(|error| anyhow!(error))?;
    let store = store::open(&settings.database_url).await.context("the database")?;
    let interrupted = store.interrupt_running_turns(clock.now()).await?;
    if interrupted > 0 {
        tracing::warn!(
            interrupted,
            "answers that the last run left unfinished are marked as interrupted"
        );
    }
    store.release_all_requests().await?;
    let table = Arc::new(GateTable::load(store.as_ref(), Arc::clone(&clock)).await?);
    let draining = CancellationToken::new();
    tokio::spawn(Arc::clone(&table).follow(Arc::clone(&store), draining.clone()));
    let (refusals, entries) = {
        let clock = Arc::clone(&clock);
        Refusals::new(move || clock.now())
    };
    tokio::spawn(write_audit(Arc::clone(&store), entries));
    let key_uses = Arc::new(KeyUses::default());
    tokio::spawn(Arc::clone(&key_uses).write(Arc::clone(&store), draining.clone()));
    let bus = overrides.bus.unwrap_or_else(|| Arc::new(MemoryBus::default()));
    let metrics = Arc::new(Metrics::default());
    let limits = Limits::new(settings.limits.clone(), Arc::clone(&bus), Arc::clone(&metrics));
    let limits = Arc::new(limits);
    let budgets = Budgets::new(
        Arc::clone(&store),
        Arc::clone(&table),
        Arc::clone(&clock),
        Arc::clone(&metrics),
    );
    let secrets = token_secrets(&settings)?;
    let tokens = TokenSigner::new(secrets.iter().map(String::as_str), settings.visitor.token_ttl_s);
    let conversations = Conversations::new(Parts {
        store: Arc::clone(&store),
        bus,
        llm,
        moderation,
        egress: Egress::open().context("the client for outgoing requests")?,
        clock: Arc::clone(&clock),
        limits: Arc::clone(&limits),
        budgets: Arc::new(budgets),
        metrics: Arc::clone(&metrics),
        tokens,
        resume_ttl_days: settings.visitor.resume_ttl_days,
        turn_timeout: Duration::from_millis(settings.upstream.total_timeout_ms),
    });
    let settings = Arc::new(settings);
    let agents = Catalogue::new(
        Arc::clone(&store),
        Arc::clone(&table),
        Arc::clone(&clock),
        Arc::clone(&settings),
    );
    let retention = Retention {
        conversations: Arc::clone(&conversations),
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        settings: settings.retention.clone(),
    };
    tokio::spawn(retention.run(draining.clone()));
    let usage = Arc::new(Usages::new(Arc::clone(&store), Arc::clone(&clock)));
    tokio::spawn(Arc::clone(&usage).run(draining.clone()));
    let keys = KeyBook::new(Arc::clone(&store), Some(Arc::clone(&table)));
    let users = Users::new(
        Arc::clone(&store),
        Some(Arc::clone(&table)),
        Arc::clone(&clock),
        settings.console.clone(),
        settings.console_url.clone(),
    );
    let library = Library::new(Arc::clone(&store), Arc::clone(&clock));
    let idempotency = Idempotency::new(Arc::clone(&store), Arc::clone(&clock));
    let state = AppState::from(Shared {
        settings,
        clock,
        table,
        agents: Arc::new(agents),
        library: Arc::new(library),
        refusals: Arc::new(refusals),
        keys: Arc::new(keys),
        users: Arc::new(users),
        audit: Arc::new(Audit::new(Arc::clone(&store))),
        idempotency: Arc::new(idempotency),
        key_uses,
        limits,
        conversations,
        metrics,
        traces: Arc::new(Traces::new(Arc::clone(&store))),
        usage,
        draining,
    });
    Ok(Booted { state, store })
}

/// Writes sampled refusals into the audit log, away from the requests.
async fn write_audit(store: Arc<dyn Store>, mut entries: mpsc::Receiver<AuditEntry>) {
    while let Some(entry) = entries.recv().await {
        if let Err(error) = store.append_audit(&entry).await {
            tracing::error!(%error, "the audit log could not be written");
        }
    }
}

/// The secrets of the settings; where there are none, one of our own that survives restarts.
fn token_secrets(settings: &Settings) -> Result<Vec<String>> {
    if !settings.visitor.token_secrets.is_empty() {
        return Ok(settings
            .visitor
            .token_secrets
            .iter()
            .map(|secret| secret.reveal().to_owned())
            .collect());
    }
    let file = settings.data_dir.join("token-secret");
    if let Ok(secret) = std::fs::read_to_string(&file) {
        return Ok(vec![secret.trim().to_owned()]);
    }
    let secret = new_resume_secret();
    write_private(&file, &secret)
        .with_context(|| format!("the token secret could not be kept in {}", file.display()))?;
    Ok(vec![secret])
}

/// A folder that only its owner may open, with those above it that are missing. One that is there stays as it is.
///
/// # Errors
/// It cannot be made.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut folders = std::fs::DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.create(folder)
}

/// A file that only its owner may read.
///
/// # Errors
/// It is there, or cannot be made.
pub fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = file.parent() {
        make_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}
