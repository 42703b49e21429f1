//! The seam between a snapshot and what is live, by generated histories: turns that write, checkpoint and end, and readers
//! who come with any number, in the middle of anything, read a little, fall behind and catch up. What each shows in the
//! end is what the store holds.

mod writer;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use atthene_protocol::event::{Audience, Role};
use atthene_protocol::ids::{SessionId, WorkspaceId};
use atthene_server::bus::{Bus, Counted, LiveAnswer, Rate, RateExceeded, Subscription};
use atthene_server::domain::conversation::{Follower, Frame};
use atthene_server::model::event::NumberedEvent;
use atthene_tests::TestApp;
use atthene_tests::fold::{Shown, ShownMessage};
use atthene_tests::sse::SseEvent;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::writer::{Phase, Write, Writer};

const SHOP: &str = "https://shop.example";

#[derive(Clone, Debug)]
enum Move {
    Write(Write),
    /// A reader comes with a number that somebody has seen; the writer goes on between its subscription and its snapshot.
    Join(prop::sample::Index, Vec<Write>),
    /// A reader reads so many pieces, if there are so many.
    Read(prop::sample::Index, usize),
}

/// The bus of the server: hands over to the writer's, which does what it was told in the middle of a subscription.
#[derive(Default)]
struct SeamBus {
    writer: Mutex<Option<Arc<Writer>>>,
    between: Mutex<VecDeque<Write>>,
}

#[async_trait]
impl Bus for SeamBus {
    async fn publish(&self, _: &SessionId, _: Arc<NumberedEvent>) {
        unreachable!("the server itself writes nothing here");
    }

    async fn snapshot_and_subscribe(&self, session: &SessionId) -> (Option<LiveAnswer>, Box<dyn Subscription>) {
        let writer = self.writer.lock().unwrap().clone().unwrap();
        let subscribed = writer.bus.snapshot_and_subscribe(session).await;
        loop {
            let Some(write) = self.between.lock().unwrap().pop_front() else {
                return subscribed;
            };
            writer.write(write).await;
        }
    }

    async fn close(&self, _: &SessionId) {}

    async fn count(&self, rate: Rate, _: &str) -> Result<Counted, RateExceeded> {
        Ok(Counted {
            limit: rate.per_min,
            remaining: rate.per_min,
            reset_ms: 0,
        })
    }
}

struct Reader {
    follower: Follower,
    shown: Shown,
    seen: Vec<SseEvent>,
}

impl Reader {
    /// Reads until it has all that is published, or so many pieces.
    async fn read(&mut self, published_seq: u64, most: usize) {
        for _ in 0..most {
            if self.shown.last_seq >= published_seq {
                return;
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.follower.next()).await;
            let frame: Frame = frame.expect("what was published was missed").unwrap();
            let event = SseEvent {
                seq: frame.seq,
                name: None,
                data: serde_json::from_str(&frame.json.json).unwrap(),
            };
            self.shown.take_in(&event);
            self.seen.push(event);
        }
    }
}

fn writes() -> impl Strategy<Value = Write> {
    prop_oneof![
        4 => Just(Write::Step),
        6 => Just(Write::Delta),
        1 => Just(Write::Burst),
        3 => Just(Write::Checkpoint),
    ]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        5 => writes().prop_map(Move::Write),
        2 => (any::<prop::sample::Index>(), prop::collection::vec(writes(), 0..4)).prop_map(|(at, between)| Move::Join(at, between)),
        4 => (any::<prop::sample::Index>(), 1..40usize).prop_map(|(who, most)| Move::Read(who, most)),
    ];
    prop::collection::vec(one, 1..60)
}

/// What a reader with this number had seen.
fn page_of(first: &Reader, at: &prop::sample::Index) -> Shown {
    let numbered: Vec<usize> = (0..first.seen.len())
        .filter(|&at| first.seen[at].seq.is_some())
        .collect();
    let mut page = Shown::default();
    let at = at.index(numbered.len() + 1);
    if at > 0 {
        first.seen[..=numbered[at - 1]]
            .iter()
            .for_each(|event| page.take_in(event));
    }
    page
}

async fn play(app: &TestApp, seam: &SeamBus, moves: Vec<Move>) {
    let visitor = app.visitor(SHOP).start().await;
    let workspace = WorkspaceId::default_workspace();
    let id = SessionId(visitor.session_id.clone());
    let session = app.store.find_session(&workspace, &id).await.unwrap().unwrap();
    let writer = Arc::new(Writer::new(&app.store, session.clone()));
    *seam.writer.lock().unwrap() = Some(Arc::clone(&writer));
    let follow = async |shown: Shown| Reader {
        follower: app
            .conversations
            .follow(session.clone(), Audience::Visitor, shown.last_seq)
            .await
            .unwrap(),
        shown,
        seen: Vec::new(),
    };
    let published = || writer.published_seq();
    // Never away, and never behind.
    let mut first = follow(Shown::default()).await;
    let mut readers: Vec<Reader> = Vec::new();
    for one in moves {
        match one {
            Move::Write(write) => writer.write(write).await,
            Move::Join(at, between) => {
                let page = page_of(&first, &at);
                *seam.between.lock().unwrap() = between.into();
                readers.push(follow(page).await);
            }
            Move::Read(who, most) if !readers.is_empty() => {
                let at = who.index(readers.len());
                readers[at].read(published(), most).await;
            }
            Move::Read(..) => {}
        }
        first.read(published(), usize::MAX).await;
    }
    // The turn that is open ends.
    while writer.phase() != Phase::Idle {
        writer.write(Write::Step).await;
    }
    let (kept, _) = app.store.list_messages(&workspace, &id, None, 200).await.unwrap();
    let kept: Vec<ShownMessage> = kept
        .into_iter()
        .map(|message| ShownMessage {
            id: message.id.0,
            role: ["user", "assistant"][usize::from(message.role == Role::Assistant)].to_owned(),
            content: message.content,
            status: message.status.as_str().to_owned(),
        })
        .collect();
    readers.push(first);
    for reader in &mut readers {
        reader.read(published(), usize::MAX).await;
        assert_eq!(reader.shown.messages, kept);
        assert!(reader.shown.faults.is_empty(), "{:?}", reader.shown.faults);
        assert!(reader.shown.run.is_none() || reader.shown.is_over());
    }
}

#[test]
fn whoever_reads_shows_what_is_kept_however_they_came() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let seam = Arc::new(SeamBus::default());
    let app = runtime.block_on(TestApp::start_on(Some(Arc::<SeamBus>::clone(&seam)), |_| {}));
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&moves(), |moves| {
        // A shrunk failure is told by the panic of its last case.
        runtime.block_on(play(&app, &seam, moves));
        Ok(())
    });
    outcome.unwrap();
}
