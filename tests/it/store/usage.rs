//! Sums of what happened: gathered once, told with what is fresh, and true after what is erased.

use atthene_protocol::ids::{AgentId, RunId};
use atthene_server::model::audit::AuditEntry;
use atthene_server::model::conversation::Status;
use atthene_server::model::time::DAY_MS;
use atthene_server::model::usage::{Counts, UsageStep, Used};

use super::{BLOCK, Bench, NOW, on_every_backend};

/// All that is told of a workspace since the day of `NOW`, added up.
async fn total(bench: &Bench, step: UsageStep) -> Counts {
    let mut total = Counts::default();
    for used in listed(bench, step).await {
        total.add(&used.counts);
    }
    total
}

async fn listed(bench: &Bench, step: UsageStep) -> Vec<Used> {
    bench.store.list_usage(&bench.workspace, step, NOW).await.unwrap()
}

async fn gather(bench: &Bench) {
    while bench.store.gather_usage(2).await.unwrap() {}
}

#[tokio::test]
async fn turns_and_sessions_count_the_same_before_and_after_they_are_gathered() {
    on_every_backend(async |bench| {
        let session = bench.session("one").await;
        bench.turn(&session, "1").await;
        bench.turn(&session, "2").await;
        let first = bench.send(&session, "3").await;
        bench.end("3", Status::Error, first + 1).await;
        let retry = RunId("run_4".to_owned());
        let at = NOW.plus_ms(1_000);
        bench
            .store
            .retry_turn(&bench.workspace, &session.id, &retry, at, BLOCK)
            .await
            .unwrap();
        bench.end("4", Status::Completed, first + 50).await;
        let mut backend = bench.draft_session(&bench.agent("two").await, "two");
        backend.visitor_id = None;
        bench.store.create_session(&backend, None, None).await.unwrap();
        let fresh = total(&bench, UsageStep::Hour).await;
        assert_eq!((fresh.turns, fresh.messages, fresh.errors), (4, 6, 1));
        assert_eq!((fresh.sessions, fresh.visitors), (2, 1));
        assert_eq!((fresh.input_tokens, fresh.output_tokens), (4 * 12, 4 * 34));
        // The ends of the bench come one second after their turns' begin, the first pieces 400 ms.
        let told = |latency: Option<u64>, wanted: u64| latency.is_some_and(|ms| ms.abs_diff(wanted) * 50 <= wanted);
        assert!(told(fresh.first_token.percentile(50), 400) && told(fresh.turn.percentile(95), 1_000));
        gather(&bench).await;
        for step in [UsageStep::Hour, UsageStep::Day] {
            assert_eq!(total(&bench, step).await, fresh, "{step:?}");
        }
        gather(&bench).await;
        assert_eq!(total(&bench, UsageStep::Day).await, fresh, "gathered twice");
        let agents: Vec<_> = listed(&bench, UsageStep::Day)
            .await
            .into_iter()
            .map(|used| used.agent_id)
            .collect();
        assert_eq!(agents.len(), 2);
        assert!(agents.contains(&session.agent_id) && agents.contains(&backend.agent_id));
        let theirs = bench
            .store
            .list_usage(&bench.stranger, UsageStep::Day, NOW)
            .await
            .unwrap();
        assert!(theirs.is_empty());
        let later = bench
            .store
            .list_usage(&bench.workspace, UsageStep::Day, NOW.plus_ms(DAY_MS))
            .await;
        assert!(later.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_running_turn_counts_once_it_has_ended_and_those_behind_it_wait() {
    on_every_backend(async |bench| {
        let (slow, quick) = (bench.session("slow").await, bench.session("quick").await);
        let first = bench.send(&slow, "1").await;
        bench.turn(&quick, "2").await;
        gather(&bench).await;
        assert_eq!(total(&bench, UsageStep::Hour).await.turns, 0, "behind one that runs");
        bench.end("1", Status::Stopped, first + 1).await;
        assert_eq!(total(&bench, UsageStep::Hour).await.turns, 2);
        gather(&bench).await;
        assert_eq!(total(&bench, UsageStep::Hour).await.turns, 2);
    })
    .await;
}

#[tokio::test]
async fn sums_outlive_what_is_erased_and_what_comes_after_it_counts() {
    on_every_backend(async |bench| {
        let session = bench.session("one").await;
        bench.turn(&session, "1").await;
        gather(&bench).await;
        bench
            .store
            .delete_sessions(&bench.workspace, &[session.id])
            .await
            .unwrap();
        let after = bench.draft_session(&bench.agent("two").await, "two");
        bench.store.create_session(&after, None, None).await.unwrap();
        bench.turn(&after, "2").await;
        gather(&bench).await;
        let counts = total(&bench, UsageStep::Day).await;
        assert_eq!((counts.turns, counts.sessions, counts.messages), (2, 2, 4));
        let day = UsageStep::Day.begin(NOW).plus_ms(DAY_MS);
        assert!(bench.store.delete_usage_before(day, 100).await.unwrap() >= 4);
        assert_eq!(total(&bench, UsageStep::Day).await, Counts::default());
    })
    .await;
}

#[tokio::test]
async fn refused_origins_are_counted_from_the_log() {
    on_every_backend(async |bench| {
        for (number, (subject, action)) in [
            ("agt_a", "origin.refused"),
            ("agt_a", "origin.refused"),
            ("agt_b", "origin.refused"),
            ("agt_a", "agent.updated"),
        ]
        .into_iter()
        .enumerate()
        {
            let entry = AuditEntry {
                workspace: bench.workspace.clone(),
                at: NOW.plus_ms(i64::try_from(number).unwrap()),
                actor: "visitor".to_owned(),
                action: action.to_owned(),
                subject: subject.to_owned(),
                detail: serde_json::json!({ "origin": format!("https://{number}.example") }),
            };
            bench.store.append_audit(&entry).await.unwrap();
        }
        let mut refused: Vec<_> = listed(&bench, UsageStep::Hour)
            .await
            .into_iter()
            .map(|used| (used.agent_id, used.at, used.counts.refused_origins))
            .collect();
        refused.sort_by(|one, other| one.0.cmp(&other.0));
        let hour = UsageStep::Hour.begin(NOW);
        let agent = |id: &str| Some(AgentId(id.to_owned()));
        assert_eq!(refused, [(agent("agt_a"), hour, 2), (agent("agt_b"), hour, 1)]);
    })
    .await;
}
