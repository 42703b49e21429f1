//! A provider that behaves: what is sent, what is read.

use atthene_server::llm;

use super::upstream::{KEY, STREAM_HEAD, Upstream, ask, ask_of, delta, end};

fn good(text: &str) -> Vec<Vec<u8>> {
    vec![format!("{STREAM_HEAD}{}{}", delta(text), end()).into_bytes()]
}

#[tokio::test]
async fn an_answer_streams_with_its_usage() {
    let upstream = Upstream::always(good("Hello.")).await;
    let outcome = ask(&upstream.settings(), "mock/small").await;
    assert_eq!(outcome.text, "Hello.");
    assert_eq!(outcome.usage, Some((11, 7)));
    assert!(outcome.errors.is_empty(), "{outcome:?}");
}

#[tokio::test]
async fn the_request_holds_key_model_system_and_question() {
    let upstream = Upstream::always(good("x")).await;
    ask(&upstream.settings(), "mock/org/model-max").await;
    let request = &upstream.requests()[0];
    assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1"), "{request}");
    assert!(
        request.to_lowercase().contains(&format!("authorization: bearer {KEY}")),
        "{request}"
    );
    let body: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    // The crate would make `model` and an effort of this name.
    assert_eq!(body["model"], "org/model-max");
    assert!(body.get("reasoning_effort").is_none(), "{body}");
    assert_eq!(body["stream"], true);
    assert_eq!(body["stream_options"]["include_usage"], true);
    assert_eq!(body["messages"][0]["role"], "system");
    assert_eq!(body["messages"][0]["content"], "Be kind.");
    assert_eq!(body["messages"][1]["role"], "user");
    assert_eq!(body["messages"][1]["content"], "What is this?");
}

#[tokio::test]
async fn a_server_without_a_key_gets_no_authorization() {
    let upstream = Upstream::always(good("local")).await;
    let mut settings = upstream.settings();
    settings.providers.get_mut("mock").unwrap().api_key = None;
    let outcome = ask(&settings, "mock/llama").await;
    assert_eq!(outcome.text, "local");
    assert!(!upstream.requests()[0].to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn a_short_name_leads_to_its_model() {
    let upstream = Upstream::always(good("short")).await;
    let mut settings = upstream.settings();
    settings.models.insert("fast".to_owned(), "mock/tiny".to_owned());
    assert_eq!(ask(&settings, "fast").await.text, "short");
    assert!(upstream.requests()[0].contains("\"tiny\""));
}

#[tokio::test]
async fn every_split_of_a_multibyte_answer_arrives_intact() {
    let text = "日本語 – grüß 👩‍👩‍👧‍👦 🇩🇪 \u{2028} naïve ﷽";
    // As raw bytes, not as \u escapes.
    let stream = format!("{STREAM_HEAD}{}{}", delta(text), end()).into_bytes();
    let head = STREAM_HEAD.len();
    let body_end = head + delta(text).len();
    let upstream = Upstream::cut_anywhere(stream.clone(), head).await;
    let llm = llm::open(&upstream.settings(), &|_| None).unwrap();
    for at in head..body_end {
        let outcome = ask_of(&*llm, "mock/m").await;
        assert_eq!(outcome.text, text, "split at byte {at}");
        assert!(outcome.errors.is_empty(), "split at byte {at}: {outcome:?}");
    }
    // And every byte by itself.
    let writes = stream.iter().map(|byte| vec![*byte]).collect();
    let upstream = Upstream::always(writes).await;
    assert_eq!(ask(&upstream.settings(), "mock/m").await.text, text);
}

#[tokio::test]
async fn all_line_ends_and_comments_are_understood() {
    for (old, new) in [("\n", "\r\n"), ("\n", "\r")] {
        let body = format!(": hello\n\n{}: ping\n\n{}{}", delta("a"), delta("b"), end()).replace(old, new);
        let stream = format!("{STREAM_HEAD}{body}").into_bytes();
        let upstream = Upstream::cut_anywhere(stream.clone(), STREAM_HEAD.len()).await;
        let llm = llm::open(&upstream.settings(), &|_| None).unwrap();
        for at in STREAM_HEAD.len()..stream.len() {
            let outcome = ask_of(&*llm, "mock/m").await;
            assert_eq!(outcome.text, "ab", "split at {at} with {new:?}");
            assert!(outcome.errors.is_empty(), "split at {at}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn reasoning_is_a_sign_of_life_and_never_text() {
    let thinking = "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"secret thoughts\"}}]}\n\n";
    let upstream = Upstream::always(vec![
        format!("{STREAM_HEAD}{thinking}{}{}", delta("Answer."), end()).into_bytes(),
    ])
    .await;
    assert_eq!(ask(&upstream.settings(), "mock/m").await.text, "Answer.");
}
