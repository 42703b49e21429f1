//! Agentok's chats.

use atthene_server::llm::ModelErrorKind;
use atthene_server::model::key::Scope;
use atthene_tests::{Piece, TestApp};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_chat_is_made_talked_to_and_removed_under_both_prefixes() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    for prefix in ["/chats", "/v1/chats"] {
        let new = json!({ "name": "My Chatbot", "from_type": "flow", "from_flow": "shop" });
        let (status, chat) = back_end.post(prefix, &new).await;
        assert_eq!(status, StatusCode::CREATED, "{chat}");
        assert_eq!(
            (&chat["name"], &chat["from_type"], &chat["from_flow"]),
            (&json!("My Chatbot"), &json!("flow"), &json!("shop"))
        );
        assert_eq!(
            (&chat["from_project"], &chat["status"]),
            (&json!(null), &json!("ready"))
        );
        let path = format!("{prefix}/{}", chat["id"].as_str().unwrap());
        let (status, message) = back_end
            .post(
                &format!("{path}/messages"),
                &json!({ "message": "Hello, Agentok Studio!" }),
            )
            .await;
        assert_eq!(
            (status, &message["content"]),
            (StatusCode::OK, &json!("Hello from the script."))
        );
        assert_eq!(
            (&message["type"], &message["sender"], &message["chat_id"]),
            (&json!("assistant"), &json!("assistant"), &chat["id"])
        );
        let (_, messages) = back_end.get(&format!("{path}/messages")).await;
        assert_eq!(messages.as_array().unwrap().len(), 2);
        assert_eq!(back_end.get(&path).await.1["status"], "completed");
        let (status, refused) = back_end
            .post(&format!("{path}/input"), &json!({ "message": "Yes" }))
            .await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(refused["detail"].is_string());
        assert_eq!(back_end.get(prefix).await.1.as_array().unwrap().len(), 1);
        // The same conversation under its own id in another dialect.
        let session = chat["id"].as_str().unwrap();
        assert_eq!(
            back_end.get(&format!("/api/v1/runtime/{session}/status")).await.1["message_count"],
            2
        );
        assert_eq!(back_end.delete(&path).await.1, json!({ "result": "success" }));
        assert_eq!(back_end.get(&path).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_message_need_not_be_waited_for_and_a_run_can_be_aborted() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let chat = back_end
        .post("/chats", &json!({ "name": "x", "from_flow": "shop" }))
        .await
        .1;
    let path = format!("/chats/{}", chat["id"].as_str().unwrap());
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let (status, message) = back_end
        .post(&format!("{path}/messages?wait=false"), &json!({ "content": "Hello" }))
        .await;
    assert_eq!((status, &message["type"]), (StatusCode::OK, &json!("assistant")));
    assert_eq!(back_end.get(&path).await.1["status"], "running");
    assert_eq!(
        back_end
            .post(&format!("{path}/messages"), &json!({ "message": "More" }))
            .await
            .0,
        StatusCode::CONFLICT
    );
    assert_eq!(
        back_end.post(&format!("{path}/abort"), &json!({})).await.0,
        StatusCode::OK
    );
    let shown = loop {
        let shown = back_end.get(&path).await.1;
        if shown["status"] != "running" {
            break shown;
        }
    };
    assert_eq!(
        (&shown["status"], &shown["status_detail"]),
        (&json!("error"), &json!("aborted"))
    );
}

#[tokio::test]
async fn a_run_that_failed_is_told_and_the_chat_shows_it() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let chat = back_end
        .post(
            "/chats",
            &json!({ "name": "x", "from_type": "project", "from_project": "shop" }),
        )
        .await
        .1;
    let path = format!("/chats/{}", chat["id"].as_str().unwrap());
    app.llm.answer(&[Piece::Fail(ModelErrorKind::Busy)]);
    let (status, told) = back_end
        .post(&format!("{path}/messages"), &json!({ "message": "Hello" }))
        .await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(told["detail"].as_str().unwrap().contains("busy"));
    assert_eq!(back_end.get(&path).await.1["status_detail"], "failed");
}
