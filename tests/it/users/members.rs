//! Looking after users: who may do what to whom, and that an owner is always left.

use atthene_server::model::user::Role;
use atthene_tests::TestApp;
use atthene_tests::console_user::{ConsoleUser, PASSWORD, log_in};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ADA, post};

const GRACE: &str = "grace@example.com";

fn at(user: &ConsoleUser) -> String {
    format!("/api/v1/users/{}", user.id())
}

async fn patch(actor: &ConsoleUser, user: &ConsoleUser, body: Value) -> (u16, String) {
    let (status, told) = actor.send(Method::PATCH, &at(user), &body).await;
    (
        status.as_u16(),
        told["error"]["code"].as_str().unwrap_or_default().to_owned(),
    )
}

fn told(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn the_last_active_owner_stays_one() {
    let app = TestApp::start().await;
    let ada = app.console_user(ADA, Role::Owner).await;
    for body in [json!({ "role": "admin" }), json!({ "state": "disabled" })] {
        assert_eq!(patch(&ada, &ada, body).await, told(409, "last_owner"));
    }
    assert_eq!(ada.delete(&at(&ada)).await.0, StatusCode::CONFLICT);
    // An owner who has not joined yet does not count.
    let wish = json!({ "email": GRACE, "name": "Grace", "role": "owner" });
    assert_eq!(ada.post("/api/v1/users", &wish).await.0, StatusCode::CREATED);
    assert_eq!(ada.delete(&at(&ada)).await.0, StatusCode::CONFLICT);
    let other = app.console_user("other@example.com", Role::Owner).await;
    // Both at once: one of them stays.
    let (path, other_path, demoted) = (at(&ada), at(&other), json!({ "role": "viewer" }));
    let one = ada.send(Method::PATCH, &other_path, &demoted);
    let two = other.send(Method::PATCH, &path, &demoted);
    let (one, two) = futures_util::future::join(one, two).await;
    assert!(one.0 == StatusCode::OK || two.0 == StatusCode::OK, "{one:?} {two:?}");
    let users = app.users.list().await.unwrap();
    assert_eq!(
        users.iter().filter(|user| user.is_active_owner()).count(),
        1,
        "{users:?}"
    );
}

#[tokio::test]
async fn an_admin_looks_after_everybody_but_owners() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    app.add_user("second@example.com", Role::Owner).await;
    let admin = app.console_user(GRACE, Role::Admin).await;
    let viewer = app.console_user("viewer@example.com", Role::Viewer).await;
    let (status, listed) = admin.get("/api/v1/users/").await;
    assert_eq!((status, listed.as_array().unwrap().len()), (StatusCode::OK, 4));
    assert_eq!(viewer.get("/api/v1/users/").await.0, StatusCode::FORBIDDEN);
    for body in [
        json!({ "name": "Mine" }),
        json!({ "role": "viewer" }),
        json!({ "state": "disabled" }),
    ] {
        assert_eq!(patch(&admin, &owner, body).await, told(403, "owners_only"));
    }
    assert_eq!(
        patch(&admin, &viewer, json!({ "role": "owner" })).await,
        told(403, "owners_only")
    );
    assert_eq!(
        patch(&admin, &admin, json!({ "role": "owner" })).await,
        told(403, "owners_only")
    );
    assert_eq!(admin.delete(&at(&owner)).await.0, StatusCode::FORBIDDEN);
    let path = format!("{}/invite", at(&owner));
    assert_eq!(admin.post(&path, &json!({})).await.0, StatusCode::FORBIDDEN);
    let wish = |role: &str| json!({ "email": "new@example.com", "name": "New", "role": role });
    assert_eq!(
        admin.post("/api/v1/users", &wish("owner")).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(admin.post("/api/v1/users", &wish("admin")).await.0, StatusCode::CREATED);
    let (status, again) = admin
        .post(
            "/api/v1/users",
            &json!({ "email": " NEW@Example.com", "name": "N", "role": "viewer" }),
        )
        .await;
    assert_eq!(
        (status, &again["error"]["code"]),
        (StatusCode::CONFLICT, &json!("email_taken"))
    );
    assert_eq!(
        patch(&admin, &viewer, json!({ "role": "admin", "name": "Promoted" }))
            .await
            .0,
        200
    );
    assert_eq!(admin.delete(&at(&viewer)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(viewer.get("/api/v1/agent").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(patch(&admin, &viewer, json!({ "name": "x" })).await.0, 404);
    let (status, told) = admin
        .post("/api/v1/users", &json!({ "email": "x", "role": "king" }))
        .await;
    assert_eq!(
        (status, told["errors"].as_array().unwrap().len()),
        (StatusCode::UNPROCESSABLE_ENTITY, 3)
    );
}

#[tokio::test]
async fn a_new_link_is_the_way_out_of_a_lost_password_and_ends_what_was_open() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let grace = app.console_user(GRACE, Role::Admin).await;
    let token = async || {
        let (status, made) = owner.post(&format!("{}/invite/", at(&grace)), &json!({})).await;
        assert_eq!(status, StatusCode::OK, "{made}");
        made["invite_url"]
            .as_str()
            .unwrap()
            .split_once("#token=")
            .unwrap()
            .1
            .to_owned()
    };
    let (older, newer) = (token().await, token().await);
    let body = |token: &str| json!({ "token": token, "password": "another sentence of mine" });
    assert_eq!(
        post(&app, "/auth/setup", &body(&older)).await.status(),
        StatusCode::UNAUTHORIZED
    );
    // Until it is used, the old password counts.
    assert_eq!(grace.get("/api/v1/agent").await.0, StatusCode::OK);
    let again = ConsoleUser::of(&app.console_url(), post(&app, "/auth/setup", &body(&newer)).await).await;
    assert_eq!((again.id(), &again.user["role"]), (grace.id(), &json!("admin")));
    assert_eq!(grace.get("/api/v1/agent").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        log_in(&app.console_url(), GRACE, PASSWORD).await.status(),
        StatusCode::UNAUTHORIZED
    );
    // A link of somebody who was disabled is worth nothing, and ends after three days.
    let late = token().await;
    assert_eq!(patch(&owner, &grace, json!({ "state": "disabled" })).await.0, 200);
    assert_eq!(
        post(&app, "/auth/setup", &body(&late)).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        owner.post(&format!("{}/invite", at(&grace)), &json!({})).await.0,
        StatusCode::CONFLICT
    );
    assert_eq!(patch(&owner, &grace, json!({ "state": "active" })).await.0, 200);
    let late = token().await;
    app.clock.advance_s(72 * 3_600);
    assert_eq!(
        post(&app, "/auth/setup", &body(&late)).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn somebody_who_never_joined_stays_invited_when_enabled_again() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let wish = json!({ "email": GRACE, "name": "Grace", "role": "viewer" });
    let (_, made) = owner.post("/api/v1/users", &wish).await;
    let path = format!("/api/v1/users/{}", made["user"]["id"].as_str().unwrap());
    assert_eq!(made["user"]["state"], "invited");
    assert_eq!(
        owner
            .send(Method::PATCH, &path, &json!({ "state": "disabled" }))
            .await
            .1["state"],
        "disabled"
    );
    assert_eq!(
        owner.send(Method::PATCH, &path, &json!({ "state": "active" })).await.1["state"],
        "invited"
    );
    assert_eq!(
        owner.send(Method::PATCH, &path, &json!({ "state": "invited" })).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
