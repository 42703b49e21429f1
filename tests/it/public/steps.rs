//! Steps that a visitor may know of: also for a reader who comes in the middle of one.

use std::sync::Arc;

use async_trait::async_trait;
use atthene_protocol::event::Event;
use atthene_protocol::ids::SessionId;
use atthene_server::bus::memory::MemoryBus;
use atthene_server::bus::{Bus, Counted, LiveAnswer, Rate, RateExceeded, Subscription};
use atthene_server::model::event::NumberedEvent;
use atthene_tests::sse::SseEvent;
use atthene_tests::{TestApp, TestVisitor};
use serde_json::json;
use tokio::sync::Semaphore;

const SHOP: &str = "https://shop.example";
const SEARCH: &str = "Searching the documentation";

/// The usual bus, which holds the end of a step until the test lets it pass.
struct HeldSteps {
    bus: MemoryBus,
    gate: Semaphore,
}

#[async_trait]
impl Bus for HeldSteps {
    async fn publish(&self, session: &SessionId, event: Arc<NumberedEvent>) {
        if matches!(event.event, Event::StepFinished { .. }) {
            self.gate.acquire().await.unwrap().forget();
        }
        self.bus.publish(session, event).await;
    }

    async fn snapshot_and_subscribe(&self, session: &SessionId) -> (Option<LiveAnswer>, Box<dyn Subscription>) {
        self.bus.snapshot_and_subscribe(session).await
    }

    async fn close(&self, session: &SessionId) {
        self.bus.close(session).await;
    }

    async fn count(&self, rate: Rate, key: &str) -> Result<Counted, RateExceeded> {
        self.bus.count(rate, key).await
    }
}

async fn app_with_a_held_step() -> (TestApp, Arc<HeldSteps>) {
    let bus = Arc::new(HeldSteps {
        bus: MemoryBus::default(),
        gate: Semaphore::new(0),
    });
    let app = TestApp::start_on(Some(Arc::<HeldSteps>::clone(&bus)), |_| {}).await;
    let workspace = atthene_protocol::ids::WorkspaceId::default_workspace();
    let mut agent = app.store.find_agent_by_key(&workspace, "shop").await.unwrap().unwrap();
    agent.system_config["knowledge_bases"] = json!([{ "name": "docs" }]);
    agent.config_hash = "1".repeat(64);
    agent.version_number = 2;
    app.change_agent(&agent).await;
    (app, bus)
}

fn kinds(events: &[SseEvent]) -> Vec<String> {
    let name = |event: &SseEvent| match event.data["name"].as_str() {
        Some(name) => name.to_owned(),
        None => event.kind().to_owned(),
    };
    events.iter().map(name).collect()
}

async fn ask(visitor: &TestVisitor) -> u64 {
    let mut events = visitor.events(0).await;
    visitor.send("c1", "Where is my order?").await;
    let seen = events.until("STEP_STARTED").await;
    assert_eq!(seen.last().unwrap().data["stepName"], SEARCH);
    seen.iter().filter_map(|event| event.seq).max().unwrap()
}

#[tokio::test]
async fn a_reader_that_comes_in_the_middle_of_a_step_is_told_of_it() {
    let (app, bus) = app_with_a_held_step().await;
    let visitor = app.visitor(SHOP).start().await;
    let last = ask(&visitor).await;
    for after in [0, last] {
        let mut late = visitor.events(after).await;
        let mut snapshot = late.until("STEP_STARTED").await;
        snapshot.extend(late.until("CUSTOM").await);
        let step = snapshot.iter().find(|event| event.kind() == "STEP_STARTED").unwrap();
        assert_eq!((step.data["stepName"].as_str(), step.seq), (Some(SEARCH), None));
        let run = snapshot.last().unwrap();
        assert_eq!((&run.data["name"], run.seq), (&json!("run.snapshot"), Some(last)));
        drop(late);
    }
    let mut late = visitor.events(last).await;
    late.until("CUSTOM").await;
    bus.gate.add_permits(1);
    let rest = kinds(&late.until("RUN_FINISHED").await);
    assert_eq!(rest.first().map(String::as_str), Some("STEP_FINISHED"), "{rest:?}");
}

#[tokio::test]
async fn a_reader_that_comes_after_a_step_hears_nothing_of_it() {
    let (app, bus) = app_with_a_held_step().await;
    app.llm.answer(&[
        atthene_tests::scripted::Piece::Text("Half"),
        atthene_tests::scripted::Piece::Hold,
    ]);
    let visitor = app.visitor(SHOP).start().await;
    let mut first = visitor.events(0).await;
    bus.gate.add_permits(1);
    visitor.send("c1", "Where is my order?").await;
    first.until("TEXT_MESSAGE_CONTENT").await;
    let mut late = visitor.events(0).await;
    app.llm.release();
    let heard = kinds(&late.until("RUN_FINISHED").await);
    assert!(!heard.iter().any(|kind| kind.starts_with("STEP")), "{heard:?}");
}
