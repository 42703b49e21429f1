//! The first owner: a token that is good once and for an hour, and what is served until it was used.

use atthene_server::api::Scope;
use atthene_server::config::LimitSettings;
use atthene_server::model::user::Role;
use atthene_server::router::console_routes;
use atthene_tests::console_user::{ConsoleUser, PASSWORD};
use atthene_tests::{BackEnd, TestApp};
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::{ADA, code, post, set_up, state};

async fn token(app: &TestApp) -> String {
    app.users.new_setup_token().await.unwrap().unwrap()
}

#[tokio::test]
async fn the_token_makes_the_first_owner_once_and_there_is_no_second_one() {
    let app = TestApp::start().await;
    assert_eq!(
        state(&app).await,
        json!({ "needs_setup": true, "user": null, "csrf": null })
    );
    let token = token(&app).await;
    let body = set_up(&token);
    let tries = (0..8).map(|_| post(&app, "/auth/setup/", &body));
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_by_key(|answer| answer.status());
    let refused = answers.split_off(1);
    let owner = ConsoleUser::of(&app.console_url(), answers.remove(0)).await;
    assert_eq!(
        (&owner.user["role"], &owner.user["state"]),
        (&json!("owner"), &json!("active"))
    );
    for answer in refused {
        assert_eq!(code(answer).await, (401, "token_invalid".to_owned()));
    }
    assert_eq!(app.users.list().await.unwrap().len(), 1);
    assert!(app.users.new_setup_token().await.unwrap().is_none());
    let (status, told) = owner.get("/api/v1/auth/state").await;
    assert_eq!(
        (status, &told["user"]["email"], &told["csrf"]),
        (StatusCode::OK, &json!(ADA), &json!(owner.csrf))
    );
    assert_eq!(
        state(&app).await,
        json!({ "needs_setup": false, "user": null, "csrf": null })
    );
}

#[tokio::test]
async fn a_token_ends_after_an_hour_with_the_next_one_and_where_there_is_an_owner() {
    let app = TestApp::start().await;
    let old = token(&app).await;
    let newer = token(&app).await;
    assert_eq!(
        post(&app, "/auth/setup", &set_up(&old)).await.status(),
        StatusCode::UNAUTHORIZED
    );
    app.clock.advance_s(60 * 60);
    assert_eq!(
        post(&app, "/auth/setup", &set_up(&newer)).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let fresh = token(&app).await;
    app.add_user("grace@example.com", Role::Owner).await;
    assert_eq!(
        post(&app, "/auth/setup", &set_up(&fresh)).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn every_field_is_told_what_is_right_and_the_token_stays_good() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    for (email, name, password, wrong) in [
        ("nobody", " ", "short", vec!["email", "name", "password"]),
        ("ada@example.com", "Ada", "Ada@Example.com", vec!["password"]),
        ("ada@example.com", "Ada", "eleven char", vec!["password"]),
        ("a da@example.com", "A\nda", "twelve chars", vec!["email", "name"]),
    ] {
        let body = json!({ "token": token, "email": email, "name": name, "password": password });
        let answer = post(&app, "/auth/setup", &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let told: serde_json::Value = answer.json().await.unwrap();
        let fields: Vec<&str> = told["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| note["field"].as_str().unwrap())
            .collect();
        assert_eq!(fields, wrong, "{told}");
    }
    let too_long = json!({ "token": token, "email": ADA, "name": "Ada", "password": "x".repeat(201) });
    assert_eq!(
        post(&app, "/auth/setup", &too_long).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        post(&app, "/auth/setup", &json!({ "token": "x" })).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let longest = json!({ "token": token, "email": ADA, "name": "Ada", "password": "é".repeat(200) });
    assert_eq!(post(&app, "/auth/setup", &longest).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn where_other_machines_reach_it_only_the_set_up_answers_until_there_is_an_owner() {
    let app = TestApp::start_with(|settings| settings.console_listen = "0.0.0.0:0".to_owned()).await;
    let console = format!("http://127.0.0.1:{}", app.console_address.unwrap().port());
    let back_end: BackEnd = app.back_end(&[Scope::Admin]).await.at(&console);
    let mut waiting = 0;
    for route in console_routes(&LimitSettings::default()) {
        let path = route.path.replace(['{', '}'], "");
        let answer = back_end.request(route.method.clone(), &path).send().await.unwrap();
        if route.is_for_setup {
            assert_ne!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            continue;
        }
        waiting += 1;
        assert_eq!(
            answer.status(),
            StatusCode::SERVICE_UNAVAILABLE,
            "{} {path}",
            route.method
        );
        let says_why = answer.text().await.unwrap().contains("The console is not set up yet.");
        assert!(says_why, "{} {path}", route.method);
    }
    assert!(waiting > 50, "{waiting}");
    let log_in = json!({ "email": ADA, "password": PASSWORD });
    assert_eq!(code(post_at(&console, "/auth/login", &log_in).await).await.0, 503);
    // The public listener is not concerned.
    assert_eq!(back_end.at(&app.url()).get("/v1/models").await.0, StatusCode::OK);

    let token = token(&app).await;
    let owner = ConsoleUser::of(&console, post_at(&console, "/auth/setup", &set_up(&token)).await).await;
    assert_eq!(owner.get("/api/v1/agent/").await.0, StatusCode::OK);
    assert_eq!(back_end.get("/v1/models").await.0, StatusCode::OK);
    assert_eq!(back_end.get("/try").await.0, StatusCode::OK);
}

async fn post_at(console: &str, path: &str, body: &serde_json::Value) -> reqwest::Response {
    let request = Client::new().post(format!("{console}/api/v1{path}"));
    request.json(body).send().await.unwrap()
}

#[tokio::test]
async fn an_invited_user_s_only_link_makes_no_owner() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let wish = json!({ "email": "grace@example.com", "name": "Grace", "role": "viewer" });
    let (status, invited) = owner.post("/api/v1/users/", &wish).await;
    assert_eq!(status, StatusCode::CREATED, "{invited}");
    let link = invited["invite_url"].as_str().unwrap();
    let token = link.strip_prefix("http://127.0.0.1:8090/invite#token=").unwrap();
    let body = json!({ "token": token, "email": "other@example.com", "role": "owner", "password": PASSWORD });
    let grace = ConsoleUser::of(&app.console_url(), post(&app, "/auth/setup", &body).await).await;
    assert_eq!(
        (&grace.user["email"], &grace.user["role"], &grace.user["name"]),
        (&json!("grace@example.com"), &json!("viewer"), &json!("Grace"))
    );
    assert_eq!(
        post(&app, "/auth/setup", &body).await.status(),
        StatusCode::UNAUTHORIZED
    );
}
