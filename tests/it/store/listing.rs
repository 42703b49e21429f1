//! Looking through conversations: their order, the filters, the search, and what a list shows of each.

use atthene_protocol::ids::{AgentId, KeyId, SessionId};
use atthene_server::model::conversation::{Session, Status};
use atthene_server::store::{ConversationCursor, ConversationFilter, Talker};

use super::{Bench, NOW, on_every_backend};

fn filter(change: impl FnOnce(&mut ConversationFilter)) -> ConversationFilter {
    let mut filter = ConversationFilter {
        limit: 10,
        ..ConversationFilter::default()
    };
    change(&mut filter);
    filter
}

async fn found(bench: &Bench, filter: &ConversationFilter) -> Vec<String> {
    let found = bench.store.find_conversations(&bench.workspace, filter).await.unwrap();
    assert_eq!(found.next, None, "{filter:?}");
    found.ids.into_iter().map(|id| id.0).collect()
}

/// A session that began and was last active so many milliseconds after `NOW`, of a fresh agent.
async fn session(bench: &Bench, name: &str, at: i64, change: impl FnOnce(&mut Session)) -> Session {
    let agent = bench.agent(name).await;
    let mut session = bench.draft_session(&agent, name);
    (session.created_at, session.last_activity_at) = (NOW.plus_ms(at), NOW.plus_ms(at));
    change(&mut session);
    bench.store.create_session(&session, None, None).await.unwrap();
    session
}

/// A whole turn with these texts, at a moment after `NOW`.
async fn say(bench: &Bench, session: &Session, tag: &str, at: i64, texts: (&str, &str), status: Status) {
    let mut new = bench.draft_turn(session, tag, tag);
    (new.content, new.now) = (texts.0.to_owned(), NOW.plus_ms(at));
    bench.store.append_visitor_message(&new, 10).await.unwrap();
    let mut end = bench.draft_end(tag, status, 9);
    (end.content, end.now) = (texts.1.to_owned(), NOW.plus_ms(at));
    assert!(bench.store.finish_turn(&bench.workspace, &end).await.unwrap().is_some());
}

#[tokio::test]
async fn the_latest_activity_comes_first_and_pages_lead_from_one_to_the_next() {
    on_every_backend(async |bench| {
        let one = session(&bench, "one", 1, |_| {}).await;
        session(&bench, "two", 2, |_| {}).await;
        session(&bench, "three", 3, |_| {}).await;
        // Of the same moment as the one before: the ids decide.
        session(&bench, "four", 3, |_| {}).await;
        let all = ["sess_three", "sess_four", "sess_two", "sess_one"];
        assert_eq!(found(&bench, &filter(|_| {})).await, all);
        let (mut walked, mut before) = (Vec::new(), None);
        loop {
            let asked = filter(|page| (page.limit, page.before) = (1, before.clone()));
            let page = bench.store.find_conversations(&bench.workspace, &asked).await.unwrap();
            walked.extend(page.ids.into_iter().map(|id| id.0));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(walked, all);
        say(&bench, &one, "1", 9, ("Hi", "Hello"), Status::Completed).await;
        assert_eq!(found(&bench, &filter(|_| {})).await[0], "sess_one");
        let theirs = bench.store.find_conversations(&bench.stranger, &filter(|_| {})).await;
        assert!(theirs.unwrap().ids.is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_filter_leaves_what_fits_it() {
    on_every_backend(async |bench| {
        let page = session(&bench, "page", 1_000, |_| {}).await;
        let backend = session(&bench, "backend", 2_000, |session| {
            (session.visitor_id, session.origin) = (None, None);
            session.key_id = Some(KeyId("key_1".to_owned()));
        })
        .await;
        session(&bench, "silent", 3_000, |session| {
            session.origin = Some("https://b.example".to_owned())
        })
        .await;
        session(&bench, "tried", 4_000, |session| session.is_preview = true).await;
        say(&bench, &page, "1", 5_000, ("Hi", "Hello"), Status::Completed).await;
        say(&bench, &backend, "2", 6_000, ("Hi", ""), Status::Error).await;
        let at = |ms: i64| Some(NOW.plus_ms(ms));
        let cases: [(ConversationFilter, &[&str]); 11] = [
            (
                filter(|all| all.talker = Some(Talker::Visitor)),
                &["sess_page", "sess_silent"],
            ),
            (filter(|all| all.talker = Some(Talker::BackEnd)), &["sess_backend"]),
            (filter(|all| all.is_preview = true), &["sess_tried"]),
            (
                filter(|all| all.agent_ids = page.agent_id.clone().map(|id| vec![id])),
                &["sess_page"],
            ),
            (
                filter(|all| all.agent_ids = Some(vec![AgentId("agt_none".to_owned())])),
                &[],
            ),
            (
                filter(|all| all.latest_turn = Some(vec![Status::Error])),
                &["sess_backend"],
            ),
            (
                filter(|all| all.latest_turn = Some(vec![Status::Completed])),
                &["sess_page", "sess_silent"],
            ),
            (
                filter(|all| all.origin = Some("https://b.example".to_owned())),
                &["sess_silent"],
            ),
            (filter(|all| all.from = at(5_500)), &["sess_backend"]),
            // What began by then, whatever happened since.
            (filter(|all| all.to = at(1_500)), &["sess_page"]),
            (
                filter(|all| (all.from, all.to) = (at(3_000), at(3_000))),
                &["sess_backend", "sess_page", "sess_silent"],
            ),
        ];
        for (asked, expected) in cases {
            assert_eq!(found(&bench, &asked).await, expected, "{asked:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_search_finds_words_in_any_case_and_signs_as_they_are() {
    on_every_backend(async |bench| {
        let one = session(&bench, "one", 1, |session| {
            session.page_title = Some("Rücksendung".to_owned())
        })
        .await;
        let two = session(&bench, "two", 2, |_| {}).await;
        say(
            &bench,
            &one,
            "1",
            5,
            ("Where is order 4711?", "On its WAY, Übermorgen"),
            Status::Completed,
        )
        .await;
        say(&bench, &two, "2", 6, ("100% of it_all", "a\\b"), Status::Completed).await;
        for (text, expected) in [
            ("ORDER 4711", vec!["sess_one"]),
            ("way", vec!["sess_one"]),
            ("über", vec!["sess_one"]),
            ("ÜBER", vec!["sess_one"]),
            ("rücksendung", vec!["sess_one"]),
            ("0%", vec!["sess_two"]),
            ("1%7", vec![]),
            ("it_all", vec!["sess_two"]),
            ("w_y", vec![]),
            ("a\\b", vec!["sess_two"]),
            ("cart", vec!["sess_two"]),
            ("nowhere", vec![]),
        ] {
            let asked = filter(|all| all.text = Some(text.to_owned()));
            assert_eq!(found(&bench, &asked).await, expected, "{text}");
        }
        let both = filter(|all| (all.text, all.limit) = (Some("i".to_owned()), 1));
        let page = bench.store.find_conversations(&bench.workspace, &both).await.unwrap();
        let cursor = ConversationCursor {
            last_activity_at: NOW.plus_ms(6),
            session_id: two.id.clone(),
        };
        assert_eq!((page.ids, page.next), (vec![two.id], Some(cursor.clone())));
        let rest = filter(|all| (all.text, all.before) = (Some("i".to_owned()), Some(cursor)));
        assert_eq!(found(&bench, &rest).await, ["sess_one"]);
    })
    .await;
}

#[tokio::test]
async fn a_line_shows_the_first_question_the_latest_text_and_the_count() {
    on_every_backend(async |bench| {
        let one = session(&bench, "one", 1, |_| {}).await;
        let empty = session(&bench, "empty", 2, |_| {}).await;
        say(&bench, &one, "1", 5, ("First?", "Yes."), Status::Completed).await;
        say(&bench, &one, "2", 6, ("Second?", ""), Status::Error).await;
        let gone = SessionId("sess_gone".to_owned());
        let asked = [one.id.clone(), gone, empty.id.clone()];
        let shown = bench.store.load_conversations(&bench.workspace, &asked).await.unwrap();
        assert_eq!(shown.len(), 2);
        let line = &shown[0];
        assert_eq!(
            (&line.session.id, line.latest_turn, line.message_count),
            (&one.id, Some(Status::Error), 4)
        );
        assert_eq!(
            (line.first_question.as_deref(), line.latest_text.as_deref()),
            (Some("First?"), Some("Second?"))
        );
        let line = &shown[1];
        assert_eq!(
            (&line.session.id, line.latest_turn, line.message_count),
            (&empty.id, None, 0)
        );
        assert_eq!((&line.first_question, &line.latest_text), (&None, &None));
        assert!(
            bench
                .store
                .load_conversations(&bench.stranger, &asked)
                .await
                .unwrap()
                .is_empty()
        );
        let texts = bench.store.list_texts(&bench.workspace, &one.id, 1, 2).await.unwrap();
        let texts: Vec<_> = texts.into_iter().map(|said| (said.position, said.content)).collect();
        assert_eq!(texts, [(2, "Yes.".to_owned()), (3, "Second?".to_owned())]);
    })
    .await;
}
