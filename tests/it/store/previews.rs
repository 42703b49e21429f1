//! Previews: they come and go with their configuration, count as a change of the agents, and are few.

use atthene_protocol::widget::WidgetSettings;
use atthene_server::model::agent::Agent;
use atthene_server::model::preview::Preview;
use serde_json::json;

use super::{Bench, NOW, on_every_backend};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn draft(agent: &Agent, name: &str, config_hash: &str) -> Preview {
    Preview {
        agent_key: format!("prev_{name}"),
        workspace: agent.workspace.clone(),
        agent_id: agent.id.clone(),
        origin: "https://console.example".to_owned(),
        config_hash: config_hash.to_owned(),
        system_config: json!({ "name": name }),
        widget: WidgetSettings::default(),
        created_at: NOW,
        expires_at: NOW.plus_ms(HOUR_MS),
    }
}

async fn names(bench: &Bench) -> Vec<String> {
    let listed = bench.store.list_all_previews().await.unwrap();
    listed.into_iter().map(|preview| preview.agent_key).collect()
}

#[tokio::test]
async fn a_preview_is_read_back_whole_and_goes_with_its_configuration_when_it_ends() {
    on_every_backend(async |bench| {
        let agent = bench.agent("a").await;
        let before = bench.store.agents_revision().await.unwrap();
        let preview = draft(&agent, "one", "hash-of-one");
        assert!(bench.store.create_preview(&preview, 5).await.unwrap());
        let kept = bench.store.list_all_previews().await.unwrap();
        assert_eq!(kept, std::slice::from_ref(&preview));
        let made = bench.store.agents_revision().await.unwrap();
        assert!(made > before);
        let config = async || {
            bench
                .store
                .find_configuration(&bench.workspace, "hash-of-one")
                .await
                .unwrap()
        };
        // Whatever else is erased meanwhile, what a preview runs stays.
        bench.store.delete_sessions(&bench.workspace, &[]).await.unwrap();
        assert_eq!(config().await, Some(preview.system_config));
        let just_before = NOW.plus_ms(HOUR_MS - 1);
        assert_eq!(bench.store.remove_ended_previews(just_before).await.unwrap(), 0);
        assert_eq!(bench.store.agents_revision().await.unwrap(), made);
        assert_eq!(
            bench.store.remove_ended_previews(NOW.plus_ms(HOUR_MS)).await.unwrap(),
            1
        );
        assert!(bench.store.agents_revision().await.unwrap() > made);
        assert_eq!(config().await, None);
    })
    .await;
}

#[tokio::test]
async fn a_session_keeps_the_configuration_of_a_preview_that_ended() {
    on_every_backend(async |bench| {
        let agent = bench.agent("a").await;
        assert!(
            bench
                .store
                .create_preview(&draft(&agent, "one", "hash-of-one"), 5)
                .await
                .unwrap()
        );
        let mut session = bench.draft_session(&agent, "s");
        session.config_hash = "hash-of-one".to_owned();
        session.is_preview = true;
        bench.store.create_session(&session, None, None).await.unwrap();
        let kept = bench.store.find_session(&bench.workspace, &session.id).await.unwrap();
        assert_eq!(kept, Some(session));
        bench.store.remove_ended_previews(NOW.plus_ms(HOUR_MS)).await.unwrap();
        let config = bench
            .store
            .find_configuration(&bench.workspace, "hash-of-one")
            .await
            .unwrap();
        assert_eq!(config, Some(json!({ "name": "one" })));
        let listed = bench.store.list_sessions(&bench.workspace, &all()).await.unwrap();
        assert!(listed.is_empty(), "lists leave it out");
        let origins = bench
            .store
            .list_origins(&bench.workspace, &agent.id, NOW.plus_ms(-1), 10)
            .await
            .unwrap();
        assert!(origins.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_agent_has_so_many_previews_at_most_and_takes_them_along() {
    on_every_backend(async |bench| {
        let agent = bench.agent("a").await;
        let other = bench.agent("b").await;
        assert!(
            bench
                .store
                .create_preview(&draft(&other, "theirs", "hash-0"), 2)
                .await
                .unwrap()
        );
        for name in ["first", "second", "third"] {
            assert!(
                bench
                    .store
                    .create_preview(&draft(&agent, name, "hash-1"), 2)
                    .await
                    .unwrap()
            );
        }
        assert_eq!(names(&bench).await, ["prev_second", "prev_theirs", "prev_third"]);
        assert!(bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        assert_eq!(names(&bench).await, ["prev_theirs"]);
        assert!(
            !bench
                .store
                .create_preview(&draft(&agent, "late", "hash-1"), 2)
                .await
                .unwrap()
        );
    })
    .await;
}

fn all() -> atthene_server::store::SessionFilter {
    atthene_server::store::SessionFilter {
        limit: 10,
        ..atthene_server::store::SessionFilter::default()
    }
}
