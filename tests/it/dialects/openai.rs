//! OpenAI's chat completions.

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::{BackEnd, Piece, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn chunks(back_end: &BackEnd, body: &Value) -> Vec<Value> {
    let answer = back_end
        .request(Method::POST, "/v1/chat/completions")
        .json(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    assert_eq!(
        text.ends_with("data: [DONE]\n\n"),
        !text.contains("\"error\""),
        "{text}"
    );
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter(|json| *json != "[DONE]")
        .map(|json| serde_json::from_str(json).unwrap())
        .collect()
}

#[tokio::test]
async fn a_whole_answer_has_the_printed_shape_and_keeps_no_session() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let body = json!({ "model": "shop", "temperature": 0.5, "max_tokens": 50, "seed": 1, "messages": [
        { "role": "system", "content": "Answer in French." },
        { "role": "user", "content": "First" },
        { "role": "assistant", "content": "Yes?" },
        { "role": "user", "content": [{ "type": "text", "text": "Second" }] },
    ] });
    let (status, told) = back_end.post("/v1/chat/completions", &body).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(
        (&told["object"], &told["model"]),
        (&json!("chat.completion"), &json!("shop"))
    );
    assert!(told["id"].as_str().unwrap().starts_with("chatcmpl-") && told["created"].is_i64());
    assert_eq!(
        told["choices"][0]["message"],
        json!({ "role": "assistant", "content": "Hello from the script.", "refusal": null })
    );
    assert_eq!(
        (&told["choices"][0]["finish_reason"], &told["usage"]["total_tokens"]),
        (&json!("stop"), &json!(0))
    );
    let asked = app.llm.requests().pop().unwrap();
    assert_eq!(
        (asked.messages.len(), asked.temperature, asked.max_tokens),
        (3, Some(0.5), Some(50))
    );
    assert!(asked.system.starts_with("marker-system-prompt") && asked.system.ends_with("Answer in French."));
    assert_eq!(back_end.get("/api/v1/sessions/").await.1, json!([]));
}

#[tokio::test]
async fn a_stream_is_made_of_chunks_with_the_cost_where_it_was_asked_for() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let mut body = json!({ "model": "shop", "stream": true, "messages": [{ "role": "user", "content": "Hello?" }] });
    let plain = chunks(&back_end, &body).await;
    assert!(
        plain
            .iter()
            .all(|chunk| chunk["object"] == "chat.completion.chunk" && chunk.get("usage").is_none())
    );
    let text: String = plain
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(text, "Hello from the script.");
    assert_eq!(plain[0]["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(plain.last().unwrap()["choices"][0]["finish_reason"], "stop");
    body["stream_options"] = json!({ "include_usage": true });
    let with_cost = chunks(&back_end, &body).await;
    let last = with_cost.last().unwrap();
    assert_eq!(
        (&last["choices"], &last["usage"]["prompt_tokens"]),
        (&json!([]), &json!(0))
    );
}

#[tokio::test]
async fn a_model_that_fails_is_an_error_before_its_stream_and_in_it() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let mut body = json!({ "model": "shop", "messages": [{ "role": "user", "content": "Hello?" }] });
    app.llm.answer(&[Piece::Fail(ModelErrorKind::Unreachable)]);
    let (status, told) = back_end.post("/v1/chat/completions", &body).await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (StatusCode::BAD_GATEWAY, &json!("model_unreachable"))
    );
    body["stream"] = json!(true);
    app.llm
        .answer(&[Piece::Text("So far"), Piece::Fail(ModelErrorKind::Broken)]);
    let told = chunks(&back_end, &body).await;
    assert_eq!(told.last().unwrap()["error"]["code"], "answer_broken");
}

#[tokio::test]
async fn models_are_the_agents_and_wrong_requests_name_their_field() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let (_, list) = back_end.get("/v1/models").await;
    assert_eq!(
        (&list["object"], &list["data"][0]["id"]),
        (&json!("list"), &json!("shop"))
    );
    assert_eq!(back_end.get("/v1/models/shop").await.1["object"], "model");
    assert_eq!(
        back_end.get("/v1/models/nobody").await.1["error"]["code"],
        "model_not_found"
    );
    let user = json!([{ "role": "user", "content": "Hello?" }]);
    for (body, status, param) in [
        (json!({ "model": "nobody", "messages": user }), 404, json!(null)),
        (json!({ "model": "shop", "messages": [] }), 400, json!("messages")),
        (json!({ "model": "shop", "messages": user, "n": 2 }), 400, json!("n")),
        (
            json!({ "model": "shop", "messages": user, "temperature": 3 }),
            400,
            json!("temperature"),
        ),
        (
            json!({ "model": "shop", "messages": [{ "role": "wizard", "content": "x" }] }),
            400,
            json!("messages[0].role"),
        ),
        (json!({ "model": "shop", "messages": "x" }), 400, json!(null)),
    ] {
        let (told_status, told) = back_end.post("/v1/chat/completions", &body).await;
        assert_eq!(
            (told_status.as_u16(), &told["error"]["param"]),
            (status, &param),
            "{told}"
        );
        assert!(told["error"]["message"].is_string() && told["error"]["type"].is_string());
    }
}
