//! Turns that wait for a human: they survive, block other messages, and are answered or stopped once.

use atthene_protocol::event::{INPUT_REQUIRED, Interrupt};
use atthene_protocol::ids::InterruptId;
use atthene_server::model::conversation::{Asked, Block, Session, Status};
use atthene_server::store::{Appended, NewTurn, Retried, Waits};

use super::{BLOCK, Bench, NOW, on_every_backend};

fn waits(tag: &str) -> Waits {
    let interrupt_id = InterruptId(format!("int_{tag}"));
    Waits {
        interrupt: Interrupt {
            id: interrupt_id.clone(),
            reason: INPUT_REQUIRED.to_owned(),
            message: Some("Which colour?".to_owned()),
            response_schema: None,
            metadata: None,
        },
        asked: Asked {
            interrupt_id,
            call_id: "call_1".to_owned(),
            said: String::new(),
            question: "Which colour?".to_owned(),
            choices: vec!["Blue".to_owned()],
        },
    }
}

/// A session whose turn `tag` waits.
pub(super) async fn waiting(bench: &Bench, tag: &str) -> Session {
    let session = bench.session(tag).await;
    bench.send(&session, tag).await;
    let mut end = bench.draft_end(tag, Status::Waiting, 5);
    end.waits = Some(waits(tag));
    assert!(bench.store.finish_turn(&bench.workspace, &end).await.unwrap().is_some());
    session
}

fn answering(bench: &Bench, session: &Session, interrupt: &str, tag: &str) -> NewTurn {
    let mut new = bench.draft_turn(session, &format!("input:{interrupt}"), tag);
    new.answers = Some(InterruptId(interrupt.to_owned()));
    new
}

#[tokio::test]
async fn a_waiting_turn_keeps_its_question_and_outlives_a_crash() {
    on_every_backend(async |bench| {
        let session = waiting(&bench, "one").await;
        assert_eq!(bench.store.interrupt_running_turns(NOW).await.unwrap(), 0);
        let again = bench.open_again().await;
        let turn = again
            .find_latest_turn(&bench.workspace, &session.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (turn.status, turn.interrupt),
            (Status::Waiting, Some(waits("one").interrupt))
        );
        let messages = bench.messages(&session).await;
        assert_eq!(messages[1].status, Status::Completed);
        assert_eq!(messages[1].blocks, [Block::Asked(waits("one").asked)]);
    })
    .await;
}

#[tokio::test]
async fn only_the_answer_is_taken_while_a_turn_waits_and_it_ends_the_waiting() {
    on_every_backend(async |bench| {
        let session = waiting(&bench, "one").await;
        let other = bench.draft_turn(&session, "two", "two");
        assert_eq!(
            bench.store.append_visitor_message(&other, BLOCK).await.unwrap(),
            Appended::Waiting
        );
        let wrong = answering(&bench, &session, "int_other", "wrong");
        assert_eq!(
            bench.store.append_visitor_message(&wrong, BLOCK).await.unwrap(),
            Appended::NotWaiting
        );
        let right = answering(&bench, &session, "int_one", "right");
        let appended = bench.store.append_visitor_message(&right, BLOCK).await.unwrap();
        assert!(matches!(appended, Appended::New { .. }), "{appended:?}");
        let again = answering(&bench, &session, "int_one", "again");
        let appended = bench.store.append_visitor_message(&again, BLOCK).await.unwrap();
        assert!(matches!(appended, Appended::Duplicate { .. }), "{appended:?}");
        let (asked, _) = bench
            .store
            .find_turn(&bench.workspace, &atthene_protocol::ids::RunId("run_one".to_owned()))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(asked.status, Status::Completed);
        let none = answering(&bench, &bench.session("fresh").await, "int_one", "none");
        assert_eq!(
            bench.store.append_visitor_message(&none, BLOCK).await.unwrap(),
            Appended::NotWaiting
        );
    })
    .await;
}

#[tokio::test]
async fn a_stopped_question_is_told_under_a_fresh_number_and_can_be_asked_anew() {
    on_every_backend(async |bench| {
        let session = waiting(&bench, "one").await;
        let stop = || {
            bench
                .store
                .stop_waiting_turn(&bench.workspace, &session.id, NOW.plus_ms(3_000))
        };
        let stranger = bench.store.stop_waiting_turn(&bench.stranger, &session.id, NOW).await;
        assert_eq!(stranger.unwrap(), None);
        let (run_id, seq) = stop().await.unwrap().unwrap();
        assert_eq!((run_id.as_str(), bench.find(&session).await.last_seq), ("run_one", seq));
        assert!(seq > 5);
        assert_eq!(stop().await.unwrap(), None);
        let new_run = atthene_protocol::ids::RunId("run_again".to_owned());
        let retried = bench
            .store
            .retry_turn(&bench.workspace, &session.id, &new_run, NOW, BLOCK)
            .await
            .unwrap();
        assert!(matches!(retried, Retried::New { .. }), "{retried:?}");
        assert!(bench.messages(&session).await[1].blocks.is_empty());
    })
    .await;
}
