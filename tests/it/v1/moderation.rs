//! A configuration that wants its questions moderated: taken where the server has an endpoint, refused where it has none.

use atthene_tests::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Rest, config, fields};

fn careful() -> Value {
    let mut careful = config("Careful");
    careful["content_policy"] = json!({ "moderation": true });
    careful
}

#[tokio::test]
async fn moderation_is_refused_when_it_is_saved_where_there_is_no_endpoint() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["admin"]).await;
    let plain = json!({ "system_config": config("Plain") });
    back_end.json(Method::POST, "/agent/", Some(&plain), 201).await;
    let inside = "system_config.content_policy.moderation";
    let change = json!({ "system_config": { "content_policy": { "moderation": true } } });
    for (method, path, body, field) in [
        (Method::POST, "/agent/", json!({ "system_config": careful() }), inside),
        (Method::PATCH, "/agent/plain/", change, inside),
        (Method::POST, "/sessions/", careful(), "content_policy.moderation"),
    ] {
        let refused = back_end.json(method, path, Some(&body), 400).await;
        assert_eq!(fields(&refused), [field], "{path}: {refused}");
    }
    let checked = back_end
        .json(Method::POST, "/agent/validate/", Some(&careful()), 200)
        .await;
    assert_eq!(checked["valid"], false);
    assert_eq!(fields(&checked), ["content_policy.moderation"]);
    let kept = back_end.get("/agent/plain/").await;
    assert_eq!(kept["version_number"], 1, "{kept}");
}

#[tokio::test]
async fn moderation_is_taken_where_there_is_an_endpoint_and_the_agent_can_be_closed_when_it_is_gone() {
    let app = TestApp::start_with(|settings| {
        settings.moderation.url = "http://127.0.0.1:9/v1/moderations".to_owned();
    })
    .await;
    let back_end = Rest::new(&app, &["admin"]).await;
    let body = json!({ "agent_key": "careful", "system_config": careful() });
    back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    back_end.json(Method::POST, "/sessions/", Some(&careful()), 201).await;
    let checked = back_end
        .json(Method::POST, "/agent/validate/", Some(&careful()), 200)
        .await;
    assert_eq!(checked["valid"], true);
    let app = app
        .stop_and_restart_with(|settings| settings.moderation.url.clear())
        .await;
    let back_end = Rest::new(&app, &["admin"]).await;
    let closed = json!({ "is_public": false });
    back_end
        .json(Method::PATCH, "/agent/careful/", Some(&closed), 200)
        .await;
}
