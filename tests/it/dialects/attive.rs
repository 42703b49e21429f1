//! Attive's one route.

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::{AgentSpec, Piece, TestApp};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_message_is_answered_and_the_chat_goes_on() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let ask = json!({ "message": "What are the top deals in our pipeline?" });
    let (status, told) = back_end.post("/api/chat", &ask).await;
    assert_eq!(
        (status, &told["error"]),
        (StatusCode::NOT_FOUND, &json!("Workspace not found")),
        "no default agent yet"
    );
    let mut agent = app
        .add_agent(AgentSpec {
            key: "sales",
            ..AgentSpec::default()
        })
        .await;
    agent.is_default = true;
    app.change_agent(&agent).await;
    let (status, first) = loop {
        let answer = back_end.post("/api/chat", &ask).await;
        if answer.0 != StatusCode::NOT_FOUND {
            break answer;
        }
    };
    assert_eq!(
        (status, &first["response"]),
        (StatusCode::OK, &json!("Hello from the script."))
    );
    assert!(first["messageId"].as_str().unwrap().starts_with("msg_"));
    let next = json!({ "message": "By region?", "chatId": first["chatId"], "agentId": null });
    let (status, second) = back_end.post("/api/chat/", &next).await;
    assert_eq!((status, &second["chatId"]), (StatusCode::OK, &first["chatId"]));
    let asked = app.llm.requests().pop().unwrap();
    assert_eq!(asked.messages.len(), 3, "the conversation goes on");
    let (status, _) = back_end
        .post("/api/chat", &json!({ "message": "Hi", "agentId": "shop" }))
        .await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_out_of_range_or_unknown_is_told_with_details() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let long = "ü".repeat(10_001);
    for (body, status) in [
        (json!({ "message": "" }), 400),
        (json!({ "message": long }), 400),
        (json!({ "message": 7 }), 400),
        (json!({}), 400),
        (json!({ "message": "Hi", "agentId": "nobody" }), 404),
        (json!({ "message": "Hi", "chatId": "sess_nobody" }), 404),
    ] {
        let (told_status, told) = back_end.post("/api/chat", &body).await;
        assert_eq!(told_status.as_u16(), status, "{told}");
        assert!(told["error"].is_string() && told["details"].is_string(), "{told}");
    }
    app.llm.answer(&[Piece::Fail(ModelErrorKind::Timeout)]);
    let (status, told) = back_end
        .post("/api/chat", &json!({ "message": "Hi", "agentId": "shop" }))
        .await;
    assert_eq!(
        (status, &told["details"]),
        (StatusCode::GATEWAY_TIMEOUT, &json!("model_timeout"))
    );
}
