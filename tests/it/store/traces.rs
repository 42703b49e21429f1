//! Looking back: traces, the log of one subject, the origins of an agent, the numbers of its versions.

use atthene_protocol::ids::{AgentId, RunId, SessionId};
use atthene_server::model::audit::AuditEntry;
use atthene_server::model::conversation::{Session, Status};
use atthene_server::model::trace::{Received, Trace};
use atthene_server::store::TraceFilter;

use super::{NOW, on_every_backend};

pub(super) fn draft(session: &Session, tag: &str, status: Status, at: i64) -> Trace {
    Trace {
        run_id: RunId(format!("run_{tag}")),
        session_id: session.id.clone(),
        agent_id: session.agent_id.clone(),
        config_hash: session.config_hash.clone(),
        status,
        started_at: NOW.plus_ms(at),
        finished_at: NOW.plus_ms(at + 5),
        received: Some(Received {
            messages: vec![("user".to_owned(), "Hi".to_owned())],
            ..Received::default()
        }),
        steps: Vec::new(),
        answer: "Hello".to_owned(),
        error_code: None,
        correlation_id: Some("c".to_owned()),
    }
}

fn filter(change: impl FnOnce(&mut TraceFilter)) -> TraceFilter {
    let mut filter = TraceFilter {
        limit: 10,
        ..TraceFilter::default()
    };
    change(&mut filter);
    filter
}

#[tokio::test]
async fn traces_are_found_by_what_is_asked_and_by_nobody_else() {
    on_every_backend(async |bench| {
        let (one, other) = (bench.session("one").await, bench.session("other").await);
        let kept = [
            draft(&one, "1", Status::Completed, 1),
            draft(&one, "2", Status::Error, 2),
            draft(&other, "3", Status::Completed, 3),
        ];
        for trace in &kept {
            bench.store.put_trace(&bench.workspace, trace).await.unwrap();
        }
        let found = bench.store.find_trace(&bench.workspace, &kept[0].run_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&kept[0]));
        assert_eq!(
            bench.store.find_trace(&bench.stranger, &kept[0].run_id).await.unwrap(),
            None
        );
        let cases: [(TraceFilter, &[&str]); 6] = [
            (filter(|_| {}), &["run_3", "run_2", "run_1"]),
            (filter(|all| all.session_id = Some(one.id.clone())), &["run_2", "run_1"]),
            (
                filter(|all| all.agent_ids = other.agent_id.clone().map(|id| vec![id])),
                &["run_3"],
            ),
            (
                filter(|all| all.agent_ids = Some(vec![AgentId("agt_none".to_owned())])),
                &[],
            ),
            (filter(|all| all.status = Some(Status::Error)), &["run_2"]),
            (filter(|all| (all.limit, all.offset) = (1, 1)), &["run_2"]),
        ];
        for (asked, expected) in cases {
            let found = bench.store.list_traces(&bench.workspace, &asked).await.unwrap();
            let names: Vec<&str> = found.iter().map(|trace| trace.run_id.as_str()).collect();
            assert_eq!(names, expected, "{asked:?}");
            assert!(
                bench
                    .store
                    .list_traces(&bench.stranger, &asked)
                    .await
                    .unwrap()
                    .is_empty()
            );
        }
        assert_eq!(bench.store.delete_traces_before(NOW.plus_ms(2), 10).await.unwrap(), 1);
        let left = bench
            .store
            .list_traces(&bench.workspace, &filter(|_| {}))
            .await
            .unwrap();
        assert_eq!(left.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_later_trace_of_a_turn_takes_the_place_of_the_first_and_an_erased_session_keeps_none() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let first = draft(&session, "1", Status::Interrupted, 1);
        let second = Trace {
            status: Status::Completed,
            ..first.clone()
        };
        for trace in [&first, &second] {
            bench.store.put_trace(&bench.workspace, trace).await.unwrap();
        }
        let completed = filter(|all| all.status = Some(Status::Completed));
        assert_eq!(
            bench.store.list_traces(&bench.workspace, &completed).await.unwrap(),
            [second]
        );
        let gone = Session {
            id: SessionId("sess_gone".to_owned()),
            ..session.clone()
        };
        let late = draft(&gone, "2", Status::Completed, 2);
        bench.store.put_trace(&bench.workspace, &late).await.unwrap();
        assert_eq!(
            bench.store.find_trace(&bench.workspace, &late.run_id).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn the_log_of_one_subject_holds_one_action_since_a_moment() {
    on_every_backend(async |bench| {
        for (number, (subject, action)) in [("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")].into_iter().enumerate() {
            let entry = AuditEntry {
                workspace: bench.workspace.clone(),
                at: NOW.plus_ms(i64::try_from(number).unwrap()),
                actor: "cli".to_owned(),
                action: action.to_owned(),
                subject: subject.to_owned(),
                detail: serde_json::json!({ "number": number }),
            };
            bench.store.append_audit(&entry).await.unwrap();
        }
        for (since, limit, expected) in [(0, 10, vec![3, 0]), (1, 10, vec![3]), (0, 1, vec![3])] {
            let found = bench
                .store
                .list_audit_of(&bench.workspace, "a", "x", NOW.plus_ms(since), limit)
                .await
                .unwrap();
            let numbers: Vec<i64> = found
                .iter()
                .map(|entry| entry.detail["number"].as_i64().unwrap())
                .collect();
            assert_eq!(numbers, expected);
        }
        let theirs = bench
            .store
            .list_audit_of(&bench.stranger, "a", "x", NOW, 10)
            .await
            .unwrap();
        assert!(theirs.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_agents_origins_and_its_highest_version_are_its_own() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let agent = session.agent_id.clone().unwrap();
        let none = AgentId("agt_none".to_owned());
        let origins = async |workspace, agent, since| {
            let since = NOW.plus_ms(since);
            bench.store.list_origins(workspace, agent, since, 10).await.unwrap()
        };
        let shop = ("https://shop.example".to_owned(), NOW);
        assert_eq!(origins(&bench.workspace, &agent, 0).await, [shop]);
        assert!(origins(&bench.workspace, &agent, 1).await.is_empty());
        assert!(origins(&bench.workspace, &none, 0).await.is_empty());
        assert!(origins(&bench.stranger, &agent, 0).await.is_empty());
        let highest = async |workspace, agent| bench.store.latest_agent_version(workspace, agent).await.unwrap();
        assert_eq!(highest(&bench.workspace, &agent).await, Some(1));
        assert_eq!(highest(&bench.workspace, &none).await, None);
        assert_eq!(highest(&bench.stranger, &agent).await, None);
    })
    .await;
}
