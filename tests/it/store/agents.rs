//! Agents: who may be found where, keys, versions, the revision.

use super::{NOW, on_every_backend};

#[tokio::test]
async fn an_agent_comes_back_as_it_was_made() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let found = bench.store.find_agent_by_key(&bench.workspace, "demo").await.unwrap();
        assert_eq!(found, Some(agent.clone()));
        assert_eq!(bench.store.list_all_agents().await.unwrap(), [agent]);
    })
    .await;
}

#[tokio::test]
async fn an_absent_agent_is_none() {
    on_every_backend(async |bench| {
        assert_eq!(
            bench.store.find_agent_by_key(&bench.workspace, "demo").await.unwrap(),
            None
        );
        assert!(bench.store.list_agents(&bench.workspace).await.unwrap().is_empty());
        let draft = bench.draft_agent("demo");
        assert!(!bench.store.update_agent(&draft).await.unwrap());
        assert!(!bench.store.delete_agent(&bench.workspace, &draft.id).await.unwrap());
        assert_eq!(
            bench
                .store
                .find_agent_version(&bench.workspace, &draft.id, 1)
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_and_changes_nothing() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let mut theirs = agent.clone();
        theirs.workspace = bench.stranger.clone();
        theirs.name = "taken over".to_owned();
        assert_eq!(
            bench.store.find_agent_by_key(&bench.stranger, "demo").await.unwrap(),
            None
        );
        assert!(bench.store.list_agents(&bench.stranger).await.unwrap().is_empty());
        assert_eq!(
            bench
                .store
                .find_agent_version(&bench.stranger, &agent.id, 1)
                .await
                .unwrap(),
            None
        );
        assert!(!bench.store.update_agent(&theirs).await.unwrap());
        assert!(!bench.store.delete_agent(&bench.stranger, &agent.id).await.unwrap());
        assert_eq!(bench.store.list_all_agents().await.unwrap(), [agent]);
    })
    .await;
}

#[tokio::test]
async fn agents_are_listed_by_agent_key() {
    on_every_backend(async |bench| {
        for key in ["pear", "apple", "fig"] {
            bench.agent(key).await;
        }
        let agents = bench.store.list_agents(&bench.workspace).await.unwrap();
        let keys: Vec<_> = agents.iter().map(|agent| agent.agent_key.as_str()).collect();
        assert_eq!(keys, ["apple", "fig", "pear"]);
    })
    .await;
}

#[tokio::test]
async fn an_agent_key_is_unique_over_all_workspaces() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let mut theirs = bench.draft_agent("other");
        theirs.workspace = bench.stranger.clone();
        theirs.agent_key = "demo".to_owned();
        assert!(!bench.store.create_agent(&theirs).await.unwrap());
        assert_eq!(bench.store.list_all_agents().await.unwrap(), [agent]);
    })
    .await;
}

#[tokio::test]
async fn the_key_of_a_deleted_agent_is_never_given_out_again() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        assert!(bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        assert!(!bench.store.create_agent(&agent).await.unwrap());
        assert_eq!(
            bench.store.find_agent_by_key(&bench.workspace, "demo").await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_changed_configuration_is_kept_as_a_new_version() {
    on_every_backend(async |bench| {
        let mut agent = bench.agent("demo").await;
        let first = agent.system_config.clone();
        agent.system_config = serde_json::json!({"system_prompt": "Be brief."});
        agent.config_hash = "hash-2".to_owned();
        agent.version_number = 2;
        agent.is_public = false;
        agent.allowed_origins.clear();
        agent.updated_at = NOW.plus_ms(5);
        assert!(bench.store.update_agent(&agent).await.unwrap());
        assert_eq!(
            bench.store.find_agent_by_key(&bench.workspace, "demo").await.unwrap(),
            Some(agent.clone())
        );
        for (version, config) in [(1, Some(first)), (2, Some(agent.system_config)), (3, None)] {
            let kept = bench
                .store
                .find_agent_version(&bench.workspace, &agent.id, version)
                .await
                .unwrap();
            assert_eq!(kept.map(|kept| kept.system_config), config);
        }
    })
    .await;
}

#[tokio::test]
async fn a_version_that_is_kept_never_changes() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let mut changed = agent.clone();
        changed.system_config = serde_json::json!({"system_prompt": "Be brief."});
        changed.config_hash = "hash-2".to_owned();
        assert!(bench.store.update_agent(&changed).await.is_err());
        assert_eq!(bench.store.list_all_agents().await.unwrap(), [agent]);
    })
    .await;
}

#[tokio::test]
async fn a_workspace_has_one_default_agent_at_most() {
    on_every_backend(async |bench| {
        for key in ["first", "second"] {
            let mut agent = bench.draft_agent(key);
            agent.is_default = true;
            assert!(bench.store.create_agent(&agent).await.unwrap());
        }
        let agents = bench.store.list_agents(&bench.workspace).await.unwrap();
        let defaults: Vec<_> = agents
            .iter()
            .filter(|agent| agent.is_default)
            .map(|agent| &agent.agent_key)
            .collect();
        assert_eq!(defaults, ["second"]);
    })
    .await;
}

#[tokio::test]
async fn every_change_of_an_agent_changes_the_revision_for_other_processes_too() {
    on_every_backend(async |bench| {
        let other = bench.open_again().await;
        let mut seen = vec![other.agents_revision().await.unwrap()];
        let mut agent = bench.agent("demo").await;
        seen.push(other.agents_revision().await.unwrap());
        agent.name = "Other".to_owned();
        assert!(bench.store.update_agent(&agent).await.unwrap());
        seen.push(other.agents_revision().await.unwrap());
        assert!(bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        seen.push(other.agents_revision().await.unwrap());
        assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
        assert!(!bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        assert_eq!(other.agents_revision().await.unwrap(), seen[3], "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_agent_takes_its_sessions_and_versions_along() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let kept = bench.session("kept").await;
        bench.turn(&session, "one").await;
        bench.turn(&kept, "two").await;
        assert!(
            bench
                .store
                .delete_agent(&bench.workspace, session.agent_id.as_ref().unwrap())
                .await
                .unwrap()
        );
        assert_eq!(
            bench.store.find_session(&bench.workspace, &session.id).await.unwrap(),
            None
        );
        assert!(bench.messages(&session).await.is_empty());
        assert_eq!(
            bench
                .store
                .find_agent_version(&bench.workspace, session.agent_id.as_ref().unwrap(), 1)
                .await
                .unwrap(),
            None
        );
        assert_eq!(bench.messages(&kept).await.len(), 2);
    })
    .await;
}
