//! A visitor's message and its answer: sent once, answered once, ended once.

use std::collections::BTreeSet;

use atthene_protocol::ids::{MessageId, RunId, SessionId};
use atthene_server::model::conversation::{Role, Status};
use atthene_server::store::Appended;
use futures_util::future::join_all;

use super::{BLOCK, NOW, on_every_backend};

#[tokio::test]
async fn a_message_is_kept_with_its_running_and_empty_answer() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        assert_eq!(bench.send(&session, "one").await, 1);
        let messages = bench.messages(&session).await;
        let [question, answer] = messages.as_slice() else {
            panic!("{messages:?}")
        };
        assert_eq!((question.role, question.status), (Role::User, Status::Completed));
        assert_eq!(
            (question.content.as_str(), question.client_id.as_deref()),
            ("text of one", Some("one"))
        );
        assert_eq!((answer.role, answer.status), (Role::Assistant, Status::Running));
        assert_eq!((answer.content.as_str(), answer.client_id.as_deref()), ("", None));
        assert_eq!((question.seq, answer.seq), (1, 1));
        assert_eq!(
            (question.run_id.as_str(), answer.run_id.as_str()),
            ("run_one", "run_one")
        );
        let found = bench.find(&session).await;
        assert_eq!((found.last_seq, found.last_activity_at), (1, NOW.plus_ms(1_000)));
    })
    .await;
}

#[tokio::test]
async fn a_message_to_an_absent_session_or_another_workspace_finds_no_session() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let mut new = bench.draft_turn(&session, "one", "one");
        new.workspace = bench.stranger.clone();
        assert_eq!(
            bench.store.append_visitor_message(&new, BLOCK).await.unwrap(),
            Appended::NoSession
        );
        new.workspace = bench.workspace.clone();
        new.session_id = SessionId("sess_absent".to_owned());
        assert_eq!(
            bench.store.append_visitor_message(&new, BLOCK).await.unwrap(),
            Appended::NoSession
        );
        assert!(bench.messages(&session).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_same_message_sent_again_gets_its_first_answer_while_the_turn_runs_and_after() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let first_seq = bench.send(&session, "one").await;
        let again = bench.draft_turn(&session, "one", "again");
        let expected = Appended::Duplicate {
            question_id: MessageId("msg_q_one".to_owned()),
            run_id: RunId("run_one".to_owned()),
            seq: first_seq,
        };
        assert_eq!(
            bench.store.append_visitor_message(&again, BLOCK).await.unwrap(),
            expected
        );
        bench.end("one", Status::Completed, first_seq + 5).await;
        assert_eq!(
            bench.store.append_visitor_message(&again, BLOCK).await.unwrap(),
            expected
        );
        assert_eq!(bench.messages(&session).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_client_id_with_another_text_is_refused_before_the_running_turn_is() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        let mut other = bench.draft_turn(&session, "one", "other");
        other.content = "something else".to_owned();
        assert_eq!(
            bench.store.append_visitor_message(&other, BLOCK).await.unwrap(),
            Appended::ClientIdReused
        );
    })
    .await;
}

#[tokio::test]
async fn a_client_id_counts_within_its_session_only() {
    on_every_backend(async |bench| {
        let (here, there) = (bench.session("here").await, bench.session("there").await);
        for (session, tag) in [(here, "a"), (there, "b")] {
            let new = bench.draft_turn(&session, "same", tag);
            let appended = bench.store.append_visitor_message(&new, BLOCK).await.unwrap();
            assert_eq!(
                appended,
                Appended::New {
                    first_seq: 1,
                    is_first: true
                }
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_parallel_duplicates_make_one_message() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let sends = (0..100).map(|number| {
            let (store, new) = (
                bench.store.clone(),
                bench.draft_turn(&session, "one", &number.to_string()),
            );
            tokio::spawn(async move { store.append_visitor_message(&new, BLOCK).await.unwrap() })
        });
        let (mut new, mut runs) = (0, BTreeSet::new());
        for appended in join_all(sends).await {
            match appended.unwrap() {
                Appended::New {
                    first_seq: 1,
                    is_first: true,
                } => new += 1,
                Appended::Duplicate { run_id, seq: 1, .. } => drop(runs.insert(run_id)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((new, runs.len()), (1, 1));
        let messages = bench.messages(&session).await;
        assert_eq!(messages.len(), 2);
        assert!(runs.contains(&messages[0].run_id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_different_messages_one_starts_a_turn_and_the_others_are_told() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        // Half of them through another door: the rule holds between processes too.
        let doors = [bench.store.clone(), bench.open_again().await];
        let sends = (0..40).map(|number| {
            let tag = number.to_string();
            let (store, new) = (doors[number % 2].clone(), bench.draft_turn(&session, &tag, &tag));
            tokio::spawn(async move { store.append_visitor_message(&new, BLOCK).await.unwrap() })
        });
        let answers: Vec<_> = join_all(sends).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            answers
                .iter()
                .filter(|answer| **answer
                    == Appended::New {
                        first_seq: 1,
                        is_first: true
                    })
                .count(),
            1
        );
        assert_eq!(
            answers
                .iter()
                .filter(|answer| **answer == Appended::TurnRunning)
                .count(),
            39
        );
        assert_eq!(bench.messages(&session).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_checkpoint_keeps_the_text_so_far() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        let run_id = RunId("run_one".to_owned());
        assert!(
            bench
                .store
                .checkpoint_turn(&bench.workspace, &run_id, "so far", 4)
                .await
                .unwrap()
        );
        let answer = bench.messages(&session).await.remove(1);
        assert_eq!(
            (answer.content.as_str(), answer.status, answer.seq),
            ("so far", Status::Running, 4)
        );
        assert_eq!(bench.find(&session).await.last_seq, 4);
        assert!(
            !bench
                .store
                .checkpoint_turn(&bench.stranger, &run_id, "theirs", 5)
                .await
                .unwrap()
        );
        let absent = RunId("run_absent".to_owned());
        assert!(
            !bench
                .store
                .checkpoint_turn(&bench.workspace, &absent, "nobody's", 5)
                .await
                .unwrap()
        );
        assert_eq!(bench.messages(&session).await[1].content, "so far");
    })
    .await;
}

#[tokio::test]
async fn a_turn_ends_once_and_takes_no_more_text() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        let mut end = bench.draft_end("one", Status::Error, 7);
        end.error_code = Some("model_unavailable".to_owned());
        assert_eq!(bench.store.finish_turn(&bench.stranger, &end).await.unwrap(), None);
        assert_eq!(bench.store.finish_turn(&bench.workspace, &end).await.unwrap(), Some(46));
        assert_eq!(bench.store.finish_turn(&bench.workspace, &end).await.unwrap(), None);
        assert!(
            !bench
                .store
                .checkpoint_turn(&bench.workspace, &end.run_id, "late", 9)
                .await
                .unwrap()
        );
        let answer = bench.messages(&session).await.remove(1);
        assert_eq!(
            (answer.content.as_str(), answer.status, answer.seq),
            ("answer of one", Status::Error, 7)
        );
        let found = bench.find(&session).await;
        assert_eq!((found.last_seq, found.last_activity_at), (7, end.now));
        let snapshot = bench
            .store
            .snapshot(&bench.workspace, &session.id, 0)
            .await
            .unwrap()
            .unwrap();
        let turn = snapshot.turn.unwrap();
        assert_eq!((turn.status, turn.finished_at), (Status::Error, Some(end.now)));
        assert_eq!(turn.error_code.as_deref(), Some("model_unavailable"));
    })
    .await;
}

#[tokio::test]
async fn a_turn_cannot_end_as_running() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        let end = bench.draft_end("one", Status::Running, 7);
        assert!(bench.store.finish_turn(&bench.workspace, &end).await.is_err());
        assert_eq!(bench.messages(&session).await[1].content, "");
    })
    .await;
}
