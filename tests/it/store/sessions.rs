//! Sessions and what it takes to resume one.

use atthene_protocol::ids::{AgentId, SessionId};
use atthene_server::model::conversation::Session;
use atthene_server::model::time::Timestamp;
use atthene_server::store::{ResumeLookup, ResumeSecret};

use super::{Bench, NOW, on_every_backend};

const ORIGIN: &str = "https://shop.example";

async fn resumable(bench: &Bench) -> Session {
    let agent = bench.agent("demo").await;
    let session = bench.draft_session(&agent, "demo");
    let secret = ResumeSecret {
        hash: "secret-hash".to_owned(),
        expires_at: NOW.plus_ms(100),
    };
    bench.store.create_session(&session, Some(&secret), None).await.unwrap();
    session
}

async fn resume(bench: &Bench, hash: &str, agent_id: &AgentId, origin: &str, now: Timestamp) -> Option<Session> {
    let lookup = ResumeLookup { hash, agent_id, origin };
    bench
        .store
        .resume_session(&bench.workspace, &lookup, now, now.plus_ms(100))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_comes_back_as_it_was_made() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        assert_eq!(bench.find(&session).await, session);
    })
    .await;
}

#[tokio::test]
async fn a_session_without_a_visitor_comes_back_as_it_was_made() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let mut session = bench.draft_session(&agent, "bare");
        (session.visitor_id, session.origin, session.locale) = (None, None, None);
        (session.page_url, session.page_title) = (None, None);
        bench.store.create_session(&session, None, None).await.unwrap();
        assert_eq!(bench.find(&session).await, session);
    })
    .await;
}

#[tokio::test]
async fn an_absent_session_and_one_of_another_workspace_are_none() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let absent = SessionId("sess_absent".to_owned());
        assert_eq!(bench.store.find_session(&bench.workspace, &absent).await.unwrap(), None);
        assert_eq!(
            bench.store.find_session(&bench.stranger, &session.id).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_resume_secret_brings_its_session_back_again_and_again() {
    on_every_backend(async |bench| {
        let session = resumable(&bench).await;
        for _ in 0..2 {
            let found = resume(&bench, "secret-hash", session.agent_id.as_ref().unwrap(), ORIGIN, NOW).await;
            assert_eq!(found, Some(session.clone()));
        }
    })
    .await;
}

#[tokio::test]
async fn each_use_slides_the_expiry_and_after_it_nothing_comes_back() {
    on_every_backend(async |bench| {
        let session = resumable(&bench).await;
        for after_ms in [99, 198, 297] {
            let now = NOW.plus_ms(after_ms);
            assert!(
                resume(&bench, "secret-hash", session.agent_id.as_ref().unwrap(), ORIGIN, now)
                    .await
                    .is_some()
            );
        }
        let end = NOW.plus_ms(397);
        assert_eq!(
            resume(&bench, "secret-hash", session.agent_id.as_ref().unwrap(), ORIGIN, end).await,
            None
        );
        let late_again = NOW.plus_ms(396);
        assert!(
            resume(
                &bench,
                "secret-hash",
                session.agent_id.as_ref().unwrap(),
                ORIGIN,
                late_again
            )
            .await
            .is_some()
        );
    })
    .await;
}

#[tokio::test]
async fn another_agent_origin_secret_or_workspace_resumes_nothing() {
    on_every_backend(async |bench| {
        let session = resumable(&bench).await;
        let other = bench.agent("other").await;
        assert_eq!(resume(&bench, "secret-hash", &other.id, ORIGIN, NOW).await, None);
        assert_eq!(
            resume(
                &bench,
                "secret-hash",
                session.agent_id.as_ref().unwrap(),
                "https://evil.example",
                NOW
            )
            .await,
            None
        );
        assert_eq!(
            resume(&bench, "wrong-hash", session.agent_id.as_ref().unwrap(), ORIGIN, NOW).await,
            None
        );
        let lookup = ResumeLookup {
            hash: "secret-hash",
            agent_id: session.agent_id.as_ref().unwrap(),
            origin: ORIGIN,
        };
        let found = bench
            .store
            .resume_session(&bench.stranger, &lookup, NOW, NOW.plus_ms(100))
            .await
            .unwrap();
        assert_eq!(found, None);
    })
    .await;
}

#[tokio::test]
async fn a_refused_resume_does_not_slide_the_expiry() {
    on_every_backend(async |bench| {
        let session = resumable(&bench).await;
        let late = NOW.plus_ms(90);
        assert_eq!(
            resume(
                &bench,
                "secret-hash",
                session.agent_id.as_ref().unwrap(),
                "https://evil.example",
                late
            )
            .await,
            None
        );
        let later = NOW.plus_ms(101);
        assert_eq!(
            resume(&bench, "secret-hash", session.agent_id.as_ref().unwrap(), ORIGIN, later).await,
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_session_whose_secret_is_refused_is_not_made_at_all() {
    on_every_backend(async |bench| {
        let session = resumable(&bench).await;
        let mut second = session.clone();
        second.id = SessionId("sess_second".to_owned());
        let taken = ResumeSecret {
            hash: "secret-hash".to_owned(),
            expires_at: NOW.plus_ms(100),
        };
        assert!(bench.store.create_session(&second, Some(&taken), None).await.is_err());
        assert_eq!(
            bench.store.find_session(&bench.workspace, &second.id).await.unwrap(),
            None
        );
    })
    .await;
}
