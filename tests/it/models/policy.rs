//! Content policies at work: blocked questions, blocked answers, moderation.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use atthene_server::llm::moderation::{Moderation, Verdict};
use atthene_server::llm::{ModelErrorKind as Kind, ModelEvent};
use atthene_server::model::agent::{ContentPolicy, LlmConfig, RunnableConfig, Variable};
use atthene_server::runner::policy::Policy;
use atthene_server::runner::{RunnerEvent as Event, Task};
use proptest::prelude::*;
use serde_json::json;

use super::runner::{play, task, text};

fn blocking(phrases: &[&str]) -> Task {
    task(RunnableConfig {
        llm_config: LlmConfig {
            model: "mock/m".to_owned(),
            ..LlmConfig::default()
        },
        content_policy: ContentPolicy {
            blocked_phrases: phrases.iter().map(|phrase| (*phrase).to_owned()).collect(),
            moderation: false,
        },
        ..RunnableConfig::default()
    })
}

fn shown(events: &[Event]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn is_refused(events: &[Event]) -> bool {
    matches!(
        events.last(),
        Some(Event::Failed {
            kind: Kind::ContentPolicy,
            ..
        })
    )
}

#[tokio::test]
async fn a_blocked_question_reaches_no_model() {
    let (events, request) = play(Ok(vec![Ok(text("Hi"))]), blocking(&["SECOND  question"])).await;
    assert!(is_refused(&events) && events.len() == 1, "{events:?}");
    assert!(request.is_none());
    // Of the conversation before, nothing is held against the visitor again.
    let (events, _) = play(Ok(vec![Ok(text("Hi"))]), blocking(&["first question"])).await;
    assert_eq!(events, [Event::Text("Hi".to_owned())]);
}

#[tokio::test]
async fn what_a_visitor_gave_counts_as_asked() {
    for (visitor, is_blocked) in [(true, true), (false, false)] {
        let mut task = blocking(&["secret"]);
        let variable = Variable {
            visitor,
            ..Variable::default()
        };
        task.config.variables = BTreeMap::from([("a".to_owned(), variable)]);
        task.variables.insert("a".to_owned(), json!("my secret"));
        let (events, _) = play(Ok(vec![Ok(text("Hi"))]), task).await;
        assert_eq!(is_refused(&events), is_blocked);
    }
}

#[tokio::test]
async fn a_blocked_answer_ends_before_its_phrase_is_shown() {
    let items = ["We have a sec", "ret pl", "an for ", "you."].map(|piece| Ok(text(piece)));
    let (events, _) = play(Ok(items.into()), blocking(&["secret plan"])).await;
    assert_eq!(shown(&events), "We have a ");
    assert!(is_refused(&events));
    let at_the_end = ["A secret ", "plan"].map(|piece| Ok(text(piece)));
    let (events, _) = play(Ok(at_the_end.into()), blocking(&["secret plan"])).await;
    assert_eq!(shown(&events), "A ");
    assert!(is_refused(&events));
}

#[tokio::test]
async fn an_allowed_answer_comes_whole_with_its_cost() {
    let usage = ModelEvent::Usage {
        input_tokens: 1,
        output_tokens: 2,
    };
    let items = vec![
        Ok(text("A secret")),
        Ok(text(" pla")),
        Ok(text("net, secret")),
        Ok(usage),
    ];
    let (events, _) = play(Ok(items), blocking(&["secret plan"])).await;
    assert_eq!(shown(&events), "A secret planet, secret");
    assert!(!is_refused(&events));
    assert!(events.contains(&Event::Usage {
        input_tokens: 1,
        output_tokens: 2
    }));
}

struct Judge(Verdict);

#[async_trait]
impl Moderation for Judge {
    async fn judge(&self, text: &str) -> Verdict {
        assert_eq!(text, "Second question");
        self.0.clone()
    }
}

#[tokio::test]
async fn moderation_is_asked_where_the_configuration_wants_it() {
    let judged = async |wants: bool, verdict: Option<Verdict>| {
        let mut task = blocking(&[]);
        task.config.content_policy.moderation = wants;
        task.moderation = verdict.map(|verdict| Arc::new(Judge(verdict)) as Arc<dyn Moderation>);
        let (events, _) = play(Ok(vec![Ok(text("Hi"))]), task).await;
        events.into_iter().find_map(|event| match event {
            Event::Failed { kind, .. } => Some(kind),
            _ => None,
        })
    };
    let flagged = || Verdict::Flagged(vec!["violence".to_owned()]);
    assert_eq!(judged(true, Some(Verdict::Allowed)).await, None);
    assert_eq!(judged(true, Some(flagged())).await, Some(Kind::ContentPolicy));
    assert_eq!(judged(false, Some(flagged())).await, None);
    assert_eq!(
        judged(true, Some(Verdict::Unknown("down".to_owned()))).await,
        Some(Kind::Unreachable)
    );
    // Wanted, and the server has none: closed.
    assert_eq!(judged(true, None).await, Some(Kind::Unreachable));
}

proptest! {
    /// However an answer is cut, the same is decided, and what goes out is what came in.
    #[test]
    fn an_answer_is_judged_the_same_however_it_is_cut(
        words in prop::collection::vec(prop::sample::select(vec![
            "secret", "plan", "sec", "ret", "SECRET", " ", "  ", "\n", ".", "*", "\u{200b}", "e\u{301}", "é", "秘", "密", "ﬁ", "a",
        ]), 0..14),
        cuts in prop::collection::vec(1_usize..5, 1..6),
    ) {
        let config = ContentPolicy {
            blocked_phrases: ["secret plan", "é", "秘密", "a sec", "fi."].map(str::to_owned).into(),
            moderation: false,
        };
        let policy = Policy::new(&config).unwrap().unwrap();
        let whole = words.concat();
        let chars: Vec<char> = whole.chars().collect();
        let mut check = policy.output_check();
        let (mut out, mut at, mut is_blocked) = (String::new(), 0, false);
        for size in cuts.iter().cycle() {
            if at >= chars.len() || is_blocked {
                break;
            }
            let end = (at + size).min(chars.len());
            match check.push(&chars[at..end].iter().collect::<String>()) {
                Ok(text) => out.push_str(&text),
                Err(_) => is_blocked = true,
            }
            at = end;
        }
        if !is_blocked {
            match check.finish() {
                Ok(text) => out.push_str(&text),
                Err(_) => is_blocked = true,
            }
        }
        prop_assert_eq!(is_blocked, policy.check_input(&whole).is_err());
        prop_assert!(whole.starts_with(&out));
        // What went out before the end holds no phrase by itself.
        prop_assert!(policy.check_input(&out).is_ok() || !is_blocked);
        prop_assert!(is_blocked || out == whole);
    }
}
