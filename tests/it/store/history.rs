//! Reading a conversation back: page by page, and what changed since.

use atthene_protocol::ids::{MessageId, SessionId};
use atthene_server::model::conversation::{Message, Status};

use super::on_every_backend;

fn names(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

#[tokio::test]
async fn pages_go_back_from_the_latest_and_read_oldest_first() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        for tag in ["1", "2", "3"] {
            bench.turn(&session, tag).await;
        }
        let (latest, has_more) = bench
            .store
            .list_messages(&bench.workspace, &session.id, None, 4)
            .await
            .unwrap();
        assert_eq!(names(&latest), ["msg_q_2", "msg_a_2", "msg_q_3", "msg_a_3"]);
        assert!(has_more);
        let before = Some(&latest[0].id);
        let (oldest, has_more) = bench
            .store
            .list_messages(&bench.workspace, &session.id, before, 2)
            .await
            .unwrap();
        assert_eq!(names(&oldest), ["msg_q_1", "msg_a_1"]);
        assert!(!has_more);
        let (none, has_more) = bench
            .store
            .list_messages(&bench.workspace, &session.id, Some(&oldest[0].id), 2)
            .await
            .unwrap();
        assert!(none.is_empty() && !has_more);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_strangers_or_before_an_unknown_message_is_empty() {
    on_every_backend(async |bench| {
        let (session, other) = (bench.session("demo").await, bench.session("other").await);
        bench.turn(&session, "1").await;
        bench.turn(&other, "2").await;
        let (theirs, _) = bench
            .store
            .list_messages(&bench.stranger, &session.id, None, 10)
            .await
            .unwrap();
        assert!(theirs.is_empty());
        for before in ["msg_absent", "msg_a_2"] {
            let before = MessageId(before.to_owned());
            let page = bench
                .store
                .list_messages(&bench.workspace, &session.id, Some(&before), 10)
                .await
                .unwrap();
            assert_eq!(page, (Vec::new(), false));
        }
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_holds_what_changed_after_a_number_and_the_latest_turn() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.turn(&session, "1").await;
        let first_seq = bench.send(&session, "2").await;
        let all = bench
            .store
            .snapshot(&bench.workspace, &session.id, 0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(names(&all.messages), ["msg_q_1", "msg_a_1", "msg_q_2", "msg_a_2"]);
        let turn = all.turn.unwrap();
        assert_eq!(
            (turn.run_id.as_str(), turn.status, turn.finished_at),
            ("run_2", Status::Running, None)
        );
        assert_eq!(all.last_seq, first_seq);

        let changed = bench
            .store
            .snapshot(&bench.workspace, &session.id, 5)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(names(&changed.messages), ["msg_a_1", "msg_q_2", "msg_a_2"]);
        let nothing = bench
            .store
            .snapshot(&bench.workspace, &session.id, first_seq)
            .await
            .unwrap()
            .unwrap();
        assert!(nothing.messages.is_empty() && nothing.turn.is_some());
        let ahead = bench
            .store
            .snapshot(&bench.workspace, &session.id, u64::MAX)
            .await
            .unwrap()
            .unwrap();
        assert!(ahead.messages.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_of_a_session_without_turns_is_empty_and_of_an_absent_one_is_none() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let empty = bench
            .store
            .snapshot(&bench.workspace, &session.id, 0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((empty.messages.len(), empty.turn, empty.last_seq), (0, None, 0));
        assert_eq!(
            bench.store.snapshot(&bench.stranger, &session.id, 0).await.unwrap(),
            None
        );
        let absent = SessionId("sess_absent".to_owned());
        assert_eq!(bench.store.snapshot(&bench.workspace, &absent, 0).await.unwrap(), None);
    })
    .await;
}
