//! The tool of a human in the loop on the wire of every vendor: how it is told, how its call is read, how its result goes
//! back.

use atthene_server::config::ProviderKind;
use atthene_server::llm::{self, ModelCall, ModelEvent, ModelMessage, ModelRequest, ModelTool};
use atthene_server::model::conversation::Role;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::upstream::{STREAM_HEAD, Upstream, settings_of};

const KINDS: [ProviderKind; 3] = [ProviderKind::Openai, ProviderKind::Anthropic, ProviderKind::Gemini];

fn sse(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| match event["type"].as_str() {
            Some(name) => format!("event: {name}\ndata: {event}\n\n"),
            None => format!("data: {event}\n\n"),
        })
        .collect()
}

/// A stream in which the vendor's model says `Hm.` and then calls `ask_human`, in pieces where its API has pieces.
fn calling(kind: ProviderKind) -> String {
    let delta =
        |delta: Value, reason: Value| json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
    match kind {
        ProviderKind::Openai => {
            let call = |call: Value| delta(json!({"tool_calls": [call]}), Value::Null);
            sse(&[
                delta(json!({"role": "assistant", "content": "Hm."}), Value::Null),
                call(json!({"index": 0, "id": "call_1", "type": "function",
                    "function": {"name": "ask_human", "arguments": ""}})),
                call(json!({"index": 0, "function": {"arguments": "{\"question\":\"Whi"}})),
                call(json!({"index": 0, "function": {"arguments": "ch?\"}"}})),
                delta(json!({}), json!("tool_calls")),
            ]) + "data: [DONE]\n\n"
        }
        ProviderKind::Anthropic => sse(&[
            json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant",
                "model": "m", "content": [], "stop_reason": null, "stop_sequence": null,
                "usage": {"input_tokens": 25, "output_tokens": 1}}}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hm."}}),
            json!({"type": "content_block_stop", "index": 0}),
            json!({"type": "content_block_start", "index": 1,
                "content_block": {"type": "tool_use", "id": "call_1", "name": "ask_human", "input": {}}}),
            json!({"type": "content_block_delta", "index": 1,
                "delta": {"type": "input_json_delta", "partial_json": "{\"question\":"}}),
            json!({"type": "content_block_delta", "index": 1,
                "delta": {"type": "input_json_delta", "partial_json": "\"Which?\"}"}}),
            json!({"type": "content_block_stop", "index": 1}),
            json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null},
                "usage": {"output_tokens": 15}}),
            json!({"type": "message_stop"}),
        ]),
        ProviderKind::Gemini => sse(&[
            json!({"candidates": [{"content": {"role": "model", "parts": [{"text": "Hm."}]}, "index": 0}]}),
            json!({"candidates": [{"content": {"role": "model", "parts": [
                {"functionCall": {"name": "ask_human", "args": {"question": "Which?"}}}]},
                "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}}),
        ]),
    }
}

/// A conversation in which the tool was called before and answered.
fn request() -> ModelRequest {
    let call = ModelCall {
        id: "call_0".to_owned(),
        name: "ask_human".to_owned(),
        arguments: "{\"question\":\"Which size?\"}".to_owned(),
        said: "One moment.".to_owned(),
    };
    ModelRequest {
        model: "mock/m".to_owned(),
        messages: vec![
            ModelMessage::text(Role::User, "A shirt"),
            ModelMessage {
                call: Some(call),
                ..ModelMessage::text(Role::Assistant, "One moment.\n\nWhich size?")
            },
            ModelMessage {
                answers: Some("call_0".to_owned()),
                ..ModelMessage::text(Role::User, "Size M")
            },
        ],
        tools: vec![ModelTool {
            name: "ask_human",
            description: "Asks a person.",
            parameters: json!({"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]}),
        }],
        ..ModelRequest::default()
    }
}

/// Asks a vendor that answers with a call; gives the events and the body of the request.
async fn asked(kind: ProviderKind) -> (Vec<ModelEvent>, Value) {
    let upstream = Upstream::always(vec![format!("{STREAM_HEAD}{}", calling(kind)).into_bytes()]).await;
    let base = match kind {
        ProviderKind::Openai => format!("http://127.0.0.1:{}/v1", upstream.port),
        _ => format!("http://127.0.0.1:{}", upstream.port),
    };
    let llm = llm::open(&settings_of(kind, base), &|_| None).unwrap();
    let events: Vec<_> = llm.ask(request()).await.unwrap().collect().await;
    let body = upstream.requests()[0].split_once("\r\n\r\n").unwrap().1.to_owned();
    let events = events.into_iter().map(|event| event.unwrap()).collect();
    (events, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn a_call_is_read_whole_from_every_vendor_and_after_the_text_before_it() {
    for kind in KINDS {
        let (events, _) = asked(kind).await;
        assert_eq!(events[0], ModelEvent::Text("Hm.".to_owned()), "{kind:?}: {events:?}");
        let calls: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                ModelEvent::Call { id, name, arguments } => Some((id.clone(), name.clone(), arguments.clone())),
                _ => None,
            })
            .collect();
        let [(id, name, arguments)] = calls.as_slice() else {
            panic!("{kind:?}: {events:?}")
        };
        assert!(!id.is_empty());
        assert_eq!(name, "ask_human");
        let arguments: Value = serde_json::from_str(arguments).unwrap();
        assert_eq!(arguments, json!({"question": "Which?"}), "{kind:?}");
    }
}

#[tokio::test]
async fn every_vendor_is_told_of_the_tool_and_given_the_call_and_its_result_in_its_own_words() {
    let (_, body) = asked(ProviderKind::Openai).await;
    assert_eq!(body["tools"][0]["function"]["name"], "ask_human", "{body}");
    assert_eq!(
        body["tools"][0]["function"]["parameters"]["required"],
        json!(["question"])
    );
    let call = &body["messages"][1];
    assert_eq!(
        (&call["role"], &call["content"]),
        (&json!("assistant"), &json!("One moment.")),
        "{body}"
    );
    assert_eq!(call["tool_calls"][0]["id"], "call_0");
    assert_eq!(call["tool_calls"][0]["function"]["name"], "ask_human");
    let result = &body["messages"][2];
    assert_eq!(
        (&result["role"], &result["tool_call_id"], &result["content"]),
        (&json!("tool"), &json!("call_0"), &json!("Size M")),
        "{body}"
    );

    let (_, body) = asked(ProviderKind::Anthropic).await;
    assert_eq!(body["tools"][0]["name"], "ask_human", "{body}");
    let call = &body["messages"][1]["content"];
    assert_eq!(
        (&call[0]["text"], &call[1]["type"]),
        (&json!("One moment."), &json!("tool_use")),
        "{body}"
    );
    assert_eq!(
        (&call[1]["id"], &call[1]["input"]),
        (&json!("call_0"), &json!({"question": "Which size?"}))
    );
    let result = &body["messages"][2]["content"][0];
    assert_eq!(
        (&result["type"], &result["tool_use_id"]),
        (&json!("tool_result"), &json!("call_0")),
        "{body}"
    );
    assert!(result["content"].to_string().contains("Size M"));

    let (_, body) = asked(ProviderKind::Gemini).await;
    assert_eq!(
        body["tools"][0]["functionDeclarations"][0]["name"], "ask_human",
        "{body}"
    );
    let parts = &body["contents"][1]["parts"];
    assert_eq!(
        parts[1]["functionCall"]["args"],
        json!({"question": "Which size?"}),
        "{body}"
    );
    let result = &body["contents"][2]["parts"][0]["functionResponse"];
    assert_eq!(result["name"], "ask_human", "{body}");
    assert!(result["response"].to_string().contains("Size M"), "{body}");
}
