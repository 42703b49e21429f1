//! What agents spent: exact sums per agent and day, of turns and of what is counted beside them.

use atthene_protocol::ids::AgentId;
use atthene_server::model::conversation::Status;
use futures_util::future::join_all;

use super::{Bench, NOW, on_every_backend};

async fn spent(bench: &Bench, agent: &str, day: i64) -> u64 {
    let agent = AgentId(format!("agt_{agent}"));
    bench.store.spent_tokens(&bench.workspace, &agent, day).await.unwrap()
}

#[tokio::test]
async fn the_end_of_a_turn_adds_to_the_day_of_its_agent_once() {
    on_every_backend(async |bench| {
        let session = bench.session("a").await;
        let today = NOW.day();
        assert_eq!(spent(&bench, "a", today).await, 0);
        let first = bench.send(&session, "one").await;
        let end = bench.draft_end("one", Status::Error, first + 5);
        for sum in [Some(46), None] {
            assert_eq!(bench.store.finish_turn(&bench.workspace, &end).await.unwrap(), sum);
        }
        bench.turn(&session, "two").await;
        assert_eq!(spent(&bench, "a", today).await, 92, "once each, however it ended");
        assert_eq!(spent(&bench, "a", today + 1).await, 0);
        let agent = AgentId("agt_a".to_owned());
        let others = bench.store.spent_tokens(&bench.stranger, &agent, today);
        assert_eq!(others.await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn sums_are_exact_under_many_writers_and_go_with_the_agent() {
    on_every_backend(async |bench| {
        let agent = bench.agent("a").await;
        let add = |tokens| bench.store.add_spent_tokens(&bench.workspace, &agent.id, 7, tokens);
        let mut sums: Vec<u64> = join_all((0..50).map(|_| add(3)))
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        sums.sort_unstable();
        assert_eq!(sums, (1..=50).map(|count| count * 3).collect::<Vec<u64>>());
        assert_eq!(
            add(u64::MAX).await.unwrap(),
            add(u64::MAX).await.unwrap(),
            "it ends somewhere, and does not fail"
        );
        assert!(bench.store.delete_agent(&bench.workspace, &agent.id).await.unwrap());
        assert_eq!(spent(&bench, "a", 7).await, 0);
        assert_eq!(add(3).await.unwrap(), 0, "an agent that is gone spends nothing");
    })
    .await;
}

#[tokio::test]
async fn an_agent_keeps_its_budget_and_may_have_none() {
    on_every_backend(async |bench| {
        let mut agent = bench.draft_agent("a");
        agent.token_budget_per_day = Some(1_000_000_000_000);
        assert!(bench.store.create_agent(&agent).await.unwrap());
        for budget in [Some(1_000_000_000_000), Some(0), None] {
            agent.token_budget_per_day = budget;
            assert!(bench.store.update_agent(&agent).await.unwrap());
            let kept = bench
                .store
                .find_agent(&bench.workspace, &agent.id)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(kept.token_budget_per_day, budget);
        }
    })
    .await;
}
