//! The contract of the store, tried on every backend: each test runs once for each of them, on an empty store.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod agents;
mod audit;
mod budgets;
mod conversations;
mod erasure;
mod external;
mod feedback;
mod history;
mod knowledge;
mod large;
mod listing;
mod numbers;
mod opening;
mod previews;
mod retries;
mod sessions;
mod traces;
mod usage;
mod users;
mod waiting;

use std::sync::Arc;

use atthene_protocol::ids::{AgentId, MessageId, RunId, SessionId, VisitorId, WorkspaceId};
use atthene_protocol::widget::WidgetSettings;
use atthene_server::model::agent::Agent;
use atthene_server::model::conversation::{Message, Session, Status};
use atthene_server::model::time::Timestamp;
use atthene_server::store::{self, Appended, NewTurn, Store, TurnEnd};
use tempfile::TempDir;

/// How many numbers the tests reserve for each turn.
const BLOCK: u64 = 10;
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Opens an empty store of each kind; another backend is one more line.
async fn benches() -> Vec<Bench> {
    vec![Bench::sqlite().await]
}

/// Runs the check on every backend.
async fn on_every_backend(check: impl AsyncFn(Bench)) {
    for bench in benches().await {
        check(bench).await;
    }
}

/// A store and what makes the tests short.
#[derive(Clone)]
struct Bench {
    store: Arc<dyn Store>,
    url: String,
    home: Arc<TempDir>,
    workspace: WorkspaceId,
    stranger: WorkspaceId,
}

impl Bench {
    async fn sqlite() -> Self {
        let home = TempDir::new().unwrap();
        let url = format!("sqlite:{}", home.path().join("data/atthene.db").display());
        Self {
            store: store::open(&url).await.unwrap(),
            url,
            home: Arc::new(home),
            workspace: WorkspaceId::default_workspace(),
            stranger: WorkspaceId("ws_stranger".to_owned()),
        }
    }

    /// The same data through another door, as another process would see it.
    async fn open_again(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }

    fn draft_agent(&self, key: &str) -> Agent {
        Agent {
            id: AgentId(format!("agt_{key}")),
            workspace: self.workspace.clone(),
            agent_key: key.to_owned(),
            name: format!("Agent {key}"),
            is_public: true,
            is_default: false,
            dev_mode: true,
            allow_any_origin: false,
            allowed_origins: vec!["https://shop.example".to_owned(), "https://*.shop.example".to_owned()],
            system_config: serde_json::json!({"system_prompt": "Be kind.", "llm_config": {"model": "builtin"}}),
            config_hash: "hash-1".to_owned(),
            version_number: 1,
            created_by: None,
            token_budget_per_day: None,
            widget: WidgetSettings {
                title: Some("Help".to_owned()),
                ..WidgetSettings::default()
            },
            created_at: NOW,
            updated_at: NOW,
        }
    }

    async fn agent(&self, key: &str) -> Agent {
        let agent = self.draft_agent(key);
        assert!(self.store.create_agent(&agent).await.unwrap());
        agent
    }

    fn draft_session(&self, agent: &Agent, name: &str) -> Session {
        Session {
            id: SessionId(format!("sess_{name}")),
            workspace: self.workspace.clone(),
            agent_id: Some(agent.id.clone()),
            config_hash: agent.config_hash.clone(),
            key_id: None,
            visitor_id: Some(VisitorId("vis_1".to_owned())),
            origin: Some("https://shop.example".to_owned()),
            locale: Some("de-CH".to_owned()),
            page_url: Some("https://shop.example/cart".to_owned()),
            page_title: Some("Cart".to_owned()),
            page_referrer: None,
            dialect: serde_json::Map::new(),
            variables: serde_json::Map::new(),
            is_preview: false,
            last_seq: 0,
            created_at: NOW,
            last_activity_at: NOW,
        }
    }

    /// A session of a fresh agent; both are named alike.
    async fn session(&self, name: &str) -> Session {
        let agent = self.agent(name).await;
        let session = self.draft_session(&agent, name);
        self.store.create_session(&session, None, None).await.unwrap();
        session
    }

    fn draft_turn(&self, session: &Session, client_id: &str, tag: &str) -> NewTurn {
        NewTurn {
            workspace: self.workspace.clone(),
            session_id: session.id.clone(),
            run_id: RunId(format!("run_{tag}")),
            question_id: MessageId(format!("msg_q_{tag}")),
            answer_id: MessageId(format!("msg_a_{tag}")),
            client_id: client_id.to_owned(),
            content: format!("text of {client_id}"),
            blocks: Vec::new(),
            answers: None,
            correlation_id: None,
            variables: None,
            now: NOW.plus_ms(1_000),
        }
    }

    /// Sends a message under a tag that is its client id too; answers the turn's first number.
    async fn send(&self, session: &Session, tag: &str) -> u64 {
        let new = self.draft_turn(session, tag, tag);
        match self.store.append_visitor_message(&new, BLOCK).await.unwrap() {
            Appended::New { first_seq, .. } => first_seq,
            other => panic!("not new: {other:?}"),
        }
    }

    fn draft_end(&self, tag: &str, status: Status, seq: u64) -> TurnEnd {
        TurnEnd {
            run_id: RunId(format!("run_{tag}")),
            content: format!("answer of {tag}"),
            status,
            waits: None,
            error_code: None,
            first_token_at: Some(NOW.plus_ms(1_400)),
            input_tokens: Some(12),
            output_tokens: Some(34),
            spent_tokens: 46,
            seq,
            trace: None,
            now: NOW.plus_ms(2_000),
        }
    }

    async fn end(&self, tag: &str, status: Status, seq: u64) {
        assert!(
            self.store
                .finish_turn(&self.workspace, &self.draft_end(tag, status, seq))
                .await
                .unwrap()
                .is_some()
        );
    }

    /// A whole turn, completed.
    async fn turn(&self, session: &Session, tag: &str) {
        let first = self.send(session, tag).await;
        self.end(tag, Status::Completed, first + 5).await;
    }

    async fn messages(&self, session: &Session) -> Vec<Message> {
        self.store
            .list_messages(&self.workspace, &session.id, None, 100)
            .await
            .unwrap()
            .0
    }

    async fn find(&self, session: &Session) -> Session {
        self.store
            .find_session(&self.workspace, &session.id)
            .await
            .unwrap()
            .unwrap()
    }
}
