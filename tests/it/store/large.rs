//! A large store: 10,000 conversations of 20 messages, 100,000 turns. What a console asks of it is right, and its times are
//! printed (`--nocapture`); nobody is held to them here.

use std::time::Instant;

use atthene_protocol::ids::{AgentId, RunId, SessionId};
use atthene_server::model::conversation::Status;
use atthene_server::model::time::DAY_MS;
use atthene_server::model::usage::{Counts, UsageStep};
use atthene_server::store::{ConversationCursor, ConversationFilter, TraceFilter};
use sqlx::Connection;

use super::{Bench, NOW};

const SESSIONS: u64 = 10_000;
const TURNS_EACH: u64 = 10;
const AGENTS: u64 = 10;

/// Rows as 60 days of talk would leave them. A hundred thousand turns by the verbs of the store would take minutes.
const SEED: [&str; 6] = [
    "CREATE TEMP TABLE conversations AS
     WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9999) SELECT n FROM numbers",
    "INSERT INTO sessions (workspace_id, id, agent_id, config_hash, visitor_id, origin, page_url, page_title, last_seq,
         reserved_seq, created_at, last_activity_at)
     SELECT 'default', printf('sess_%05d', n), 'agt_' || (n % 10), 'hash-1', printf('vis_%05d', n),
         'https://shop.example', 'https://shop.example/cart', 'Cart', 0, 0, $1 + n * 518400, $1 + n * 518400 + 600000
     FROM conversations",
    "INSERT INTO turns (workspace_id, run_id, session_id, question_id, answer_id, status, input_tokens, output_tokens,
         ordinal, started_at, finished_at, first_token_at)
     SELECT 'default', printf('run_%05d_%d', conversations.n, turn.n), printf('sess_%05d', conversations.n),
         printf('msg_q_%05d_%d', conversations.n, turn.n), printf('msg_a_%05d_%d', conversations.n, turn.n),
         CASE WHEN (conversations.n + turn.n) % 1000 = 0 THEN 'error' ELSE 'completed' END, 700, 120, turn.n,
         $1 + conversations.n * 518400 + turn.n * 60000, $1 + conversations.n * 518400 + turn.n * 60000 + 900 + (conversations.n * 37 % 4000),
         $1 + conversations.n * 518400 + turn.n * 60000 + 300 + (conversations.n * 13 % 900)
     FROM conversations CROSS JOIN (SELECT n + 1 AS n FROM conversations WHERE n < 10) AS turn",
    "INSERT INTO messages (workspace_id, id, session_id, run_id, role, content, status, seq, position, created_at)
     SELECT workspace_id, question_id, session_id, run_id, 'user',
         'Where is order ' || rowid || ', please? It should have been here by now.', 'completed', 1, ordinal * 2 - 1,
         started_at
     FROM turns",
    "INSERT INTO messages (workspace_id, id, session_id, run_id, role, content, status, seq, position, created_at)
     SELECT workspace_id, answer_id, session_id, run_id, 'assistant',
         'Your order is on its way and will be with you within three to five days. If it is not, write to us again and we '
         || 'will look where it is; returns are free for thirty days.', 'completed', 1, ordinal * 2, started_at
     FROM turns",
    "INSERT INTO traces (workspace_id, run_id, session_id, agent_id, status, started_at, document)
     SELECT workspace_id, run_id, session_id, 'agt_0', status, started_at, json_object('run_id', run_id, 'session_id',
         session_id, 'agent_id', 'agt_0', 'config_hash', 'hash-1', 'status', status, 'started_at', started_at,
         'finished_at', finished_at, 'received', NULL, 'steps', json_array(), 'answer', 'Your order is on its way.',
         'error_code', NULL, 'correlation_id', NULL)
     FROM turns",
];

async fn seed(bench: &Bench) {
    for agent in 0..AGENTS {
        bench.agent(&agent.to_string()).await;
    }
    let path = bench.home.path().join("data/atthene.db");
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    let mut all = connection.begin().await.unwrap();
    for statement in SEED {
        let mut query = sqlx::query(statement);
        if statement.contains("$1") {
            query = query.bind(NOW.0);
        }
        query.execute(&mut *all).await.unwrap();
    }
    all.commit().await.unwrap();
}

/// Runs it three times and prints the shortest.
async fn timed<T>(what: &str, ask: impl AsyncFn() -> T) -> T {
    let mut best = None;
    for _ in 0..3 {
        let begun = Instant::now();
        let answer = ask().await;
        let took = begun.elapsed();
        if best.as_ref().is_none_or(|(shortest, _)| took < *shortest) {
            best = Some((took, answer));
        }
    }
    let (took, answer) = best.unwrap();
    println!("{what}: {:.1} ms", took.as_secs_f64() * 1_000.0);
    answer
}

#[tokio::test]
async fn a_large_store_answers_what_a_console_asks() {
    let bench = Bench::sqlite().await;
    seed(&bench).await;
    let (store, workspace) = (&bench.store, &bench.workspace);
    let filter = ConversationFilter {
        limit: 50,
        ..ConversationFilter::default()
    };
    let newest = timed("the first page", async || {
        let found = store.find_conversations(workspace, &filter).await.unwrap();
        store.load_conversations(workspace, &found.ids).await.unwrap()
    })
    .await;
    assert_eq!((newest.len(), newest[0].session.id.as_str()), (50, "sess_09999"));
    assert_eq!(newest[0].message_count, TURNS_EACH * 2);
    let middle = ConversationFilter {
        before: Some(ConversationCursor {
            last_activity_at: NOW.plus_ms(5_000 * 518_400 + 600_000),
            session_id: SessionId("sess_05000".to_owned()),
        }),
        ..filter.clone()
    };
    let found = timed("a page in the middle", async || {
        store.find_conversations(workspace, &middle).await.unwrap()
    })
    .await;
    assert_eq!(found.ids[0].as_str(), "sess_04999");
    let failed = ConversationFilter {
        latest_turn: Some(vec![Status::Error]),
        ..filter.clone()
    };
    let found = timed("those that failed", async || {
        store.find_conversations(workspace, &failed).await.unwrap()
    })
    .await;
    assert_eq!((found.ids.len(), found.next), (10, None));
    // The number of the oldest conversation's first turn: the search goes through all of them.
    let mut oldest = ConversationFilter {
        text: Some("ORDER 1, PLEASE".to_owned()),
        ..filter.clone()
    };
    let (begun, mut asked, mut hits) = (Instant::now(), 0, Vec::new());
    loop {
        let found = store.find_conversations(workspace, &oldest).await.unwrap();
        asked += 1;
        hits.extend(found.ids);
        oldest.before = found.next;
        if oldest.before.is_none() {
            break;
        }
    }
    println!(
        "a search through everything: {asked} requests, {:.0} ms",
        begun.elapsed().as_secs_f64() * 1_000.0
    );
    assert_eq!(hits, [SessionId("sess_00000".to_owned())]);

    let gathering = Instant::now();
    while store.gather_usage(2_000).await.unwrap() {}
    println!(
        "gathering 100,000 turns: {:.0} ms",
        gathering.elapsed().as_secs_f64() * 1_000.0
    );
    let end = NOW.plus_ms(60 * DAY_MS);
    for (what, step, days) in [
        ("30 days and those before", UsageStep::Day, 60),
        ("24 hours and those before", UsageStep::Hour, 2),
    ] {
        let from = end.plus_ms(-days * DAY_MS);
        let listed = timed(what, async || store.list_usage(workspace, step, from).await.unwrap()).await;
        let mut total = Counts::default();
        listed.iter().for_each(|used| total.add(&used.counts));
        if step == UsageStep::Day {
            assert_eq!((total.turns, total.sessions), (SESSIONS * TURNS_EACH, SESSIONS));
            assert_eq!(total.errors, SESSIONS * TURNS_EACH / 1_000);
        }
        assert!(total.first_token.percentile(50) < total.turn.percentile(50));
    }

    let traces = |change: fn(&mut TraceFilter)| {
        let mut filter = TraceFilter {
            limit: 50,
            ..TraceFilter::default()
        };
        change(&mut filter);
        filter
    };
    for (what, filter, count) in [
        ("the newest traces", traces(|_| {}), 50),
        ("failed ones", traces(|all| all.status = Some(Status::Error)), 50),
        (
            "those of a session",
            traces(|all| all.session_id = Some(SessionId("sess_00007".to_owned()))),
            10,
        ),
        (
            "those of an agent",
            traces(|all| all.agent_ids = Some(vec![AgentId("agt_0".to_owned())])),
            50,
        ),
        (
            "those of no agent",
            traces(|all| all.agent_ids = Some(vec![AgentId("agt_9".to_owned())])),
            0,
        ),
        (
            "those in the middle",
            traces(|all| all.before = Some(RunId("run_05000_1".to_owned()))),
            50,
        ),
    ] {
        let found = timed(what, async || store.list_traces(workspace, &filter).await.unwrap()).await;
        assert_eq!(found.len(), count, "{what}");
        assert!(
            found.windows(2).all(|pair| pair[0].started_at >= pair[1].started_at),
            "{what}"
        );
    }
}
