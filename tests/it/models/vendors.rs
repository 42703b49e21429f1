//! Anthropic and Gemini on the wire: what they are sent, and how their streams, endings and failures are read. The
//! events are as their API references print them.

use atthene_server::config::{ProviderKind, Settings};
use atthene_server::llm::ModelErrorKind as Kind;
use tokio::io::AsyncWriteExt;

use super::upstream::{KEY, Outcome, STREAM_HEAD, Upstream, ask, settings_of, whole};

fn settings(kind: ProviderKind, upstream: &Upstream) -> Settings {
    settings_of(kind, format!("http://127.0.0.1:{}", upstream.port))
}

/// What comes of a stream that then just ends, and the request for it.
async fn streamed(kind: ProviderKind, body: &str) -> (Outcome, String) {
    let upstream = Upstream::always(vec![format!("{STREAM_HEAD}{body}").into_bytes()]).await;
    let outcome = ask(&settings(kind, &upstream), "mock/model-1").await;
    (outcome, upstream.requests()[0].clone())
}

fn event(name: &str, json: &serde_json::Value) -> String {
    format!("event: {name}\ndata: {json}\n\n")
}

/// A stream of Anthropic's messages API with this text and this end.
fn claude(text: &str, stop_reason: &str) -> String {
    use serde_json::json;
    [
        event(
            "message_start",
            &json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant",
                "model": "model-1", "content": [], "stop_reason": null, "stop_sequence": null,
                "usage": {"input_tokens": 25, "output_tokens": 1}}}),
        ),
        event(
            "content_block_start",
            &json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ),
        event("ping", &json!({"type": "ping"})),
        event(
            "content_block_delta",
            &json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}),
        ),
        event("content_block_stop", &json!({"type": "content_block_stop", "index": 0})),
        event(
            "message_delta",
            &json!({"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": null},
                "usage": {"output_tokens": 15}}),
        ),
        event("message_stop", &json!({"type": "message_stop"})),
    ]
    .concat()
}

/// A chunk of Gemini's stream; the last one has a reason.
fn gemini(text: &str, reason: Option<&str>) -> String {
    let mut chunk = serde_json::json!({
        "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}],
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13},
        "modelVersion": "model-1"});
    if let Some(reason) = reason {
        chunk["candidates"][0]["finishReason"] = reason.into();
    }
    format!("data: {chunk}\r\n\r\n")
}

fn body_of(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn claude_is_asked_in_its_own_way_and_its_answer_streams_with_its_usage() {
    let (outcome, request) = streamed(ProviderKind::Anthropic, &claude("Hello.", "end_turn")).await;
    assert_eq!(outcome.text, "Hello.");
    assert_eq!(outcome.usage, Some((25, 15)));
    assert!(outcome.errors.is_empty() && !outcome.is_cut_short, "{outcome:?}");
    assert!(request.starts_with("POST /v1/messages HTTP/1.1"), "{request}");
    let head = request.to_lowercase();
    assert!(head.contains(&format!("x-api-key: {KEY}")), "{request}");
    assert!(
        head.contains("anthropic-version: ") && !head.contains("authorization"),
        "{request}"
    );
    let body = body_of(&request);
    assert_eq!(body["model"], "model-1");
    assert_eq!(body["stream"], true);
    assert!(body["max_tokens"].as_u64().is_some_and(|most| most > 0), "{body}");
    assert!(body["system"].to_string().contains("Be kind."), "{body}");
    assert_eq!(body["messages"][0]["role"], "user");
    assert!(body["messages"].to_string().contains("What is this?"), "{body}");
}

#[tokio::test]
async fn gemini_is_asked_in_its_own_way_and_never_with_the_key_in_the_address() {
    let body = format!("{}{}", gemini("Hel", None), gemini("lo.", Some("STOP")));
    let (outcome, request) = streamed(ProviderKind::Gemini, &body).await;
    assert_eq!(outcome.text, "Hello.");
    assert_eq!(outcome.usage, Some((9, 4)));
    assert!(outcome.errors.is_empty(), "{outcome:?}");
    let first = request.lines().next().unwrap();
    assert_eq!(
        first,
        "POST /v1beta/models/model-1:streamGenerateContent?alt=sse HTTP/1.1"
    );
    assert!(
        request.to_lowercase().contains(&format!("x-goog-api-key: {KEY}")),
        "{request}"
    );
    let body = body_of(&request);
    assert!(body["systemInstruction"].to_string().contains("Be kind."), "{body}");
    assert_eq!(body["contents"][0]["role"], "user");
    assert_eq!(body["contents"][0]["parts"][0]["text"], "What is this?");
}

#[tokio::test]
async fn the_addresses_that_vendors_print_all_lead_to_the_same_place() {
    for (kind, paths, asked) in [
        (ProviderKind::Anthropic, &["", "/", "/v1", "/v1/"][..], "/v1/messages"),
        (
            ProviderKind::Gemini,
            &["", "/", "/v1beta/"][..],
            "/v1beta/models/m:streamGenerateContent?alt=sse",
        ),
        (ProviderKind::Openai, &["/v1", "/v1/"][..], "/v1/chat/completions"),
    ] {
        for path in paths {
            let upstream = Upstream::always(vec![whole("401 Unauthorized", "", "{}")]).await;
            let settings = settings_of(kind, format!("http://127.0.0.1:{}{path}", upstream.port));
            ask(&settings, "mock/m").await;
            let request = &upstream.requests()[0];
            assert!(request.starts_with(&format!("POST {asked} ")), "{path}: {request}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_reached_its_most_tokens_says_so() {
    let length = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";
    for (kind, body) in [
        (ProviderKind::Anthropic, claude("Half", "max_tokens")),
        (ProviderKind::Gemini, gemini("Half", Some("MAX_TOKENS"))),
        (
            ProviderKind::Openai,
            format!("{}{length}", super::upstream::delta("Half")),
        ),
    ] {
        let (outcome, _) = streamed(kind, &body).await;
        assert_eq!(
            (outcome.text.as_str(), outcome.is_cut_short),
            ("Half", true),
            "{kind:?}"
        );
        assert!(outcome.errors.is_empty(), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_content_filter_ends_the_answer_as_such_and_its_tokens_are_counted() {
    let filter =
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n";
    let blocked =
        "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":9}}\n\n";
    for (kind, body) in [
        (ProviderKind::Anthropic, claude("I", "refusal")),
        (ProviderKind::Gemini, gemini("I", Some("SAFETY"))),
        (ProviderKind::Gemini, gemini("I", Some("PROHIBITED_CONTENT"))),
        (ProviderKind::Gemini, gemini("I", Some("RECITATION"))),
        (ProviderKind::Gemini, blocked.to_owned()),
        (ProviderKind::Openai, format!("{}{filter}", super::upstream::delta("I"))),
    ] {
        let (outcome, _) = streamed(kind, &body).await;
        assert_eq!(outcome.errors.len(), 1, "{kind:?} {body}: {outcome:?}");
        assert_eq!(outcome.errors[0].kind, Kind::ContentPolicy, "{outcome:?}");
        assert_eq!(outcome.after_error, 0);
        let has_usage = kind != ProviderKind::Openai && body != blocked;
        assert_eq!(outcome.usage.is_some(), has_usage, "{kind:?} {body}");
    }
    let azure = "{\"error\":{\"code\":\"content_filter\",\"message\":\"The prompt was filtered\"}}";
    let upstream = Upstream::always(vec![whole("400 Bad Request", "", azure)]).await;
    let outcome = ask(&upstream.settings(), "mock/m").await;
    assert_eq!(outcome.errors[0].kind, Kind::ContentPolicy, "{outcome:?}");
}

#[tokio::test]
async fn a_stream_that_is_cut_off_is_broken_whoever_sends_it() {
    let claude = claude("Half", "end_turn");
    let claude = claude.split_once("event: message_delta").unwrap().0.to_owned();
    for (kind, body) in [
        (ProviderKind::Anthropic, claude),
        (ProviderKind::Gemini, gemini("Half", None)),
    ] {
        let (outcome, _) = streamed(kind, &body).await;
        assert_eq!(outcome.text, "Half", "{kind:?}");
        assert_eq!((outcome.errors.len(), outcome.after_error), (1, 0));
        assert_eq!(outcome.errors[0].kind, Kind::Broken, "{outcome:?}");
    }
}

#[tokio::test]
async fn errors_after_200_are_read_in_each_vendors_words() {
    use serde_json::json;
    let claude = |kind: &str| {
        event(
            "error",
            &json!({"type": "error", "error": {"type": kind, "message": format!("no {KEY}")}}),
        )
    };
    let gemini = |code: u16, status: &str| {
        format!(
            "data: {}\n\n",
            json!({"error": {"code": code, "status": status, "message": "no"}})
        )
    };
    for (kind, body, family) in [
        (ProviderKind::Anthropic, claude("overloaded_error"), Kind::Busy),
        (ProviderKind::Anthropic, claude("rate_limit_error"), Kind::Busy),
        (ProviderKind::Anthropic, claude("api_error"), Kind::Broken),
        (ProviderKind::Gemini, gemini(429, "RESOURCE_EXHAUSTED"), Kind::Busy),
        (ProviderKind::Gemini, gemini(503, "UNAVAILABLE"), Kind::Busy),
    ] {
        let (outcome, _) = streamed(kind, &body).await;
        assert_eq!(outcome.errors.len(), 1, "{body}: {outcome:?}");
        assert_eq!(outcome.errors[0].kind, family, "{body}: {outcome:?}");
        assert!(!outcome.errors[0].detail.contains(KEY), "{outcome:?}");
    }
}

#[tokio::test]
async fn statuses_mean_the_same_from_every_vendor_and_the_busy_ones_are_asked_again() {
    for kind in [ProviderKind::Anthropic, ProviderKind::Gemini] {
        for (status, family) in [
            ("401 Unauthorized", Kind::Refused),
            ("429 Too Many Requests", Kind::Busy),
            ("500 Internal Server Error", Kind::Unreachable),
            ("529 Overloaded", Kind::Busy),
        ] {
            let upstream = Upstream::always(vec![whole(status, "", "{}")]).await;
            let outcome = ask(&settings(kind, &upstream), "mock/m").await;
            assert_eq!(outcome.errors[0].kind, family, "{kind:?} {status}");
        }
        let good = match kind {
            ProviderKind::Gemini => gemini("second", Some("STOP")),
            _ => claude("second", "end_turn"),
        };
        let upstream = Upstream::start(move |number, mut socket| {
            let answer = if number == 0 {
                whole("529 Overloaded", "retry-after: 0\r\n", "{}")
            } else {
                format!("{STREAM_HEAD}{good}").into_bytes()
            };
            async move {
                let _ = socket.write_all(&answer).await;
                let _ = socket.shutdown().await;
            }
        })
        .await;
        let mut settings = settings(kind, &upstream);
        settings.upstream.retries = 1;
        assert_eq!(ask(&settings, "mock/m").await.text, "second", "{kind:?}");
        assert_eq!(upstream.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_model_name_that_would_leave_geminis_path_is_refused_before_anything_is_sent() {
    let upstream = Upstream::always(vec![whole("200 OK", "", "{}")]).await;
    for name in ["../../v1/files", "m?alt=json", "a b", "m:countTokens"] {
        let outcome = ask(&settings(ProviderKind::Gemini, &upstream), &format!("mock/{name}")).await;
        assert_eq!(outcome.errors[0].kind, Kind::Refused, "{name}");
    }
    assert!(upstream.requests().is_empty());
}
