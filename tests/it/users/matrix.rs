//! Every route of the console's table, asked with every kind of log-in that does not count and by every role: nothing gets
//! through, and a viewer changes nothing.

use std::collections::BTreeMap;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_server::api::{Policy, Route, Scope};
use atthene_server::config::LimitSettings;
use atthene_server::model::user::Role;
use atthene_server::router::{console_routes, routes};
use atthene_server::store::SessionFilter;
use atthene_tests::{ConsoleUser, TestApp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{ADA, code};

const LOG_OUT: &str = "/api/v1/auth/logout";

/// What a user may call at all, of the console's table.
fn table() -> Vec<Route> {
    let takes_login = |route: &Route| matches!(route.policy, Policy::KeyOrLogin(_) | Policy::Login(_));
    console_routes(&LimitSettings::default())
        .into_iter()
        .filter(takes_login)
        .collect()
}

/// A path whose objects there are not.
fn path(route: &Route) -> String {
    route.path.replace(['{', '}'], "")
}

/// Whether a role gets past the guard.
fn may(role: Role, route: &Route) -> bool {
    match route.policy {
        Policy::Login(least) => role >= least,
        Policy::KeyOrLogin(scope) => {
            let own = role.scopes();
            let has = |scope: &Scope| own.contains(scope) || own.contains(&Scope::Admin);
            has(&scope) || route.or_scope.as_ref().is_some_and(has)
        }
        _ => false,
    }
}

async fn refused(request: RequestBuilder, status: u16, code_wanted: &str, what: &str) {
    let answer = request.body("{ not json").send().await.unwrap();
    assert!(!answer.headers().contains_key("set-cookie"), "{what}");
    assert_eq!(code(answer).await, (status, code_wanted.to_owned()), "{what}");
}

#[tokio::test]
async fn no_log_in_counts_without_its_header_and_the_console_s_origin() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let other = app.log_in(ADA).await;
    let (mut asked, mut changing) = (0, 0);
    for route in table() {
        let (method, path) = (route.method.clone(), path(&route));
        let what = format!("{method} {path}");
        let with_origin = |request: RequestBuilder| request.header("origin", &owner.origin);
        let nobody = Client::new().request(method.clone(), format!("{}{path}", app.console_url()));
        refused(with_origin(nobody.try_clone().unwrap()), 401, "login_required", &what).await;
        // The value alone, as a page of another origin might have learned it.
        refused(
            with_origin(nobody.header("x-csrf-token", &owner.csrf)),
            401,
            "login_required",
            &what,
        )
        .await;
        let bare = || with_origin(owner.bare(method.clone(), &path));
        refused(bare(), 401, "csrf_missing", &what).await;
        for wrong in ["", "x", &other.csrf, owner.secret()] {
            refused(bare().header("x-csrf-token", wrong), 401, "csrf_wrong", &what).await;
        }
        let twice = bare()
            .header("x-csrf-token", &owner.csrf)
            .header("x-csrf-token", &owner.csrf);
        refused(twice, 401, "csrf_wrong", &what).await;
        asked += 1;
        if method == Method::GET {
            continue;
        }
        changing += 1;
        let good = || owner.bare(method.clone(), &path).header("x-csrf-token", &owner.csrf);
        refused(good(), 403, "foreign_origin", &what).await;
        for origin in [
            "https://evil.example",
            "null",
            &app.url(),
            "http://127.0.0.1:8090/",
            "http://127.0.0.1:8090.evil.example",
        ] {
            refused(good().header("origin", origin), 403, "foreign_origin", &what).await;
        }
        refused(
            with_origin(good()).header("origin", &owner.origin),
            403,
            "foreign_origin",
            &what,
        )
        .await;
    }
    assert!(asked > 40 && changing > 20, "{asked} {changing}");
    assert_eq!(owner.get("/api/v1/auth/state").await.1["user"]["id"], owner.id());
}

#[tokio::test]
async fn each_role_gets_past_the_guard_exactly_where_it_should() {
    let app = TestApp::start().await;
    app.add_user("another-owner@example.com", Role::Owner).await;
    for role in Role::ALL {
        let email = format!("{}@example.com", role.as_str());
        let user = app.console_user(&email, role).await;
        for route in table() {
            let (method, path) = (route.method.clone(), path(&route));
            let what = format!("{} {method} {path}", role.as_str());
            // The one that must work would end what the others are asked with.
            let user = if path == LOG_OUT {
                app.log_in(&email).await
            } else {
                user.clone()
            };
            let answer = user.request(method, &path).body("{ not json").send().await.unwrap();
            let status = answer.status();
            if may(role, &route) {
                assert!(
                    ![401, 403, 503].contains(&status.as_u16()) && !status.is_server_error(),
                    "{what}: {status}"
                );
            } else {
                let (status, code) = code(answer).await;
                assert_eq!(status, 403, "{what}");
                assert!(
                    ["missing_scope", "missing_role"].contains(&code.as_str()),
                    "{what}: {code}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_key_does_what_keys_do_and_nothing_of_users() {
    let app = TestApp::start().await;
    let key = app.back_end(&[Scope::Admin]).await.at(&app.console_url());
    for route in table() {
        let path = path(&route);
        let answer = key
            .request(route.method.clone(), &path)
            .body("{ not json")
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        match route.policy {
            Policy::Login(_) => assert_eq!(code(answer).await, (403, "users_only".to_owned()), "{path}"),
            _ => assert!(![401, 403].contains(&status), "{} {path}: {status}", route.method),
        }
    }
}

#[tokio::test]
async fn a_log_in_counts_nowhere_but_below_api_v1_of_the_console() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let limits = LimitSettings::default();
    let mut asked = 0;
    let is_key = |route: &Route| matches!(route.policy, Policy::Key(_) | Policy::VisitorOrKey(_));
    let public = routes(&limits)
        .into_iter()
        .filter(is_key)
        .map(|route| (route, app.url()));
    let console = console_routes(&limits)
        .into_iter()
        .filter(is_key)
        .map(|route| (route, app.console_url()));
    for (route, listener) in public.chain(console) {
        let request = Client::new()
            .request(route.method.clone(), format!("{listener}{}", path(&route)))
            .header("cookie", &owner.cookies)
            .header("x-csrf-token", &owner.csrf);
        for request in [request.try_clone().unwrap(), request.bearer_auth(owner.secret())] {
            let status = request.send().await.unwrap().status();
            let is_for_pages = matches!(route.policy, Policy::VisitorOrKey(_));
            let refusals: &[u16] = if is_for_pages { &[401, 403, 404] } else { &[401] };
            assert!(
                refusals.contains(&status.as_u16()),
                "{} {}: {status}",
                route.method,
                route.path
            );
        }
        asked += 1;
    }
    assert!(asked > 50, "{asked}");
    for users_alone in ["/api/v1/auth/state", "/api/v1/users"] {
        let there = owner.request(Method::GET, users_alone).build().unwrap();
        let url = there.url().as_str().replace(&app.console_url(), &app.url());
        let answer = Client::new()
            .get(url)
            .headers(there.headers().clone())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{users_alone}");
    }
}

/// What a workspace holds, as far as a viewer could have changed it.
async fn held(app: &TestApp) -> Value {
    let workspace = WorkspaceId::default_workspace();
    let filter = SessionFilter {
        limit: 1_000,
        ..SessionFilter::default()
    };
    let keys = app.store.list_keys(&workspace).await.unwrap();
    // When a key was last used is written in its own time.
    let keys: Vec<_> = keys.into_iter().map(|key| (key.id, key.name, key.scopes)).collect();
    let agents = app.store.list_agents(&workspace).await.unwrap();
    let sessions = app.store.list_sessions(&workspace, &filter).await.unwrap();
    json!({
        "agents": format!("{agents:?}"),
        "keys": format!("{keys:?}"),
        "users": format!("{:?}", app.store.list_users(&workspace).await.unwrap()),
        "sessions": format!("{sessions:?}"),
        "audit": format!("{:?}", app.store.list_audit(&workspace, 1_000).await.unwrap()),
    })
}

fn filled(path: &str, objects: &BTreeMap<&str, String>) -> String {
    objects.iter().fold(path.to_owned(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), value)
    })
}

#[tokio::test]
async fn a_viewer_changes_nothing_by_any_route_with_real_objects_and_good_bodies() {
    let app = TestApp::start().await;
    let owner = app.console_user(ADA, Role::Owner).await;
    let viewer: ConsoleUser = app.console_user("viewer@example.com", Role::Viewer).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let session = back_end.session("shop").await;
    let agent = app
        .store
        .list_agents(&WorkspaceId::default_workspace())
        .await
        .unwrap()
        .remove(0);
    let AgentId(agent_id) = agent.id.clone();
    let objects = BTreeMap::from([
        ("agent", agent_id.clone()),
        ("agent_id", agent_id),
        ("agent_key", "shop".to_owned()),
        ("session_id", session),
        ("key_id", back_end.key.id.to_string()),
        ("user_id", owner.id().to_owned()),
        ("number", "1".to_owned()),
    ]);
    let body = json!({
        "name": "Changed", "is_public": false, "allowed_origins": ["https://evil.example"], "content": "Hi",
        "agent_key": "shop", "origin": "https://evil.example", "interrupt_id": "int_1", "version": 1,
        "email": "new@example.com", "role": "owner", "state": "disabled", "scopes": ["admin"],
        "system_config": { "name": "Changed", "agent_type": "llm_agent", "llm_config": { "model": "scripted" } },
    });
    let before = held(&app).await;
    let (mut refused, mut read) = (0, 0);
    for route in table() {
        let path = filled(&route.path, &objects);
        // Whoever exports what they may read leaves a line in the audit log.
        if path.starts_with("/api/v1/auth/") || path == "/api/v1/conversations/export" {
            continue;
        }
        let request = viewer.request(route.method.clone(), &path);
        let request = if route.method == Method::GET {
            request
        } else {
            request.json(&body)
        };
        let status = request.send().await.unwrap().status();
        match may(Role::Viewer, &route) {
            true => read += 1,
            false => {
                assert_eq!(status, StatusCode::FORBIDDEN, "{} {path}", route.method);
                refused += 1;
            }
        }
    }
    assert_eq!(held(&app).await, before);
    assert!(app.llm.requests().is_empty(), "nothing was run");
    assert!(refused > 25 && read > 10, "{refused} {read}");
}
