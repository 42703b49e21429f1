//! What the console reads of the API is what the server answers: real answers are fed to the console's own types.

use atthene_console::api::Failure;
use atthene_console::api::types::{Agent, Checked, OriginSeen, OriginTested, Trace, Version};
use atthene_server::model::key::Scope;
use atthene_tests::TestApp;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

fn read<T: DeserializeOwned>(answer: Value) -> T {
    serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

#[tokio::test]
async fn agents_versions_and_origins_are_read_whole() {
    let app = TestApp::start().await;
    app.visitor(SHOP).start().await;
    let admin = app.back_end(&[Scope::Admin]).await;
    let (_, shop) = admin.get("/api/v1/agent/shop").await;
    let agent: Agent = read(shop.clone());
    assert_eq!(agent.agent_key, "shop");
    assert_eq!(shop["name"], agent.name);
    assert!(agent.is_public && agent.allowed_origins.contains(&SHOP.to_owned()));
    assert_eq!(shop["version_number"], agent.version_number);
    assert!(!agent.created_at.is_empty() && !agent.updated_at.is_empty());
    assert_eq!(shop["system_config"], agent.system_config);

    let (_, all) = admin.get("/api/v1/agent").await;
    assert!(read::<Vec<Agent>>(all).iter().any(|own| own.agent_key == "shop"));
    let (_, versions) = admin.get("/api/v1/agent/shop/versions").await;
    let versions: Vec<Version> = read(versions);
    assert!(versions[0].is_deployed && versions[0].version_number == agent.version_number);
    let (_, version) = admin.get("/api/v1/agent/shop/versions/1").await;
    assert!(read::<Version>(version).system_config.is_object());

    let (_, seen) = admin.get("/api/v1/agent/shop/origins/seen").await;
    let seen: Vec<OriginSeen> = read(seen);
    assert!(
        seen.iter().any(|origin| origin.origin == SHOP && origin.accepted),
        "{seen:?}"
    );
    let (_, tested) = admin
        .post(
            "/api/v1/agent/shop/origins/test",
            &json!({ "origin": "http://shop.example" }),
        )
        .await;
    let tested: OriginTested = read(tested);
    assert!(
        !tested.allowed && tested.code.is_some() && !tested.reason.is_empty(),
        "{tested:?}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_read_field_by_field() {
    let app = TestApp::start().await;
    let admin = app.back_end(&[Scope::Admin]).await;
    let request = admin.request(Method::PATCH, "/api/v1/agent/shop");
    let body = json!({ "allowed_origins": [SHOP, "your-site.com"] });
    let answer = request.json(&body).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_client_error(), "{status}");
    let failure = Failure::read(status.as_u16(), &text);
    let said = failure
        .of_field("allowed_origins[1]")
        .unwrap_or_else(|| panic!("{text}"));
    assert!(said.contains("https://your-site.com"), "{said}");
    assert!(!failure.is_logged_out() && !failure.message.is_empty() && !failure.code.is_empty());

    let (_, checked) = admin.post("/api/v1/agent/validate", &json!({ "name": 7 })).await;
    let checked: Checked = read(checked);
    assert!(
        !checked.valid && checked.errors.iter().any(|finding| finding.field == "name"),
        "{checked:?}"
    );

    let nothing = Failure::read(502, "<html>a proxy</html>");
    assert_eq!((nothing.status, nothing.message.as_str()), (502, ""));
}

#[tokio::test]
async fn a_trace_is_read_whole() {
    let app = TestApp::start().await;
    let admin = app.back_end(&[Scope::Admin]).await;
    let session = admin.session("shop").await;
    let (status, _) = admin.execute(&session, "Hello?").await;
    assert_eq!(status, StatusCode::OK);
    let (_, traces) = admin.get(&format!("/api/v1/traces?session_id={session}")).await;
    let traces: Vec<Trace> = read(traces);
    let trace = traces.first().unwrap();
    assert_eq!(trace.status, "completed");
    assert!(!trace.answer.is_empty() && !trace.steps.is_empty());
    let received = trace.received.as_ref().unwrap();
    assert!(!received.model.is_empty() && !received.messages.is_empty());
}
