//! What happens to turns that did not complete: retried by the visitor, interrupted by a crash.

use atthene_protocol::ids::RunId;
use atthene_server::model::conversation::{Session, Status};
use atthene_server::store::{Appended, Retried};

use super::{BLOCK, Bench, NOW, on_every_backend};

async fn retry(bench: &Bench, session: &Session, tag: &str) -> Retried {
    let run_id = RunId(format!("run_{tag}"));
    bench
        .store
        .retry_turn(&bench.workspace, &session.id, &run_id, NOW.plus_ms(9_000), BLOCK)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_failed_turn_is_retried_with_the_same_question_and_the_same_emptied_answer() {
    on_every_backend(async |bench| {
        for (name, status) in [
            ("error", Status::Error),
            ("stopped", Status::Stopped),
            ("interrupted", Status::Interrupted),
        ] {
            let session = bench.session(name).await;
            bench.send(&session, name).await;
            bench.end(name, status, 5).await;
            let Retried::New { turn, first_seq } = retry(&bench, &session, &format!("{name}_again")).await else {
                panic!("nothing to retry after {name}");
            };
            assert_eq!(first_seq, 11);
            assert_eq!(
                (turn.question_id.0, turn.answer_id.0),
                (format!("msg_q_{name}"), format!("msg_a_{name}"))
            );
            assert_eq!((turn.status, turn.started_at), (Status::Running, NOW.plus_ms(9_000)));
            let messages = bench.messages(&session).await;
            let [question, answer] = messages.as_slice() else {
                panic!("{messages:?}")
            };
            assert_eq!(
                (answer.content.as_str(), answer.status, answer.seq),
                ("", Status::Running, 11)
            );
            assert_eq!(question.seq, 1);
            assert_eq!((&question.run_id, &answer.run_id), (&turn.run_id, &turn.run_id));
            assert_eq!(bench.find(&session).await.last_seq, 11);
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_sent_again_after_a_retry_is_told_the_latest_turn() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        bench.end("one", Status::Error, 5).await;
        retry(&bench, &session, "two").await;
        let again = bench.draft_turn(&session, "one", "again");
        let appended = bench.store.append_visitor_message(&again, BLOCK).await.unwrap();
        let Appended::Duplicate { run_id, seq: 1, .. } = appended else {
            panic!("{appended:?}")
        };
        assert_eq!(run_id.as_str(), "run_two");
    })
    .await;
}

#[tokio::test]
async fn the_first_attempt_cannot_write_into_the_second() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        bench.end("one", Status::Stopped, 5).await;
        retry(&bench, &session, "two").await;
        let first = RunId("run_one".to_owned());
        assert!(
            !bench
                .store
                .checkpoint_turn(&bench.workspace, &first, "late", 6)
                .await
                .unwrap()
        );
        assert_eq!(bench.messages(&session).await[1].content, "");
        bench.end("two", Status::Completed, 15).await;
        assert_eq!(bench.messages(&session).await[1].content, "answer of two");
        assert_eq!(retry(&bench, &session, "three").await, Retried::NothingToRetry);
    })
    .await;
}

#[tokio::test]
async fn there_is_nothing_to_retry_before_the_first_turn_after_a_good_one_and_for_strangers() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        assert_eq!(retry(&bench, &session, "none").await, Retried::NothingToRetry);
        bench.turn(&session, "one").await;
        assert_eq!(retry(&bench, &session, "two").await, Retried::NothingToRetry);
        bench.send(&session, "three").await;
        assert_eq!(retry(&bench, &session, "four").await, Retried::TurnRunning);
        bench.end("three", Status::Error, 15).await;
        let run_id = RunId("run_theirs".to_owned());
        let theirs = bench
            .store
            .retry_turn(&bench.stranger, &session.id, &run_id, NOW, BLOCK)
            .await
            .unwrap();
        assert_eq!(theirs, Retried::NothingToRetry);
    })
    .await;
}

#[tokio::test]
async fn what_a_crash_left_running_is_interrupted_with_a_fresh_number_and_can_be_retried() {
    on_every_backend(async |bench| {
        let (cut, whole) = (bench.session("cut").await, bench.session("whole").await);
        bench.turn(&whole, "whole").await;
        bench.send(&cut, "cut").await;
        let run_id = RunId("run_cut".to_owned());
        assert!(
            bench
                .store
                .checkpoint_turn(&bench.workspace, &run_id, "half of it", 4)
                .await
                .unwrap()
        );
        let before = bench.find(&whole).await;

        let restarted = bench.open_again().await;
        assert_eq!(restarted.interrupt_running_turns(NOW.plus_ms(5_000)).await.unwrap(), 1);
        assert_eq!(restarted.interrupt_running_turns(NOW.plus_ms(6_000)).await.unwrap(), 0);

        let snapshot = bench
            .store
            .snapshot(&bench.workspace, &cut.id, 10)
            .await
            .unwrap()
            .unwrap();
        let [answer] = snapshot.messages.as_slice() else {
            panic!("{snapshot:?}")
        };
        assert_eq!(
            (answer.content.as_str(), answer.status, answer.seq),
            ("half of it", Status::Interrupted, 11)
        );
        let turn = snapshot.turn.unwrap();
        assert_eq!(
            (turn.status, turn.finished_at),
            (Status::Interrupted, Some(NOW.plus_ms(5_000)))
        );
        assert_eq!(snapshot.last_seq, 11);
        assert_eq!(bench.find(&whole).await, before, "a finished turn is left alone");
        let Retried::New { first_seq: 12, .. } = retry(&bench, &cut, "again").await else {
            panic!("not retried")
        };
    })
    .await;
}
