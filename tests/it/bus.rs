//! The contract of the bus, tried on every backend: each test runs once for each of them, on a bus that nobody has used.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod closing;
mod rates;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use atthene_protocol::event::{Audience, Event, Outcome, Role};
use atthene_protocol::ids::{MessageId, RunId, SessionId};
use atthene_server::bus::memory::MemoryBus;
use atthene_server::bus::{Bus, Lagged, Rate, SUBSCRIPTION_EVENTS, Subscription};
use atthene_server::model::event::NumberedEvent;
use futures_util::future::join_all;
use tokio::time::timeout;

/// How long an event may take that must come.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an event is waited for that must not come.
const SILENCE: Duration = Duration::from_millis(100);

/// A fresh bus of each kind; another backend is one more line.
async fn buses() -> Vec<Arc<dyn Bus>> {
    vec![Arc::new(MemoryBus::default())]
}

/// Runs the check on every backend.
async fn on_every_backend(check: impl AsyncFn(Arc<dyn Bus>)) {
    for bus in buses().await {
        check(bus).await;
    }
}

fn session(name: &str) -> SessionId {
    SessionId(format!("sess_{name}"))
}

fn run(name: &str) -> RunId {
    RunId(format!("run_{name}"))
}

fn message() -> MessageId {
    MessageId("msg_a".to_owned())
}

fn started(seq: u64) -> Arc<NumberedEvent> {
    let event = Event::RunStarted {
        thread_id: session("a"),
        run_id: run("a"),
        protocol_version: None,
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

fn opened(seq: u64) -> Arc<NumberedEvent> {
    let event = Event::TextMessageStart {
        message_id: message(),
        role: Role::Assistant,
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

fn grown(seq: u64, delta: &str) -> Arc<NumberedEvent> {
    let event = Event::TextMessageContent {
        message_id: message(),
        delta: delta.to_owned(),
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

fn step(seq: u64, is_begin: bool) -> Arc<NumberedEvent> {
    let step_name = "Looking".to_owned();
    let event = if is_begin {
        Event::StepStarted { step_name }
    } else {
        Event::StepFinished { step_name }
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

fn finished(seq: u64) -> Arc<NumberedEvent> {
    let event = Event::RunFinished {
        thread_id: session("a"),
        run_id: run("a"),
        outcome: Outcome::Success,
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

fn failed(seq: u64) -> Arc<NumberedEvent> {
    let event = Event::RunError {
        message: "No.".to_owned(),
        code: "broken".to_owned(),
    };
    NumberedEvent::new(seq, Audience::Visitor, event)
}

async fn next(reader: &mut Box<dyn Subscription>) -> Arc<NumberedEvent> {
    let event = timeout(PATIENCE, reader.next()).await.expect("an event in time");
    event.expect("a reader that is quick enough")
}

async fn numbers(reader: &mut Box<dyn Subscription>, count: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        numbers.push(next(reader).await.seq);
    }
    numbers
}

async fn is_silent(reader: &mut Box<dyn Subscription>) -> bool {
    timeout(SILENCE, reader.next()).await.is_err()
}

#[tokio::test]
async fn a_reader_gets_every_event_in_order_and_whole() {
    on_every_backend(async |bus| {
        let (live, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
        assert_eq!(live, None);
        let sent = [started(3), opened(4), grown(7, "ü🙂"), finished(8)];
        for event in &sent {
            bus.publish(&session("a"), Arc::clone(event)).await;
        }
        for event in &sent {
            let got = next(&mut reader).await;
            assert_eq!(
                (got.seq, got.audience, &got.event),
                (event.seq, event.audience, &event.event)
            );
            assert_eq!(got.json, event.json);
        }
        assert!(is_silent(&mut reader).await);
    })
    .await;
}

#[tokio::test]
async fn sessions_hear_nothing_of_each_other() {
    on_every_backend(async |bus| {
        let (_, mut here) = bus.snapshot_and_subscribe(&session("a")).await;
        let (_, mut there) = bus.snapshot_and_subscribe(&session("b")).await;
        bus.publish(&session("a"), started(1)).await;
        bus.publish(&session("b"), started(2)).await;
        assert_eq!(next(&mut here).await.seq, 1);
        assert_eq!(next(&mut there).await.seq, 2);
        assert!(is_silent(&mut here).await && is_silent(&mut there).await);
        let (live, _reader) = bus.snapshot_and_subscribe(&session("c")).await;
        assert_eq!(live, None);
    })
    .await;
}

#[tokio::test]
async fn many_readers_of_one_session_all_get_everything() {
    on_every_backend(async |bus| {
        let mut readers = Vec::new();
        for _ in 0..100 {
            readers.push(bus.snapshot_and_subscribe(&session("a")).await.1);
        }
        for seq in 1..=50 {
            bus.publish(&session("a"), grown(seq, "x")).await;
        }
        let wanted: Vec<u64> = (1..=50).collect();
        for got in join_all(readers.iter_mut().map(|reader| numbers(reader, 50))).await {
            assert_eq!(got, wanted);
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_published_before_a_reader_came_is_in_its_snapshot_and_not_in_its_stream() {
    on_every_backend(async |bus| {
        for event in [started(1), opened(2), grown(3, "One "), grown(4, "two")] {
            bus.publish(&session("a"), event).await;
        }
        let (live, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
        let live = live.unwrap();
        assert_eq!((live.run_id, live.message_id), (run("a"), Some(message())));
        assert_eq!((live.text.as_str(), live.seq, live.step), ("One two", 4, None));
        bus.publish(&session("a"), grown(5, "!")).await;
        assert_eq!(next(&mut reader).await.seq, 5);
    })
    .await;
}

#[tokio::test]
async fn the_snapshot_knows_the_step_that_is_running() {
    on_every_backend(async |bus| {
        bus.publish(&session("a"), started(1)).await;
        bus.publish(&session("a"), step(2, true)).await;
        let (live, _reader) = bus.snapshot_and_subscribe(&session("a")).await;
        assert_eq!(live.unwrap().step.as_deref(), Some("Looking"));
        bus.publish(&session("a"), step(3, false)).await;
        let (live, _reader) = bus.snapshot_and_subscribe(&session("a")).await;
        let live = live.unwrap();
        assert_eq!((live.step, live.seq), (None, 3));
    })
    .await;
}

#[tokio::test]
async fn a_turn_that_is_over_leaves_no_snapshot() {
    on_every_backend(async |bus| {
        for end in [finished(4), failed(4)] {
            for event in [started(1), opened(2), grown(3, "x"), end] {
                bus.publish(&session("a"), event).await;
            }
            let (live, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
            assert_eq!(live, None);
            // The next turn begins with no text.
            bus.publish(&session("a"), started(5)).await;
            assert_eq!(next(&mut reader).await.seq, 5);
            let (live, _reader) = bus.snapshot_and_subscribe(&session("a")).await;
            assert_eq!(live.unwrap().text, "");
            bus.publish(&session("a"), finished(6)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_and_a_new_snapshot_mends_it() {
    on_every_backend(async |bus| {
        let (_, mut slow) = bus.snapshot_and_subscribe(&session("a")).await;
        let (_, mut quick) = bus.snapshot_and_subscribe(&session("a")).await;
        bus.publish(&session("a"), started(1)).await;
        let count = 3 * SUBSCRIPTION_EVENTS as u64;
        for seq in 2..=count {
            bus.publish(&session("a"), grown(seq, "x")).await;
            if seq == 2 {
                assert_eq!(numbers(&mut quick, 2).await, [1, 2]);
            } else {
                assert_eq!(
                    next(&mut quick).await.seq,
                    seq,
                    "one slow reader does not hold the other"
                );
            }
        }
        let told = timeout(PATIENCE, slow.next()).await.unwrap();
        assert_eq!(told.err(), Some(Lagged));
        let (live, mut again) = bus.snapshot_and_subscribe(&session("a")).await;
        assert_eq!(live.unwrap().seq, count);
        bus.publish(&session("a"), finished(count + 1)).await;
        assert_eq!(next(&mut again).await.seq, count + 1);
    })
    .await;
}

#[tokio::test]
async fn a_reader_holds_at_least_as_many_events_as_promised() {
    on_every_backend(async |bus| {
        let (_, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
        for seq in 1..=SUBSCRIPTION_EVENTS as u64 {
            bus.publish(&session("a"), grown(seq, "x")).await;
        }
        let wanted: Vec<u64> = (1..=SUBSCRIPTION_EVENTS as u64).collect();
        assert_eq!(numbers(&mut reader, SUBSCRIPTION_EVENTS).await, wanted);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_reader_is_forgotten_and_the_others_go_on() {
    on_every_backend(async |bus| {
        let (_, mut stays) = bus.snapshot_and_subscribe(&session("a")).await;
        for _ in 0..50 {
            drop(bus.snapshot_and_subscribe(&session("a")).await);
        }
        bus.publish(&session("a"), grown(1, "x")).await;
        assert_eq!(next(&mut stays).await.seq, 1);
        drop(stays);
        // Nobody listens and no turn runs: nothing is kept.
        let event = grown(2, "x");
        bus.publish(&session("a"), Arc::clone(&event)).await;
        assert_eq!(Arc::strong_count(&event), 1);
        let (live, mut late) = bus.snapshot_and_subscribe(&session("a")).await;
        assert_eq!(live, None);
        assert!(is_silent(&mut late).await, "what came before is not told again");
    })
    .await;
}

#[tokio::test]
async fn waiting_for_an_event_may_be_given_up_without_losing_one() {
    on_every_backend(async |bus| {
        let (_, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
        assert!(is_silent(&mut reader).await);
        bus.publish(&session("a"), grown(1, "x")).await;
        bus.publish(&session("a"), grown(2, "x")).await;
        assert_eq!(numbers(&mut reader, 2).await, [1, 2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshot_and_stream_meet_without_a_gap_while_events_come() {
    on_every_backend(async |bus| {
        const LAST: u64 = 100;
        let writer = Arc::clone(&bus);
        let writing = tokio::spawn(async move {
            writer.publish(&session("a"), started(1)).await;
            writer.publish(&session("a"), opened(2)).await;
            for seq in 3..=LAST {
                writer.publish(&session("a"), grown(seq, &format!("{seq} "))).await;
                tokio::task::yield_now().await;
            }
        });
        let readers = (0..20).map(|_| {
            let bus = Arc::clone(&bus);
            tokio::spawn(async move {
                let (live, mut reader) = bus.snapshot_and_subscribe(&session("a")).await;
                let (mut text, mut seq) = live.map_or((String::new(), 0), |live| (live.text, live.seq));
                while seq < LAST {
                    let event = next(&mut reader).await;
                    assert!(event.seq > seq, "{} came after {seq}", event.seq);
                    seq = event.seq;
                    if let Event::TextMessageContent { delta, .. } = &event.event {
                        text.push_str(delta);
                    }
                }
                text
            })
        });
        let texts = join_all(readers.collect::<Vec<_>>()).await;
        writing.await.unwrap();
        let whole: String = (3..=LAST).map(|seq| format!("{seq} ")).collect();
        for text in texts {
            assert_eq!(text.unwrap(), whole);
        }
    })
    .await;
}

#[tokio::test]
async fn a_rate_counts_each_name_and_key_apart_and_says_when_to_come_back() {
    on_every_backend(async |bus| {
        let rate = Rate {
            name: "messages",
            per_min: 3,
        };
        for left in [2, 1, 0] {
            let counted = bus.count(rate, "a").await.unwrap();
            assert_eq!((counted.limit, counted.remaining), (3, left));
            assert!((1..=20_000).contains(&counted.reset_ms), "{counted:?}");
        }
        let exceeded = bus.count(rate, "a").await.unwrap_err();
        // Three a minute: one more fits after a third of it.
        assert!((1..=20_000).contains(&exceeded.retry_after_ms), "{exceeded:?}");
        bus.count(rate, "b").await.unwrap();
        let other = Rate {
            name: "sessions",
            per_min: 3,
        };
        bus.count(other, "a").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_did_not_fit_was_not_counted_and_room_comes_back_with_time() {
    on_every_backend(async |bus| {
        let rate = Rate {
            name: "messages",
            per_min: 600,
        };
        let mut fitted = 0;
        while bus.count(rate, "a").await.is_ok() {
            fitted += 1;
        }
        assert!((600..700).contains(&fitted), "{fitted}");
        for _ in 0..50 {
            let _ = bus.count(rate, "a").await;
        }
        let exceeded = bus.count(rate, "a").await.unwrap_err();
        tokio::time::sleep(Duration::from_millis(exceeded.retry_after_ms + 20)).await;
        assert!(bus.count(rate, "a").await.is_ok(), "after the time that was told");
    })
    .await;
}
