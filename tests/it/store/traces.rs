//! Looking back: traces, the log of one subject, the origins of an agent, the numbers of its versions.

use atthene_protocol::ids::{AgentId, RunId};
use atthene_server::model::audit::AuditEntry;
use atthene_server::model::conversation::{Session, Status};
use atthene_server::model::trace::{Received, Trace};
use atthene_server::store::{TraceFilter, TurnEnd};

use super::{Bench, NOW, on_every_backend};

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
        first_token_at: None,
        answer: "Hello".to_owned(),
        error_code: None,
        correlation_id: Some("c".to_owned()),
    }
}

#[tokio::test]
async fn traces_of_previews_are_left_out_unless_they_or_their_session_are_asked_for() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        let (real, tried) = (
            bench.draft_session(&agent, "real"),
            bench.draft_session(&agent, "tried"),
        );
        let tried = Session {
            is_preview: true,
            ..tried
        };
        for (session, tag) in [(&real, "1"), (&tried, "2")] {
            bench.store.create_session(session, None, None).await.unwrap();
            let first = bench.send(session, tag).await;
            let end = TurnEnd {
                trace: Some(draft(session, tag, Status::Completed, 1)),
                ..bench.draft_end(tag, Status::Completed, first + 5)
            };
            bench.store.finish_turn(&bench.workspace, &end).await.unwrap();
        }
        for (asked, expected) in [
            (filter(|_| {}), vec!["sess_real"]),
            (
                filter(|all| all.agent_ids = Some(vec![agent.id.clone()])),
                vec!["sess_real"],
            ),
            (filter(|all| all.with_previews = true), vec!["sess_real", "sess_tried"]),
            (
                filter(|all| all.session_id = Some(tried.id.clone())),
                vec!["sess_tried"],
            ),
        ] {
            let found = bench.store.list_traces(&bench.workspace, &asked).await.unwrap();
            let mut found: Vec<String> = found.into_iter().map(|trace| trace.session_id.0).collect();
            found.sort();
            assert_eq!(found, expected, "{asked:?}");
        }
    })
    .await;
}

fn filter(change: impl FnOnce(&mut TraceFilter)) -> TraceFilter {
    let mut filter = TraceFilter {
        limit: 10,
        ..TraceFilter::default()
    };
    change(&mut filter);
    filter
}

/// Ends the turn of a tag with this trace.
pub(super) async fn end(bench: &Bench, tag: &str, trace: &Trace) -> Option<u64> {
    let end = TurnEnd {
        trace: Some(trace.clone()),
        ..bench.draft_end(tag, trace.status, 9)
    };
    bench.store.finish_turn(&bench.workspace, &end).await.unwrap()
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
        for (session, trace) in [(&one, &kept[0]), (&one, &kept[1]), (&other, &kept[2])] {
            let tag = trace.run_id.as_str().trim_start_matches("run_");
            bench.send(session, tag).await;
            assert!(end(&bench, tag, trace).await.is_some());
        }
        let found = bench.store.find_trace(&bench.workspace, &kept[0].run_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&kept[0]));
        assert_eq!(
            bench.store.find_trace(&bench.stranger, &kept[0].run_id).await.unwrap(),
            None
        );
        let after = |run_id: &str| Some(RunId(run_id.to_owned()));
        let cases: [(TraceFilter, &[&str]); 9] = [
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
            (filter(|all| all.before = after("run_3")), &["run_2", "run_1"]),
            (
                filter(|all| (all.before, all.status) = (after("run_3"), Some(Status::Completed))),
                &["run_1"],
            ),
            (filter(|all| all.before = after("run_none")), &[]),
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
async fn a_trace_is_kept_with_the_end_of_its_turn_and_never_without_it() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let first = draft(&session, "1", Status::Completed, 1);
        bench.send(&session, "1").await;
        assert!(end(&bench, "1", &first).await.is_some());
        let late = draft(&session, "1", Status::Error, 2);
        assert_eq!(end(&bench, "1", &late).await, None);
        assert_eq!(
            bench.store.find_trace(&bench.workspace, &first.run_id).await.unwrap(),
            Some(first)
        );
        bench.send(&session, "2").await;
        let erased = draft(&session, "2", Status::Completed, 3);
        bench
            .store
            .delete_sessions(&bench.workspace, &[session.id])
            .await
            .unwrap();
        assert_eq!(end(&bench, "2", &erased).await, None);
        let left = bench.store.list_traces(&bench.workspace, &filter(|_| {})).await;
        assert_eq!(left.unwrap(), []);
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
