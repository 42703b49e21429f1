//! What the widget is told of its agent, and that the server holds itself to it.

use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::{Method, StatusCode};
use serde_json::Value;

const SHOP: &str = "https://shop.example";

async fn told_chars(visitor: &TestVisitor) -> Value {
    let settings = visitor.request(Method::GET, "").send().await.unwrap();
    assert_eq!(settings.status(), StatusCode::OK);
    let mut settings: Value = settings.json().await.unwrap();
    settings["maxMessageChars"].take()
}

#[tokio::test]
async fn the_smaller_limit_of_agent_and_server_is_told_and_holds() {
    let app = TestApp::start_with(|settings| settings.limits.message_chars = 50).await;
    for (key, own, wanted) in [("small", Some(5), 5), ("large", Some(70), 50), ("none", None, 50)] {
        let mut agent = app
            .add_agent(AgentSpec {
                key,
                ..AgentSpec::default()
            })
            .await;
        agent.widget.max_message_chars = own;
        app.change_agent(&agent).await;
        let visitor = TestVisitor::new(&app.url(), key, SHOP);
        assert_eq!(told_chars(&visitor).await, wanted, "{key}");
        let visitor = visitor.start().await;
        assert_eq!(visitor.started["widget"]["maxMessageChars"], wanted, "{key}");
        // Unicode characters, not bytes.
        let refused = visitor.send("c1", &"ü".repeat(wanted + 1)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{key}");
        let body: Value = refused.json().await.unwrap();
        assert_eq!(body["error"]["code"], "content_length");
        assert!(
            body["error"]["message"]
                .as_str()
                .unwrap()
                .contains(&format!("1 to {wanted} "))
        );
        let sent = visitor.send("c2", &"ü".repeat(wanted)).await;
        assert_eq!(sent.status(), StatusCode::ACCEPTED, "{key}");
    }
}
