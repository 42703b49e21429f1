//! What visitors think of answers: kept with the answer, the last one counts, gone with the conversation.

use atthene_protocol::ids::{MessageId, RunId, SessionId};
use atthene_server::model::conversation::{Feedback, Rating, Session, Status};
use atthene_server::store::{ConversationFilter, Rated, RatedAs};

use super::waiting::waiting;
use super::{BLOCK, Bench, NOW, on_every_backend};

fn feedback(rating: Rating, comment: &str) -> Feedback {
    let comment = Some(comment.to_owned()).filter(|comment| !comment.is_empty());
    Feedback { rating, comment }
}

async fn rate(bench: &Bench, session: &SessionId, message: &str, given: Option<&Feedback>) -> Rated {
    let message = MessageId(message.to_owned());
    let rated = bench
        .store
        .rate_answer(&bench.workspace, session, &message, given, NOW.plus_ms(9_000));
    rated.await.unwrap()
}

/// What stands at each message, by all three ways of reading messages, which must agree.
async fn read(bench: &Bench, session: &Session) -> Vec<Option<Feedback>> {
    let (store, workspace, id) = (&bench.store, &bench.workspace, &session.id);
    let of_history: Vec<_> = bench
        .messages(session)
        .await
        .into_iter()
        .map(|one| one.feedback)
        .collect();
    let paged = store.page_messages(workspace, id, 0, 100).await.unwrap();
    let texts = store.list_texts(workspace, id, 0, 100).await.unwrap();
    let snapshot = store.snapshot(workspace, id, 0).await.unwrap().unwrap();
    assert_eq!(
        paged.into_iter().map(|one| one.feedback).collect::<Vec<_>>(),
        of_history
    );
    assert_eq!(
        texts.into_iter().map(|one| one.feedback).collect::<Vec<_>>(),
        of_history
    );
    let of_snapshot: Vec<_> = snapshot.messages.into_iter().map(|one| one.feedback).collect();
    assert_eq!(of_snapshot, of_history);
    of_history
}

#[tokio::test]
async fn the_last_rating_of_an_answer_counts_until_it_is_taken_back() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.turn(&session, "1").await;
        let before = bench.find(&session).await;
        let (up, down) = (feedback(Rating::Up, "Über & <b>"), feedback(Rating::Down, ""));
        assert_eq!(read(&bench, &session).await, [None, None]);
        assert_eq!(rate(&bench, &session.id, "msg_a_1", Some(&up)).await, Rated::Kept);
        assert_eq!(read(&bench, &session).await, [None, Some(up)]);
        // The comment goes with the rating that it belonged to.
        assert_eq!(rate(&bench, &session.id, "msg_a_1", Some(&down)).await, Rated::Kept);
        assert_eq!(read(&bench, &session).await, [None, Some(down)]);
        assert_eq!(rate(&bench, &session.id, "msg_a_1", None).await, Rated::Kept);
        assert_eq!(read(&bench, &session).await, [None, None]);
        assert_eq!(
            bench.find(&session).await,
            before,
            "it is no activity and takes no number"
        );
    })
    .await;
}

#[tokio::test]
async fn only_complete_answers_of_the_very_session_are_rated() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let other = bench.session("other").await;
        bench.turn(&session, "1").await;
        let up = feedback(Rating::Up, "");
        for (session, message, expected) in [
            (&session, "msg_q_1", Rated::NoAnswer),
            (&session, "msg_none", Rated::NoMessage),
            (&other, "msg_a_1", Rated::NoMessage),
        ] {
            assert_eq!(
                rate(&bench, &session.id, message, Some(&up)).await,
                expected,
                "{message}"
            );
        }
        let message = MessageId("msg_a_1".to_owned());
        let theirs = bench
            .store
            .rate_answer(&bench.stranger, &session.id, &message, Some(&up), NOW)
            .await;
        assert_eq!(theirs.unwrap(), Rated::NoMessage, "of another workspace");
        let first = bench.send(&session, "2").await;
        assert_eq!(
            rate(&bench, &session.id, "msg_a_2", Some(&up)).await,
            Rated::NotComplete
        );
        bench.end("2", Status::Stopped, first + 5).await;
        assert_eq!(
            rate(&bench, &session.id, "msg_a_2", Some(&up)).await,
            Rated::NotComplete
        );
        assert_eq!(read(&bench, &session).await, [None, None, None, None]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_run_again_is_not_rated_any_more() {
    on_every_backend(async |bench| {
        // An answer that asks is complete while its turn waits; stopped then, it may be run again.
        let session = waiting(&bench, "1").await;
        let up = feedback(Rating::Up, "Good question");
        assert_eq!(rate(&bench, &session.id, "msg_a_1", Some(&up)).await, Rated::Kept);
        let stopped = bench.store.stop_waiting_turn(&bench.workspace, &session.id, NOW).await;
        assert!(stopped.unwrap().is_some());
        bench
            .store
            .retry_turn(&bench.workspace, &session.id, &RunId("run_2".to_owned()), NOW, BLOCK)
            .await
            .unwrap();
        assert_eq!(read(&bench, &session).await, [None, None]);
    })
    .await;
}

#[tokio::test]
async fn conversations_are_counted_and_found_by_what_was_thought_of_their_answers() {
    on_every_backend(async |bench| {
        let mut sessions = Vec::new();
        for name in ["good", "bad", "both", "none"] {
            let session = bench.session(name).await;
            for turn in ["1", "2"] {
                bench.turn(&session, &format!("{name}{turn}")).await;
            }
            sessions.push(session);
        }
        let [good, bad, both, none] = &sessions[..] else {
            panic!()
        };
        let (up, down) = (feedback(Rating::Up, ""), feedback(Rating::Down, "Wrong"));
        rate(&bench, &good.id, "msg_a_good1", Some(&up)).await;
        rate(&bench, &good.id, "msg_a_good2", Some(&up)).await;
        rate(&bench, &bad.id, "msg_a_bad2", Some(&down)).await;
        rate(&bench, &both.id, "msg_a_both1", Some(&up)).await;
        rate(&bench, &both.id, "msg_a_both2", Some(&down)).await;
        rate(&bench, &none.id, "msg_a_none1", Some(&down)).await;
        rate(&bench, &none.id, "msg_a_none1", None).await;
        let ids: Vec<SessionId> = sessions.iter().map(|session| session.id.clone()).collect();
        let loaded = bench.store.load_conversations(&bench.workspace, &ids).await.unwrap();
        let counts: Vec<_> = loaded.iter().map(|one| (one.ups, one.downs)).collect();
        assert_eq!(counts, [(2, 0), (0, 1), (1, 1), (0, 0)]);
        for (rated, text, expected) in [
            (RatedAs::Anything, None, vec!["sess_good", "sess_both", "sess_bad"]),
            (RatedAs::Only(Rating::Up), None, vec!["sess_good", "sess_both"]),
            (RatedAs::Only(Rating::Down), None, vec!["sess_both", "sess_bad"]),
            (RatedAs::Only(Rating::Down), Some("answer of both"), vec!["sess_both"]),
        ] {
            let filter = ConversationFilter {
                rated: Some(rated),
                text: text.map(str::to_owned),
                limit: 10,
                ..ConversationFilter::default()
            };
            let found = bench.store.find_conversations(&bench.workspace, &filter).await.unwrap();
            let found: Vec<String> = found.ids.into_iter().map(|id| id.0).collect();
            assert_eq!(found, expected, "{rated:?} {text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn erasing_a_conversation_takes_what_was_thought_of_it_from_the_disk() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.turn(&session, "1").await;
        let marked = feedback(Rating::Down, "marker-of-a-comment");
        assert_eq!(rate(&bench, &session.id, "msg_a_1", Some(&marked)).await, Rated::Kept);
        let holds_it = || {
            let files = atthene_tests::files::files_below(bench.home.path());
            let marker = marked.comment.as_deref().unwrap().as_bytes();
            files.iter().any(|file| {
                let bytes = std::fs::read(file).unwrap();
                bytes.windows(marker.len()).any(|window| window == marker)
            })
        };
        assert!(holds_it());
        let ids = [session.id.clone()];
        assert_eq!(bench.store.delete_sessions(&bench.workspace, &ids).await.unwrap(), 1);
        assert!(!holds_it());
        assert_eq!(
            rate(&bench, &session.id, "msg_a_1", Some(&marked)).await,
            Rated::NoMessage
        );
    })
    .await;
}
