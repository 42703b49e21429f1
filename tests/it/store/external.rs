//! The ids that back ends have for their conversations.

use atthene_protocol::ids::{KeyId, SessionId};
use atthene_server::model::conversation::Session;

use super::{Bench, on_every_backend};

const EXTERNAL: &str = "order 4711 \u{0} 👋";

async fn of_key(bench: &Bench, key: &str, name: &str) -> Session {
    let agent = match bench.store.find_agent_by_key(&bench.workspace, "demo").await.unwrap() {
        Some(agent) => agent,
        None => bench.agent("demo").await,
    };
    Session {
        key_id: Some(KeyId(key.to_owned())),
        visitor_id: None,
        ..bench.draft_session(&agent, name)
    }
}

async fn find(bench: &Bench, key: &str) -> Option<SessionId> {
    let key = KeyId(key.to_owned());
    let found = bench
        .store
        .find_external(&bench.workspace, &key, EXTERNAL)
        .await
        .unwrap();
    found.map(|session| session.id)
}

#[tokio::test]
async fn an_id_is_unique_for_each_key_and_the_first_session_keeps_it() {
    on_every_backend(async |bench| {
        let (one, late) = (
            of_key(&bench, "key_a", "one").await,
            of_key(&bench, "key_a", "late").await,
        );
        let other = of_key(&bench, "key_b", "other").await;
        assert_eq!(find(&bench, "key_a").await, None);
        assert_eq!(bench.store.create_external(&one, EXTERNAL).await.unwrap(), one);
        assert_eq!(bench.store.create_external(&late, EXTERNAL).await.unwrap(), one);
        assert_eq!(bench.store.create_external(&other, EXTERNAL).await.unwrap(), other);
        assert_eq!(
            (find(&bench, "key_a").await, find(&bench, "key_b").await),
            (Some(one.id), Some(other.id))
        );
        assert_eq!(
            bench.store.find_session(&bench.workspace, &late.id).await.unwrap(),
            None
        );
        let key = KeyId("key_a".to_owned());
        assert_eq!(
            bench
                .store
                .find_external(&bench.stranger, &key, EXTERNAL)
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn many_at_once_make_one_session() {
    on_every_backend(async |bench| {
        let mut drafts = Vec::new();
        for number in 0..20 {
            drafts.push(of_key(&bench, "key_a", &format!("n{number}")).await);
        }
        let made =
            futures_util::future::join_all(drafts.iter().map(|draft| bench.store.create_external(draft, EXTERNAL)));
        let made: Vec<SessionId> = made.await.into_iter().map(|made| made.unwrap().id).collect();
        assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
    })
    .await;
}

#[tokio::test]
async fn an_id_goes_with_its_session() {
    on_every_backend(async |bench| {
        let session = of_key(&bench, "key_a", "one").await;
        bench.store.create_external(&session, EXTERNAL).await.unwrap();
        bench
            .store
            .delete_sessions(&bench.workspace, &[session.id])
            .await
            .unwrap();
        assert_eq!(find(&bench, "key_a").await, None);
        let anew = of_key(&bench, "key_a", "two").await;
        assert_eq!(bench.store.create_external(&anew, EXTERNAL).await.unwrap(), anew);
    })
    .await;
}
