//! Saving drafts, in a real store: versions, keys, the audit log, and the gate's table that follows.

use std::sync::Arc;

use atthene_protocol::ids::WorkspaceId;
use atthene_server::domain::agents::{Applied, ApplyError, Change, GateTable, apply, delete, key};
use atthene_server::domain::clock::SystemClock;
use atthene_server::domain::demo;
use atthene_server::domain::origins::RequestOrigin;
use atthene_server::model::time::Timestamp;
use atthene_server::store::{self, Store};

use super::{body, read};

struct House {
    store: Arc<dyn Store>,
    workspace: WorkspaceId,
    folder: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&format!("sqlite:{}", folder.path().join("a.db").display()))
            .await
            .unwrap();
        Self {
            store,
            workspace: WorkspaceId::default_workspace(),
            folder,
        }
    }

    async fn apply(&self, text: &str, at: i64) -> Result<Applied, ApplyError> {
        apply(self.store.as_ref(), &self.workspace, &read(text), Timestamp(at), "test").await
    }

    async fn actions(&self) -> Vec<String> {
        let mut entries = self.store.list_audit(&self.workspace, 100).await.unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| entry.action).collect()
    }
}

#[test]
fn a_key_comes_from_the_name() {
    for (name, expected) in [
        ("Support Assistant", "support_assistant"),
        ("  Größe & Maß!  ", "groesse_mass"),
        ("Café  Olé", "cafe_ole"),
        ("日本", "agent"),
        ("prev_x", "agent_prev_x"),
        ("A--B", "a_b"),
    ] {
        assert_eq!(key::from_name(name), expected);
        assert_eq!(key::problem(expected), None);
    }
    assert!(key::from_name(&"long name ".repeat(50)).len() <= 48);
    for bad in ["", "A", "a b", "_a", "prev_1", "ä", "a/b"] {
        assert!(key::problem(bad).is_some(), "{bad}");
    }
}

#[tokio::test]
async fn only_a_changed_configuration_is_a_new_version() {
    let house = House::new().await;
    let made = house.apply(&body("is_public: true", ""), 1).await.unwrap();
    assert_eq!(
        (made.change, made.agent.agent_key.as_str()),
        (Change::Created, "support_assistant")
    );
    let same = house.apply(&body("is_public: true", ""), 2).await.unwrap();
    assert_eq!((same.change, same.agent.updated_at), (Change::Unchanged, Timestamp(1)));
    let closed = house.apply(&body("is_public: false", ""), 3).await.unwrap();
    assert_eq!((closed.change, closed.agent.version_number), (Change::Updated, 1));
    let changed = house.apply(&body("", "system_prompt: New"), 4).await.unwrap();
    assert_eq!((changed.change, changed.agent.version_number), (Change::NewVersion, 2));
    assert!(!changed.agent.is_public, "what the file does not name stays");
    assert_eq!(changed.agent.id, made.agent.id);
}

#[tokio::test]
async fn the_audit_log_names_every_change_of_access() {
    let house = House::new().await;
    house.apply(&body("", ""), 1).await.unwrap();
    house
        .apply(&body("is_public: true\nallowed_origins: ['https://a.example']", ""), 2)
        .await
        .unwrap();
    house
        .apply(&body("allow_any_origin: true\ndev_mode: true", ""), 3)
        .await
        .unwrap();
    delete(
        house.store.as_ref(),
        &house.workspace,
        "support_assistant",
        Timestamp(4),
        "test",
    )
    .await
    .unwrap()
    .unwrap();
    let actions = house.actions().await;
    assert_eq!(
        actions,
        [
            "agent.created",
            "agent.updated",
            "agent.origins_changed",
            "agent.access_changed",
            "agent.updated",
            "agent.dev_mode_changed",
            "agent.any_origin_changed",
            "agent.deleted"
        ]
    );
}

#[tokio::test]
async fn keys_are_never_given_out_twice() {
    let house = House::new().await;
    house.apply(&body("agent_key: shop", ""), 1).await.unwrap();
    delete(house.store.as_ref(), &house.workspace, "shop", Timestamp(2), "test")
        .await
        .unwrap()
        .unwrap();
    let again = house.apply(&body("agent_key: shop", ""), 3).await;
    assert!(matches!(again, Err(ApplyError::KeyTaken(key)) if key == "shop"));

    house.apply(&body("", ""), 4).await.unwrap();
    let other_name = body("", "").replace("Support Assistant", "support-assistant");
    let other = house.apply(&other_name, 5).await.unwrap();
    assert_eq!(other.change, Change::Created);
    assert!(other.agent.agent_key.starts_with("support_assistant_"));
    let repeated = house.apply(&other_name, 6).await.unwrap();
    assert_eq!(
        (repeated.change, repeated.agent.id),
        (Change::Unchanged, other.agent.id)
    );
}

#[tokio::test]
async fn a_workspace_has_one_default_agent() {
    let house = House::new().await;
    house
        .apply(&body("agent_key: one\nis_default: true", ""), 1)
        .await
        .unwrap();
    house
        .apply(&body("agent_key: two\nis_default: true", ""), 2)
        .await
        .unwrap();
    let agents = house.store.list_agents(&house.workspace).await.unwrap();
    let defaults: Vec<&str> = agents
        .iter()
        .filter(|agent| agent.is_default)
        .map(|agent| agent.agent_key.as_str())
        .collect();
    assert_eq!(defaults, ["two"]);
}

#[tokio::test]
async fn the_gates_table_follows_the_store() {
    let house = House::new().await;
    let table = GateTable::load(house.store.as_ref(), Arc::new(SystemClock))
        .await
        .unwrap();
    let changes = table.subscribe();
    assert!(table.find("shop").is_none());
    assert!(!table.refresh(house.store.as_ref()).await.unwrap());
    house
        .apply(&body("agent_key: shop\nallowed_origins: ['https://a.example']", ""), 1)
        .await
        .unwrap();
    assert!(table.refresh(house.store.as_ref()).await.unwrap());
    assert!(changes.has_changed().unwrap());
    let entry = table.find("shop").unwrap();
    let origin = |text: &str| RequestOrigin::from_values([text.as_bytes()]).unwrap();
    assert!(entry.origins.allows(&origin("https://a.example")));
    assert!(!entry.origins.allows(&origin("https://b.example")));

    // Another process, as the command line is one.
    let url = format!("sqlite:{}", house.folder.path().join("a.db").display());
    let other = store::open(&url).await.unwrap();
    delete(other.as_ref(), &house.workspace, "shop", Timestamp(2), "test")
        .await
        .unwrap()
        .unwrap();
    assert!(table.refresh(house.store.as_ref()).await.unwrap());
    assert!(table.find("shop").is_none());
    assert!(table.age_ms() < 5_000);
}

#[tokio::test]
async fn the_demo_agent_is_made_once_and_stays_as_it_was_changed() {
    let house = House::new().await;
    let made = demo::make_agent(house.store.as_ref(), "http://localhost:8081", Timestamp(1))
        .await
        .unwrap();
    assert!(made.is_public && !made.dev_mode);
    assert_eq!(made.allowed_origins, ["http://localhost:8081"]);
    house
        .apply(&body("agent_key: demo\nis_public: false", ""), 2)
        .await
        .unwrap();
    let kept = demo::make_agent(house.store.as_ref(), "http://localhost:8081", Timestamp(3))
        .await
        .unwrap();
    assert!(!kept.is_public);
    assert_eq!(kept.id, made.id);
}
