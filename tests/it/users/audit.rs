//! The audit log as the console reads it, and what stands in it of users.

use atthene_server::api::Scope;
use atthene_server::model::user::Role;
use atthene_tests::TestApp;
use atthene_tests::console_user::{PASSWORD, log_in};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::ADA;

const GRACE: &str = "grace@example.com";

fn words(page: &Value) -> Vec<String> {
    let entries = page["entries"].as_array().unwrap().iter();
    let word = |entry: &Value| {
        format!(
            "{} {}",
            entry["action"].as_str().unwrap(),
            entry["actor"].as_str().unwrap()
        )
    };
    entries.map(word).collect()
}

#[tokio::test]
async fn what_users_do_stands_in_it_by_ids_alone() {
    let app = TestApp::start_with(|settings| settings.console.login_failures = 4).await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let (_, made) = owner
        .post(
            "/api/v1/users",
            &json!({ "email": GRACE, "name": "Grace", "role": "viewer" }),
        )
        .await;
    let grace = made["user"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{grace}");
    owner.send(Method::PATCH, &path, &json!({ "role": "admin" })).await;
    for _ in 0..6 {
        log_in(&app.console_url(), "typed-by-mistake@example.com", "marker-guess").await;
        log_in(&app.console_url(), ADA, "marker-guess").await;
    }
    let (_, key) = owner.post("/api/v1/api-keys", &json!({ "name": "Shop" })).await;
    owner
        .delete(&format!("/api/v1/api-keys/{}", key["id"].as_str().unwrap()))
        .await;
    owner
        .post(
            "/api/v1/auth/password",
            &json!({ "current": PASSWORD, "new": "marker-guess of mine" }),
        )
        .await;
    owner.delete(&path).await;
    let (status, page) = owner.get("/api/v1/audit/?limit=200").await;
    assert_eq!((status, &page["has_more"]), (StatusCode::OK, &json!(false)));
    let id = owner.id();
    // The password is not changed: wrong ones were counted for this account and address.
    let wanted = [
        format!("user.removed {id}"),
        format!("key.revoked {id}"),
        format!("key.created {id}"),
        "login.failed visitor".to_owned(),
        "login.failed visitor".to_owned(),
        "login.failed visitor".to_owned(),
        "login.failed visitor".to_owned(),
        format!("user.changed {id}"),
        format!("user.invited {id}"),
        format!("login.succeeded {id}"),
        "user.created cli".to_owned(),
    ];
    assert_eq!(words(&page), wanted, "{page}");
    let text = page.to_string();
    assert!(!text.contains('@') && !text.contains("marker-"), "{text}");
    assert_eq!(page["entries"][0]["actor_name"], "Test owner");
    assert_eq!(page["entries"][7]["detail"]["role"], json!(["viewer", "admin"]));
    let failed = owner.get("/api/v1/audit?action=login.failed").await.1;
    let subjects: Vec<&str> = failed["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["subject"].as_str().unwrap())
        .collect();
    assert_eq!(subjects, [id, "unknown", id, "unknown"]);
}

#[tokio::test]
async fn it_is_read_a_page_at_a_time_by_filters() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    for number in 0..7 {
        owner
            .post("/api/v1/api-keys", &json!({ "name": format!("Key {number}") }))
            .await;
    }
    let (mut before, mut ids) = (String::new(), Vec::new());
    loop {
        let (_, page) = owner.get(&format!("/api/v1/audit?action=key&limit=3{before}")).await;
        let entries = page["entries"].as_array().unwrap();
        ids.extend(entries.iter().map(|entry| entry["id"].as_u64().unwrap()));
        before = format!("&before={}", ids.last().unwrap());
        if page["has_more"] == false {
            break;
        }
    }
    assert!(ids.len() == 7 && ids.is_sorted_by(|one, other| one > other), "{ids:?}");
    let count = async |query: &str| {
        let (_, page) = owner.get(&format!("/api/v1/audit?{query}")).await;
        page["entries"].as_array().unwrap().len()
    };
    assert_eq!(count("action=key.created").await, 7);
    assert_eq!(count("action=ke").await, 0);
    assert_eq!(count(&format!("actor={}&action=key", owner.id())).await, 7);
    assert_eq!(count("actor=nobody").await, 0);
    assert_eq!(count(&format!("subject={}", owner.id())).await, 2);
    for wrong in ["limit=x", "before=-1"] {
        assert_eq!(
            owner.get(&format!("/api/v1/audit?{wrong}")).await.0,
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn keys_read_it_with_every_right_and_for_every_agent() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Admin]).await;
    let (status, page) = back_end.get("/api/v1/audit").await;
    assert_eq!(
        (status, page["entries"][0]["action"].as_str()),
        (StatusCode::OK, Some("key.created"))
    );
    let narrow = app
        .back_end(&[Scope::AgentsRead, Scope::TracesRead, Scope::KeysWrite])
        .await;
    assert_eq!(narrow.get("/api/v1/audit").await.0, StatusCode::FORBIDDEN);
    let bound = app
        .back_end_with(&[Scope::Admin], |draft| {
            draft.agents = Some(vec![atthene_protocol::ids::AgentId("shop".to_owned())]);
        })
        .await;
    let (status, told) = bound.get("/api/v1/audit").await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (StatusCode::FORBIDDEN, &json!("key_bound_to_agents"))
    );
    let viewer = app.console_user("viewer@example.com", Role::Viewer).await;
    assert_eq!(viewer.get("/api/v1/audit").await.0, StatusCode::FORBIDDEN);
}
