//! A whole server on a free port over a database in a folder of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atthene_protocol::ids::WorkspaceId;
use atthene_protocol::widget::WidgetSettings;
use atthene_server::boot::Overrides;
use atthene_server::bus::Bus;
use atthene_server::config::{Secret, Settings};
use atthene_server::domain::agents::GateTable;
use atthene_server::domain::agents::hash::config_hash;
use atthene_server::domain::clock::{Clock, new_agent_id};
use atthene_server::domain::conversation::Conversations;
use atthene_server::domain::keys::{KeyBook, KeyDraft, Minted};
use atthene_server::domain::retention::Retention;
use atthene_server::domain::users::{Actor, UserDraft, Users};
use atthene_server::llm::Llm;
use atthene_server::model::agent::Agent;
use atthene_server::model::key::Scope;
use atthene_server::model::time::Timestamp;
use atthene_server::model::user::{Role, User};
use atthene_server::serve::Server;
use atthene_server::store::Store;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::back_end::BackEnd;
use crate::console_user::{ConsoleUser, PASSWORD, log_in};
use crate::scripted::Scripted;
use crate::visitor::TestVisitor;

/// A secret that must never be seen anywhere outside the settings.
pub const TOKEN_SECRET: &str = "marker-token-secret-0123456789abcdef0123456789";

/// A clock that the test moves.
#[derive(Default)]
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    /// Moves the time forward.
    pub fn advance_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

/// What an agent of a test is like.
#[derive(Clone, Debug)]
pub struct AgentSpec {
    /// Its key.
    pub key: &'static str,
    /// Whether pages may embed it.
    pub is_public: bool,
    /// Development mode.
    pub dev_mode: bool,
    /// Canonical entries.
    pub origins: Vec<&'static str>,
}

impl Default for AgentSpec {
    fn default() -> Self {
        Self {
            key: "shop",
            is_public: true,
            dev_mode: false,
            origins: vec!["https://shop.example"],
        }
    }
}

/// A running server.
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its console is, if anywhere.
    pub console_address: Option<SocketAddr>,
    /// Where its metrics are, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    /// Its store.
    pub store: Arc<dyn Store>,
    /// Its model.
    pub llm: Arc<Scripted>,
    /// Its time.
    pub clock: Arc<TestClock>,
    /// Its folder.
    pub dir: Arc<TempDir>,
    /// Its conversations.
    pub conversations: Arc<Conversations>,
    /// The users of its console.
    pub users: Arc<Users>,
    table: Arc<GateTable>,
    settings: Settings,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl TestApp {
    /// With the agent `shop`, public, for `https://shop.example`.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(None, change).await
    }

    /// The same over a bus of the test.
    pub async fn start_on(bus: Option<Arc<dyn Bus>>, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_as(bus, true, change).await
    }

    /// With the models of the settings in the place of the script; the agent's is named `scripted` all the same.
    pub async fn start_asking_models(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_as(None, false, change).await
    }

    async fn start_as(bus: Option<Arc<dyn Bus>>, is_scripted: bool, change: impl FnOnce(&mut Settings)) -> Self {
        let dir = Arc::new(TempDir::new().unwrap());
        let mut settings = Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            console_listen: "127.0.0.1:0".to_owned(),
            database_url: format!("sqlite:{}", dir.path().join("atthene.db").display()),
            data_dir: PathBuf::from(dir.path()),
            ..Settings::default()
        };
        settings.visitor.token_secrets = vec![Secret::new(TOKEN_SECRET)];
        change(&mut settings);
        let app = Self::boot(settings, dir, bus, is_scripted).await;
        app.add_agent(AgentSpec::default()).await;
        app
    }

    async fn boot(settings: Settings, dir: Arc<TempDir>, bus: Option<Arc<dyn Bus>>, is_scripted: bool) -> Self {
        let llm = Arc::new(Scripted::default());
        let clock = Arc::new(TestClock(AtomicI64::new(1_760_000_000_000)));
        let overrides = Overrides {
            clock: Some(clock.clone()),
            llm: is_scripted.then(|| llm.clone() as Arc<dyn Llm>),
            bus,
        };
        let server = Server::bind(settings.clone(), overrides).await.unwrap();
        let table = Arc::clone(&server.booted.state.table);
        let conversations = Arc::clone(&server.booted.state.conversations);
        let users = Arc::clone(&server.booted.state.users);
        let (console_address, metrics_address) = (server.console_address, server.metrics_address);
        let (address, store, stop) = (server.address, server.booted.store.clone(), CancellationToken::new());
        let served = tokio::spawn(server.run(stop.clone()));
        Self {
            address,
            console_address,
            metrics_address,
            store,
            llm,
            clock,
            dir,
            conversations,
            users,
            table,
            settings,
            stop,
            served,
        }
    }

    /// Kills the server without any goodbye and starts another one on the same data.
    pub async fn crash_and_restart(self) -> Self {
        self.served.abort();
        let Self { settings, dir, .. } = self;
        Self::boot(settings, dir, None, true).await
    }

    /// Tells it to stop, as SIGTERM does, and does not wait for it.
    pub fn begin_stop(&self) {
        self.stop.cancel();
    }

    /// Stops in order.
    pub async fn stop(self) {
        self.stop.cancel();
        self.served.await.unwrap();
    }

    /// Stops in order, then starts another server on the same data.
    pub async fn stop_and_restart(self) -> Self {
        self.stop_and_restart_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn stop_and_restart_with(self, change: impl FnOnce(&mut Settings)) -> Self {
        self.stop.cancel();
        self.served.await.unwrap();
        let Self { mut settings, dir, .. } = self;
        change(&mut settings);
        Self::boot(settings, dir, None, true).await
    }

    /// Adds an agent and waits until the gate knows it.
    pub async fn add_agent(&self, spec: AgentSpec) -> Agent {
        let now = self.clock.now();
        let system_config = json!({
            "name": spec.key, "agent_type": "llm_agent", "system_prompt": "marker-system-prompt",
            "llm_config": { "model": "scripted" },
        });
        let agent = Agent {
            id: new_agent_id(),
            workspace: WorkspaceId::default_workspace(),
            agent_key: spec.key.to_owned(),
            name: spec.key.to_owned(),
            is_public: spec.is_public,
            is_default: false,
            dev_mode: spec.dev_mode,
            allow_any_origin: false,
            allowed_origins: spec.origins.iter().map(|&origin| origin.to_owned()).collect(),
            config_hash: config_hash(&system_config),
            system_config,
            version_number: 1,
            created_by: None,
            token_budget_per_day: None,
            widget: WidgetSettings {
                title: Some("Shop help".to_owned()),
                ..WidgetSettings::default()
            },
            created_at: now,
            updated_at: now,
        };
        assert!(
            self.store.create_agent(&agent).await.unwrap(),
            "the key {} is taken",
            spec.key
        );
        self.until_gate(&agent).await;
        agent
    }

    /// Changes an agent and waits until the gate follows.
    pub async fn change_agent(&self, agent: &Agent) {
        assert!(self.store.update_agent(agent).await.unwrap());
        self.until_gate(agent).await;
    }

    /// Waits until the gate knows the agent exactly as it is now, not only whether its pages may embed it.
    async fn until_gate(&self, agent: &Agent) {
        let mut changes = self.table.subscribe();
        let followed = async {
            while self
                .table
                .find(&agent.agent_key)
                .is_none_or(|entry| entry.agent != *agent)
            {
                changes.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(std::time::Duration::from_secs(4), followed)
            .await
            .is_err()
        {
            panic!("the gate did not follow a change of {} within 4 s", agent.agent_key);
        }
    }

    /// A back end with a key of these scopes.
    pub async fn back_end(&self, scopes: &[Scope]) -> BackEnd {
        self.back_end_with(scopes, |_| {}).await
    }

    /// The same with another key.
    pub async fn back_end_with(&self, scopes: &[Scope], change: impl FnOnce(&mut KeyDraft)) -> BackEnd {
        let words = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let minted = self
            .mint(|draft| {
                draft.scopes = Some(words);
                change(draft);
            })
            .await;
        let back_end = BackEnd::new(&self.url(), minted.secret, minted.key);
        back_end.until_known().await;
        back_end
    }

    /// A key, which the server may not know yet.
    pub async fn mint(&self, change: impl FnOnce(&mut KeyDraft)) -> Minted {
        let mut draft = KeyDraft {
            name: "Test".to_owned(),
            ..KeyDraft::default()
        };
        change(&mut draft);
        let book = KeyBook::new(Arc::clone(&self.store), None);
        let workspace = WorkspaceId::default_workspace();
        let minted = book.create(draft, &workspace, None, "test", self.clock.now()).await;
        minted.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A user of the console who has a password.
    pub async fn add_user(&self, email: &str, role: Role) -> User {
        let draft = UserDraft {
            email: email.to_owned(),
            name: format!("Test {}", role.as_str()),
            role: role.as_str().to_owned(),
        };
        let made = self.users.create(&Actor::command_line(), draft, PASSWORD).await;
        made.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, logged in at the console.
    pub async fn console_user(&self, email: &str, role: Role) -> ConsoleUser {
        self.add_user(email, role).await;
        self.log_in(email).await
    }

    /// A user who is there, logged in once more.
    pub async fn log_in(&self, email: &str) -> ConsoleUser {
        let url = self.console_url();
        ConsoleUser::of(&url, log_in(&url, email, PASSWORD).await).await
    }

    /// What erases by age, as the server runs it once an hour.
    pub fn retention(&self) -> Retention {
        Retention {
            conversations: Arc::clone(&self.conversations),
            store: Arc::clone(&self.store),
            clock: self.clock.clone(),
            settings: self.settings.retention.clone(),
        }
    }

    /// Every byte of the files of its database, as they are now.
    pub fn database_bytes(&self) -> Vec<u8> {
        let names = ["atthene.db", "atthene.db-wal", "atthene.db-shm"];
        let read = |name| std::fs::read(self.dir.path().join(name)).unwrap_or_default();
        names.into_iter().flat_map(read).collect()
    }

    /// The time of the server.
    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its console is.
    pub fn console_url(&self) -> String {
        format!("http://{}", self.console_address.unwrap())
    }

    /// A visitor of the agent `shop` on a page of this origin.
    pub fn visitor(&self, origin: &str) -> TestVisitor {
        TestVisitor::new(&self.url(), "shop", origin)
    }
}
