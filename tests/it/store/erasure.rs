//! What is erased stays erased, whoever writes late; and what is old goes a little at a time.

use atthene_protocol::ids::{KeyId, RunId, SessionId};
use atthene_server::model::conversation::{Session, Status};
use atthene_server::model::time::Timestamp;
use atthene_server::model::trace::Trace;
use atthene_server::store::{
    Appended, Idempotent, IdempotentRequest, ResumeLookup, ResumeSecret, Retried, TraceFilter, TurnEnd,
};

use super::{BLOCK, Bench, NOW, on_every_backend};

fn request(bench: &Bench, name: &str) -> IdempotentRequest {
    IdempotentRequest {
        workspace: bench.workspace.clone(),
        key_id: KeyId("key_1".to_owned()),
        route: "POST /api/chat".to_owned(),
        idempotency_key: name.to_owned(),
        request_hash: "hash".to_owned(),
    }
}

async fn claim(bench: &Bench, request: &IdempotentRequest) -> Idempotent {
    let long_ago = Timestamp(0);
    let claimed = bench.store.claim_request(request, NOW, long_ago, long_ago).await;
    claimed.unwrap()
}

async fn erase(bench: &Bench, session: &Session) -> u64 {
    let ids = [session.id.clone()];
    bench.store.delete_sessions(&bench.workspace, &ids).await.unwrap()
}

fn trace(session: &Session, tag: &str) -> Trace {
    super::traces::draft(session, tag, Status::Completed, 1)
}

#[tokio::test]
async fn no_late_write_brings_an_erased_session_back() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let first = bench.send(&session, "1").await;
        assert_eq!(erase(&bench, &session).await, 1);
        let (store, workspace) = (&bench.store, &bench.workspace);

        let run_id = RunId("run_1".to_owned());
        assert!(
            !store
                .checkpoint_turn(workspace, &run_id, "late", first + 1)
                .await
                .unwrap()
        );
        let end = TurnEnd {
            trace: Some(trace(&session, "1")),
            ..bench.draft_end("1", Status::Completed, first + 2)
        };
        assert_eq!(store.finish_turn(workspace, &end).await.unwrap(), None);
        let again = bench.draft_turn(&session, "1", "1");
        let appended = store.append_visitor_message(&again, BLOCK).await.unwrap();
        assert_eq!(appended, Appended::NoSession);
        let retried = store
            .retry_turn(workspace, &session.id, &RunId("run_2".to_owned()), NOW, BLOCK)
            .await
            .unwrap();
        assert_eq!(retried, Retried::NothingToRetry);
        assert!(store.reserve_seqs(workspace, &session.id, BLOCK).await.is_err());
        assert!(
            store.create_session(&session, None, None).await.is_err(),
            "an id is never taken twice"
        );

        assert_eq!(store.find_session(workspace, &session.id).await.unwrap(), None);
        assert_eq!(store.snapshot(workspace, &session.id, 0).await.unwrap(), None);
        assert!(bench.messages(&session).await.is_empty());
        assert_eq!(store.find_turn(workspace, &run_id).await.unwrap(), None);
        assert_eq!(store.find_trace(workspace, &run_id).await.unwrap(), None);
        assert_eq!(erase(&bench, &session).await, 0);
    })
    .await;
}

#[tokio::test]
async fn erasing_takes_the_resume_secret_and_leaves_other_sessions_alone() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let (one, other) = (bench.draft_session(&agent, "one"), bench.draft_session(&agent, "other"));
        for session in [&one, &other] {
            let secret = ResumeSecret {
                hash: format!("secret of {}", session.id),
                expires_at: NOW.plus_ms(100),
            };
            bench.store.create_session(session, Some(&secret), None).await.unwrap();
        }
        bench.turn(&one, "1").await;
        bench.turn(&other, "2").await;
        let ids = [one.id.clone()];
        assert_eq!(bench.store.delete_sessions(&bench.stranger, &ids).await.unwrap(), 0);
        erase(&bench, &one).await;
        let resume = async |session: &Session| {
            let hash = format!("secret of {}", session.id);
            let lookup = ResumeLookup {
                hash: &hash,
                agent_id: &agent.id,
                origin: "https://shop.example",
            };
            let found = bench.store.resume_session(&bench.workspace, &lookup, NOW, NOW).await;
            found.unwrap().map(|session| session.id)
        };
        assert_eq!(resume(&one).await, None);
        assert_eq!(resume(&other).await, Some(other.id.clone()));
        assert_eq!(bench.messages(&other).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_kept_answer_goes_with_its_session_and_a_late_one_is_not_kept() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let (early, late, other) = (
            request(&bench, "early"),
            request(&bench, "late"),
            request(&bench, "other"),
        );
        for request in [&early, &late, &other] {
            assert_eq!(claim(&bench, request).await, Idempotent::New);
        }
        let id = Some(&session.id);
        bench.store.keep_answer(&early, id, 200, b"text").await.unwrap();
        bench.store.keep_answer(&other, None, 200, b"no session").await.unwrap();
        assert!(matches!(claim(&bench, &early).await, Idempotent::Answered { .. }));
        erase(&bench, &session).await;
        bench.store.keep_answer(&late, id, 200, b"text").await.unwrap();
        for request in [&early, &late] {
            assert_eq!(claim(&bench, request).await, Idempotent::New);
        }
        assert!(matches!(claim(&bench, &other).await, Idempotent::Answered { .. }));
    })
    .await;
}

#[tokio::test]
async fn the_end_of_an_agent_is_the_end_of_its_sessions_and_their_answers() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let asked = request(&bench, "asked");
        claim(&bench, &asked).await;
        let id = Some(&session.id);
        bench.store.keep_answer(&asked, id, 200, b"text").await.unwrap();
        let agent = session.agent_id.clone().unwrap();
        assert!(bench.store.delete_agent(&bench.workspace, &agent).await.unwrap());
        assert_eq!(claim(&bench, &asked).await, Idempotent::New);
    })
    .await;
}

#[tokio::test]
async fn claims_that_nobody_answers_any_more_are_given_up_at_a_start() {
    on_every_backend(async |bench| {
        let (lost, answered) = (request(&bench, "lost"), request(&bench, "answered"));
        claim(&bench, &lost).await;
        claim(&bench, &answered).await;
        bench.store.keep_answer(&answered, None, 201, b"{}").await.unwrap();
        assert_eq!(claim(&bench, &lost).await, Idempotent::Running);
        assert_eq!(bench.store.release_all_requests().await.unwrap(), 1);
        assert_eq!(claim(&bench, &lost).await, Idempotent::New);
        assert!(matches!(claim(&bench, &answered).await, Idempotent::Answered { .. }));
    })
    .await;
}

#[tokio::test]
async fn idle_sessions_go_oldest_first_and_no_more_than_asked_for() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        // Made at the same time, last used one after the other; the last one is in use.
        for (name, used_ms) in [("a", 0), ("b", 0), ("c", 0), ("d", 50)] {
            let mut session = bench.draft_session(&agent, name);
            session.last_activity_at = NOW.plus_ms(used_ms);
            bench.store.create_session(&session, None, None).await.unwrap();
        }
        let young = {
            let mut young = bench.draft_session(&agent, "young");
            (young.created_at, young.last_activity_at) = (NOW.plus_ms(50), NOW.plus_ms(50));
            young
        };
        bench.store.create_session(&young, None, None).await.unwrap();
        let since = NOW.plus_ms(50);
        let first = bench.store.delete_idle_sessions(since, 2).await.unwrap();
        assert_eq!(first.len(), 2);
        let mut gone = first;
        gone.extend(bench.store.delete_idle_sessions(since, 2).await.unwrap());
        gone.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(gone, ["sess_a", "sess_b", "sess_c"].map(|id| SessionId(id.to_owned())));
        assert!(bench.store.delete_idle_sessions(since, 2).await.unwrap().is_empty());
        bench.find(&young).await;
    })
    .await;
}

#[tokio::test]
async fn old_traces_and_answers_go_a_few_at_a_time() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        for tag in ["1", "2", "3"] {
            bench.send(&session, tag).await;
            assert!(super::traces::end(&bench, tag, &trace(&session, tag)).await.is_some());
            claim(&bench, &request(&bench, tag)).await;
        }
        let later = NOW.plus_ms(10);
        for expected in [2, 1, 0] {
            let gone = bench.store.delete_traces_before(later, 2).await.unwrap();
            assert_eq!(gone, expected);
            let gone = bench.store.delete_answers_before(later, 2).await.unwrap();
            assert_eq!(gone, expected);
        }
        let all = TraceFilter {
            limit: 10,
            ..TraceFilter::default()
        };
        assert!(
            bench
                .store
                .list_traces(&bench.workspace, &all)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(claim(&bench, &request(&bench, "1")).await, Idempotent::New);
    })
    .await;
}

#[tokio::test]
async fn the_id_of_an_erased_session_is_remembered_until_it_is_too_old() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        erase(&bench, &session).await;
        let (store, for_ever) = (&bench.store, Timestamp(i64::MAX));
        assert_eq!(store.delete_tombstones_before(Timestamp(0), 10).await.unwrap(), 0);
        assert_eq!(store.delete_tombstones_before(for_ever, 10).await.unwrap(), 1);
        assert_eq!(store.delete_tombstones_before(for_ever, 10).await.unwrap(), 0);
    })
    .await;
}
