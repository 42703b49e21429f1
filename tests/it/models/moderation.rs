//! The moderation endpoint over a real socket: what it is asked, what its answer means, and what its failures mean.

use std::sync::Arc;
use std::time::Duration;

use atthene_server::config::ModerationSettings;
use atthene_server::llm::moderation::{Moderation, Verdict, open};

use super::upstream::Upstream;

const KEY: &str = "sk-moderation-0123456789";

fn settings(port: u16) -> ModerationSettings {
    ModerationSettings {
        url: format!("http://127.0.0.1:{port}/v1/moderations"),
        api_key_env: "MODERATION_KEY".to_owned(),
        model: "omni-moderation-latest".to_owned(),
        timeout_ms: 300,
        allow_on_failure: false,
    }
}

fn opened(settings: &ModerationSettings) -> Arc<dyn Moderation> {
    let env = |name: &str| (name == "MODERATION_KEY").then(|| KEY.to_owned());
    open(settings, &env).unwrap().expect("there is an endpoint")
}

fn answer(status: &str, body: &str) -> Vec<Vec<u8>> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // In two writes: a body does not come with its head.
    vec![head.into_bytes(), body.as_bytes().to_vec()]
}

#[tokio::test]
async fn the_question_goes_out_as_the_api_wants_it_and_the_answer_is_believed() {
    let flagged = r#"{"id":"modr-1","model":"m","results":[{"flagged":true,"categories":{"violence":true,"hate":false},"category_scores":{"violence":0.9}}]}"#;
    let upstream = Upstream::always(answer("200 OK", flagged)).await;
    let moderation = opened(&settings(upstream.port));
    assert_eq!(
        moderation.judge("a \"question\"").await,
        Verdict::Flagged(vec!["violence".to_owned()])
    );
    let request = upstream.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/moderations HTTP/1.1"), "{head}");
    assert!(
        head.to_lowercase().contains(&format!("authorization: bearer {KEY}")),
        "{head}"
    );
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(body).unwrap(),
        serde_json::json!({"input": "a \"question\"", "model": "omni-moderation-latest"})
    );

    let upstream = Upstream::always(answer("200 OK", r#"{"results":[{"flagged":false}]}"#)).await;
    let without_key = ModerationSettings {
        api_key_env: String::new(),
        model: String::new(),
        ..settings(upstream.port)
    };
    assert_eq!(opened(&without_key).judge("x").await, Verdict::Allowed);
    let request = upstream.requests().remove(0);
    assert!(!request.to_lowercase().contains("authorization"), "{request}");
    assert!(request.ends_with(r#"{"input":"x"}"#), "{request}");
}

#[tokio::test]
async fn whatever_fails_lets_nothing_through_unless_the_settings_say_so() {
    let too_large = format!(r#"{{"results":[{{"flagged":false}}],"x":"{}"}}"#, "x".repeat(300_000));
    let failures = [
        answer("500 Internal Server Error", "{}"),
        answer("401 Unauthorized", r#"{"results":[{"flagged":false}]}"#),
        answer(
            "302 Found\r\nLocation: http://127.0.0.1:1/",
            r#"{"results":[{"flagged":false}]}"#,
        ),
        answer("200 OK", "not json"),
        answer("200 OK", r#"{"results":[]}"#),
        answer("200 OK", r#"{"results":[{"flagged":"no"}]}"#),
        answer("200 OK", &too_large),
        vec![b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec()],
    ];
    for failure in failures {
        let upstream = Upstream::always(failure.clone()).await;
        let closed = settings(upstream.port);
        let open = ModerationSettings {
            allow_on_failure: true,
            ..closed.clone()
        };
        let verdict = opened(&closed).judge("x").await;
        let Verdict::Unknown(detail) = &verdict else {
            panic!("{verdict:?} for {:?}", String::from_utf8_lossy(&failure.concat()));
        };
        assert!(!detail.contains(KEY) && !detail.contains("127.0.0.1"), "{detail}");
        assert_eq!(opened(&open).judge("x").await, Verdict::Allowed);
    }
}

#[tokio::test]
async fn an_endpoint_that_is_silent_or_gone_does_not_hold_a_turn() {
    let silent = Upstream::start(|_, socket| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(socket);
    })
    .await;
    let begun = std::time::Instant::now();
    assert_eq!(
        opened(&settings(silent.port)).judge("x").await,
        Verdict::Unknown("moderation: it did not answer in time".to_owned())
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
    let gone = settings(1);
    assert_eq!(
        opened(&gone).judge("x").await,
        Verdict::Unknown("moderation: it cannot be reached".to_owned())
    );
}

#[test]
fn without_an_address_there_is_none_and_without_its_key_it_does_not_open() {
    assert!(open(&ModerationSettings::default(), &|_| None).unwrap().is_none());
    let message = open(&settings(1), &|_| None).err().unwrap();
    assert!(message.contains("MODERATION_KEY"), "{message}");
}
