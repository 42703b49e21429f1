//! The table that the gate asks: every agent by its key, in memory, one look-up for a known and an unknown key alike.
//! It follows the store, so that what another process saves counts too. The decision itself is the gate's.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use atthene_protocol::ids::{AgentId, WorkspaceId};
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::key::is_of_preview;
use crate::domain::clock::Clock;
use crate::domain::origins::{Entry, OriginSet};
use crate::domain::users::LiveLogin;
use crate::model::agent::Agent;
use crate::model::key::ApiKey;
use crate::model::preview::Preview;
use crate::model::time::Timestamp;
use crate::model::user::{User, UserState};
use crate::store::{AgentStore, KeyStore, LoginStore, PreviewStore, Store, StoreResult, UserStore};

/// How often the store is asked whether anything changed, in milliseconds.
pub const FOLLOW_EVERY_MS: u64 = 250;

/// One agent as the gate sees it.
#[derive(Clone, Debug)]
pub struct GateEntry {
    /// The agent.
    pub agent: Agent,
    /// What it allows.
    pub origins: OriginSet,
    /// Where it is a preview: the moment from which on it is none.
    pub preview_until: Option<Timestamp>,
}

impl GateEntry {
    fn is_over(&self, now: Timestamp) -> bool {
        self.preview_until.is_some_and(|end| end <= now)
    }
}

/// Every agent, every preview, every live key and every log-in of every workspace.
pub struct GateTable {
    entries: ArcSwap<Entries>,
    clock: Arc<dyn Clock>,
    /// The store's revision that `entries` holds at least. Held while loading, so that an older load never wins.
    revision: Mutex<i64>,
    changes: watch::Sender<u64>,
    born: Instant,
    confirmed_ms: AtomicU64,
}

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<String, Arc<GateEntry>>,
    by_id: HashMap<AgentId, Arc<GateEntry>>,
    keys: HashMap<String, Arc<ApiKey>>,
    /// Apart from the agents: a preview is for its page, and no key runs it or finds it in a list.
    previews: HashMap<String, Arc<GateEntry>>,
    logins: HashMap<String, Arc<LiveLogin>>,
    has_owner: bool,
}

impl GateTable {
    /// Reads the table.
    ///
    /// # Errors
    /// The store failed.
    pub async fn load<S>(store: &S, clock: Arc<dyn Clock>) -> StoreResult<Self>
    where
        S: AgentStore + KeyStore + PreviewStore + UserStore + LoginStore + ?Sized,
    {
        // The revision first: a change in between is then loaded twice, never missed.
        let revision = store.agents_revision().await?;
        Ok(Self {
            entries: ArcSwap::from_pointee(read(store).await?),
            clock,
            revision: Mutex::new(revision),
            changes: watch::Sender::new(0),
            born: Instant::now(),
            confirmed_ms: AtomicU64::new(0),
        })
    }

    /// The agent of a key, public or not; of a preview's key, the agent as it is in there.
    pub fn find(&self, agent_key: &str) -> Option<Arc<GateEntry>> {
        let entries = self.entries.load();
        if is_of_preview(agent_key) {
            let now = self.clock.now();
            return entries
                .previews
                .get(agent_key)
                .filter(|entry| !entry.is_over(now))
                .cloned();
        }
        entries.by_key.get(agent_key).cloned()
    }

    /// The agent of an id.
    pub fn find_by_id(&self, id: &AgentId) -> Option<Arc<GateEntry>> {
        self.entries.load().by_id.get(id).cloned()
    }

    /// The agent that a key names, by agent key or id; none where the key may not run it.
    pub fn find_for_key(&self, key: &ApiKey, name: &str) -> Option<Arc<GateEntry>> {
        let named = self.entries.load().by_key.get(name).cloned();
        let found = named.or_else(|| self.find_by_id(&AgentId(name.to_owned())));
        found.filter(|entry| entry.agent.workspace == key.workspace && key.may_run(&entry.agent.id))
    }

    /// Every agent that a key may run, by agent key.
    pub fn list_for_key(&self, key: &ApiKey) -> Vec<Arc<GateEntry>> {
        let entries = self.entries.load();
        let may = |entry: &&Arc<GateEntry>| entry.agent.workspace == key.workspace && key.may_run(&entry.agent.id);
        let mut found: Vec<_> = entries.by_key.values().filter(may).cloned().collect();
        found.sort_by(|one, other| one.agent.agent_key.cmp(&other.agent.agent_key));
        found
    }

    /// The default agent of a workspace.
    pub fn find_default(&self, workspace: &WorkspaceId) -> Option<Arc<GateEntry>> {
        let entries = self.entries.load();
        let is_default = |entry: &&Arc<GateEntry>| entry.agent.is_default && entry.agent.workspace == *workspace;
        entries.by_id.values().find(is_default).cloned()
    }

    /// The live key whose secret has this hash.
    pub fn find_key(&self, hash: &str) -> Option<Arc<ApiKey>> {
        self.entries.load().keys.get(hash).cloned()
    }

    /// The log-in whose secret has this hash, of a user who is active.
    pub fn find_login(&self, hash: &str) -> Option<Arc<LiveLogin>> {
        self.entries.load().logins.get(hash).cloned()
    }

    /// Whether there is an active owner, so that the console is set up.
    pub fn has_owner(&self) -> bool {
        self.entries.load().has_owner
    }

    /// Reads the table again if the store changed; whether it did.
    ///
    /// # Errors
    /// The store failed; the table stays as it was, and ages.
    pub async fn refresh<S: AgentStore + KeyStore + PreviewStore + UserStore + LoginStore + ?Sized>(
        &self,
        store: &S,
    ) -> StoreResult<bool> {
        let mut known = self.revision.lock().await;
        let asked_ms = self.elapsed_ms();
        let revision = store.agents_revision().await?;
        let is_changed = revision != *known;
        if is_changed {
            self.entries.store(Arc::new(read(store).await?));
            *known = revision;
            self.changes.send_modify(|count| *count += 1);
        }
        self.confirmed_ms.store(asked_ms, Ordering::Release);
        Ok(is_changed)
    }

    /// Tells of every change of the table: open streams ask the gate again then.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// How long ago the store last confirmed the table, in milliseconds.
    pub fn age_ms(&self) -> u64 {
        self.elapsed_ms()
            .saturating_sub(self.confirmed_ms.load(Ordering::Acquire))
    }

    /// Removes the previews whose time is over. That changes the table, so that their open streams are asked again.
    async fn end_previews(&self, store: &dyn Store) -> StoreResult<()> {
        let now = self.clock.now();
        if self.entries.load().previews.values().any(|entry| entry.is_over(now)) {
            store.remove_ended_previews(now).await?;
        }
        Ok(())
    }

    /// Refreshes four times a second until it is told to stop.
    pub async fn follow(self: Arc<Self>, store: Arc<dyn Store>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(Duration::from_millis(FOLLOW_EVERY_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let followed = async {
                self.end_previews(store.as_ref()).await?;
                self.refresh(store.as_ref()).await
            };
            match followed.await {
                Ok(_) => is_failing = false,
                // Once per outage: four lines a second help nobody.
                Err(error) if !is_failing => {
                    is_failing = true;
                    tracing::error!(%error, "the table of agents could not be refreshed");
                }
                Err(_) => {}
            }
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

async fn read<S: AgentStore + KeyStore + PreviewStore + UserStore + LoginStore + ?Sized>(
    store: &S,
) -> StoreResult<Entries> {
    let mut entries = Entries::default();
    for agent in store.list_all_agents().await? {
        let entry = Arc::new(entry(agent));
        entries.by_key.insert(entry.agent.agent_key.clone(), Arc::clone(&entry));
        entries.by_id.insert(entry.agent.id.clone(), entry);
    }
    for key in store.list_all_keys().await? {
        entries.keys.insert(key.hash.clone(), Arc::new(key));
    }
    for preview in store.list_all_previews().await? {
        if let Some(of) = entries.by_id.get(&preview.agent_id) {
            let agent_key = preview.agent_key.clone();
            let entry = preview_entry(&of.agent, preview);
            entries.previews.insert(agent_key, Arc::new(entry));
        }
    }
    let users = store.list_all_users().await?;
    entries.has_owner = users.iter().any(User::is_active_owner);
    let active = users.into_iter().filter(|user| user.state == UserState::Active);
    let active: HashMap<_, _> = active.map(|user| (user.id.clone(), Arc::new(user))).collect();
    for login in store.list_all_logins().await? {
        if let Some(user) = active.get(&login.user_id) {
            let live = LiveLogin::new(login, Arc::clone(user));
            entries.logins.insert(live.login.hash.clone(), Arc::new(live));
        }
    }
    Ok(entries)
}

/// The agent as it is in a preview: open for one page, whatever its own switches and its list say.
fn preview_entry(agent: &Agent, preview: Preview) -> GateEntry {
    let until = preview.expires_at;
    let shown = Agent {
        agent_key: preview.agent_key,
        is_public: true,
        dev_mode: false,
        allow_any_origin: false,
        allowed_origins: vec![preview.origin],
        system_config: preview.system_config,
        config_hash: preview.config_hash,
        widget: preview.widget,
        ..agent.clone()
    };
    GateEntry {
        preview_until: Some(until),
        ..entry(shown)
    }
}

/// An origin that cannot be read back allows nobody.
fn entry(agent: Agent) -> GateEntry {
    let read = |text: &String| {
        Entry::parse(text)
            .inspect_err(|error| {
                tracing::error!(agent_id = %agent.id, origin = %text, %error, "a stored origin is left out");
            })
            .ok()
    };
    let entries = agent.allowed_origins.iter().filter_map(read).collect();
    let origins = OriginSet::new(entries, agent.dev_mode, agent.allow_any_origin);
    GateEntry {
        agent,
        origins,
        preview_until: None,
    }
}
