//! Logging in and out: the cookies, what guessing comes to, and what ends a log-in.

use std::time::Duration;

use atthene_server::api::Scope;
use atthene_server::model::user::Role;
use atthene_tests::console_user::{ConsoleUser, PASSWORD, log_in};
use atthene_tests::{EventReader, Piece, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ADA, CONSOLE, code, post};

const WHO: &str = "/api/v1/agent/";

async fn cookies(app: &TestApp) -> Vec<String> {
    let answer = log_in(&app.console_url(), ADA, PASSWORD).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let lines = answer.headers().get_all("set-cookie").iter();
    lines.map(|line| line.to_str().unwrap().to_owned()).collect()
}

/// What follows the value of a cookie, in order.
fn attributes(cookie: &str) -> Vec<&str> {
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

#[tokio::test]
async fn the_cookies_are_for_the_console_s_own_pages_alone() {
    let app = TestApp::start().await;
    app.add_user(ADA, Role::Admin).await;
    let [login, csrf] = cookies(&app).await.try_into().unwrap();
    assert!(login.starts_with("atthene_login=") && csrf.starts_with("atthene_csrf="));
    assert_eq!(
        attributes(&login),
        ["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Strict"]
    );
    assert_eq!(attributes(&csrf), ["Max-Age=604800", "Path=/", "SameSite=Strict"]);
    let secure = TestApp::start_with(|settings| settings.console_url = "https://console.example".to_owned()).await;
    secure.add_user(ADA, Role::Admin).await;
    let [login, csrf] = cookies(&secure).await.try_into().unwrap();
    assert!(login.starts_with("__Host-atthene_login=") && csrf.starts_with("atthene_csrf="));
    assert_eq!(
        attributes(&login),
        ["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Strict", "Secure"]
    );
    assert_eq!(
        attributes(&csrf),
        ["Max-Age=604800", "Path=/", "SameSite=Strict", "Secure"]
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_told_the_same() {
    let app = TestApp::start().await;
    app.add_user(ADA, Role::Viewer).await;
    let mut told = Vec::new();
    for (email, password) in [
        (ADA, "not my password"),
        ("nobody@example.com", PASSWORD),
        (ADA, ""),
        ("", ""),
    ] {
        let answer = log_in(&app.console_url(), email, password).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(!answer.headers().contains_key("set-cookie"));
        let mut body: Value = answer.json().await.unwrap();
        body["error"]["request_id"] = json!("");
        told.push(body);
    }
    assert_eq!(told[0]["error"]["code"], "login_invalid");
    assert!(told.iter().all(|body| *body == told[0]), "{told:?}");
    assert_eq!(
        log_in(&app.console_url(), " ADA@example.com ", PASSWORD).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn guessing_is_stopped_for_this_address_and_account_alone() {
    let app = TestApp::start_with(|settings| {
        settings.console.login_failures = 3;
        settings.trusted_proxies = vec![[127, 0, 0, 1].into()];
    })
    .await;
    app.add_user(ADA, Role::Owner).await;
    app.add_user("grace@example.com", Role::Admin).await;
    let from = |address: &'static str, email: &'static str, password: &'static str| {
        let request = reqwest::Client::new().post(format!("{}/api/v1/auth/login", app.console_url()));
        let request = request.header("x-forwarded-for", address);
        request.json(&json!({ "email": email, "password": password })).send()
    };
    for account in [ADA, "nobody@example.com"] {
        // All at once: none slips through before the others are counted.
        let guesses = (0..8).map(|_| from("192.0.2.1", account, "a wrong guess"));
        let answers = futures_util::future::join_all(guesses).await;
        let count = |status: u16| {
            let same = |answer: &&Result<reqwest::Response, _>| answer.as_ref().unwrap().status() == status;
            answers.iter().filter(same).count()
        };
        assert_eq!((count(401), count(429)), (3, 5), "{account}");
    }
    let locked = from("192.0.2.1", ADA, PASSWORD).await.unwrap();
    let wait: i64 = locked.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(code(locked).await, (429, "locked_out".to_owned()));
    assert_eq!(from("192.0.2.2", ADA, PASSWORD).await.unwrap().status(), 200);
    assert_eq!(
        from("192.0.2.1", "grace@example.com", PASSWORD).await.unwrap().status(),
        200
    );
    app.clock.advance_s(wait);
    assert_eq!(from("192.0.2.1", ADA, PASSWORD).await.unwrap().status(), 200);
}

#[tokio::test]
async fn logging_out_ends_this_log_in_and_no_other() {
    let app = TestApp::start().await;
    let (here, there) = (app.console_user(ADA, Role::Owner).await, app.log_in(ADA).await);
    let answer = here.request(Method::POST, "/api/v1/auth/logout/").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let lines = answer.headers().get_all("set-cookie").iter();
    assert_eq!(
        lines
            .filter(|line| line.to_str().unwrap().contains("=; ") && line.to_str().unwrap().contains("Max-Age=0"))
            .count(),
        2
    );
    assert_eq!(
        code(here.request(Method::GET, WHO).send().await.unwrap()).await,
        (401, "login_expired".to_owned())
    );
    assert_eq!(there.get(WHO).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_log_in_slides_while_it_is_used_and_ends_after_seven_days() {
    let app = TestApp::start().await;
    let user = app.console_user(ADA, Role::Viewer).await;
    let idle = app.log_in(ADA).await;
    for _ in 0..15 {
        app.clock.advance_s(11 * 3_600);
        assert_eq!(user.get(WHO).await.0, StatusCode::OK);
    }
    assert_eq!(idle.get(WHO).await.0, StatusCode::UNAUTHORIZED);
    app.clock.advance_s(3 * 3_600);
    assert_eq!(user.get(WHO).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_password_ends_the_other_log_ins_and_asks_for_the_present_one() {
    let app = TestApp::start().await;
    let (here, there) = (app.console_user(ADA, Role::Viewer).await, app.log_in(ADA).await);
    const NEW: &str = "marker-password of tomorrow";
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    for (body, field) in [
        (change("wrong", NEW), "current"),
        (change(PASSWORD, "short"), "new"),
        (change(PASSWORD, ADA), "new"),
    ] {
        let (status, told) = here.post("/api/v1/auth/password", &body).await;
        assert_eq!(
            (status, &told["errors"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field))
        );
    }
    assert_eq!(
        here.post("/api/v1/auth/password", &change(PASSWORD, NEW)).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(here.get(WHO).await.0, StatusCode::OK);
    assert_eq!(there.get(WHO).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        log_in(&app.console_url(), ADA, PASSWORD).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(log_in(&app.console_url(), ADA, NEW).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn another_role_counts_at_the_next_request_and_a_disabled_user_is_out() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let grace = app.console_user("grace@example.com", Role::Admin).await;
    let path = format!("/api/v1/users/{}", grace.id());
    let change = async |body: Value| owner.send(Method::PATCH, &path, &body).await;
    assert_eq!(grace.get("/api/v1/api-keys").await.0, StatusCode::OK);
    assert_eq!(change(json!({ "role": "viewer" })).await.0, StatusCode::OK);
    assert_eq!(grace.get("/api/v1/api-keys").await.0, StatusCode::FORBIDDEN);
    assert_eq!(grace.get(WHO).await.0, StatusCode::OK);
    assert_eq!(change(json!({ "state": "disabled" })).await.1["state"], "disabled");
    assert_eq!(grace.get(WHO).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        log_in(&app.console_url(), "grace@example.com", PASSWORD).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(change(json!({ "state": "active" })).await.1["state"], "active");
    assert_eq!(
        grace.get(WHO).await.0,
        StatusCode::UNAUTHORIZED,
        "an ended log-in stays ended"
    );
    assert_eq!(app.log_in("grace@example.com").await.get(WHO).await.0, StatusCode::OK);
}

#[tokio::test]
async fn logging_out_ends_an_open_stream_within_five_seconds() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let (_, made) = owner
        .post("/api/v1/sessions/from-agent/", &json!({ "agent_key": "shop" }))
        .await;
    let session = made["session_id"].as_str().unwrap();
    app.llm.answer(&[Piece::Text("So far"), Piece::Hold]);
    let request = owner
        .request(Method::POST, &format!("/api/v1/runtime/{session}/execute"))
        .header("accept", "text/event-stream")
        .json(&json!({ "content": "Hello?" }));
    let mut events = EventReader::new(request.send().await.unwrap());
    events.until("TEXT_MESSAGE_CONTENT").await;
    assert_eq!(
        owner.post("/api/v1/auth/logout", &json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    let last = tokio::time::timeout(Duration::from_secs(5), events.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (last.name.as_deref(), &last.data["code"]),
        (Some("closed"), &json!(4403))
    );
}

#[tokio::test]
async fn a_planted_cookie_neither_helps_nor_harms_and_two_credentials_are_refused() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let with = |cookies: String, csrf: &str| {
        let url = format!("{}{WHO}", app.console_url());
        let request = reqwest::Client::new().get(url).header("cookie", cookies);
        request.header("x-csrf-token", csrf).send()
    };
    let planted = format!("atthene_login=planted; {}; atthene_csrf=planted", owner.cookies);
    assert_eq!(with(planted.clone(), &owner.csrf).await.unwrap().status(), 200);
    assert_eq!(
        code(with(planted, "planted").await.unwrap()).await,
        (401, "csrf_wrong".to_owned())
    );
    let back_end = app.back_end(&[Scope::Admin]).await.at(&app.console_url());
    let both = back_end.request(Method::GET, WHO).header("cookie", &owner.cookies);
    // A cookie alone means nothing: browsers send it by themselves, from the page to try the API, too.
    assert_eq!(both.try_clone().unwrap().send().await.unwrap().status(), 200);
    let both = both.header("x-csrf-token", &owner.csrf).send().await.unwrap();
    assert_eq!(code(both).await, (400, "two_credentials".to_owned()));
}

#[tokio::test]
async fn another_site_s_page_logs_nobody_in() {
    let app = TestApp::start().await;
    app.add_user(ADA, Role::Owner).await;
    let body = json!({ "email": ADA, "password": PASSWORD });
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:8080", 403),
        (CONSOLE, 200),
    ] {
        let request = reqwest::Client::new().post(format!("{}/api/v1/auth/login", app.console_url()));
        let answer = request.header("origin", origin).json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
    }
    let as_form = reqwest::Client::new()
        .post(format!("{}/api/v1/auth/login", app.console_url()))
        .header("content-type", "text/plain")
        .body(body.to_string());
    assert_eq!(as_form.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn what_a_user_makes_is_theirs_and_bears_their_id() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let other: ConsoleUser = app.console_user("grace@example.com", Role::Viewer).await;
    let (_, made) = owner
        .post("/api/v1/sessions/from-agent/", &json!({ "agent_key": "shop" }))
        .await;
    let session = format!("/api/v1/sessions/{}", made["session_id"].as_str().unwrap());
    assert_eq!(other.get(&session).await.0, StatusCode::OK);
    assert_eq!(other.delete(&session).await.0, StatusCode::FORBIDDEN);
    let (status, key) = owner
        .post("/api/v1/api-keys/", &json!({ "name": "Shop", "scopes": ["admin"] }))
        .await;
    assert_eq!((status, &key["created_by"]), (StatusCode::CREATED, &json!(owner.id())));
    let audited = app
        .store
        .list_audit(&atthene_protocol::ids::WorkspaceId::default_workspace(), 10)
        .await
        .unwrap();
    let line = audited.iter().find(|entry| entry.action == "key.created").unwrap();
    assert_eq!(line.actor, owner.id());
    // The same Idempotency-Key is another request of another caller.
    let once = |user: &ConsoleUser| {
        let request = user
            .request(Method::POST, "/api/v1/agent/validate")
            .header("idempotency-key", "one");
        request.json(&json!({ "name": "x" })).send()
    };
    assert!(
        !once(&owner)
            .await
            .unwrap()
            .headers()
            .contains_key("idempotency-replayed")
    );
    assert!(
        once(&owner)
            .await
            .unwrap()
            .headers()
            .contains_key("idempotency-replayed")
    );
    assert!(
        !once(&other)
            .await
            .unwrap()
            .headers()
            .contains_key("idempotency-replayed")
    );
    assert_eq!(
        post(&app, "/auth/logout", &json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
}
