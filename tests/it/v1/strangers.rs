//! The objects of another workspace (CONTRACT.md, "Workspaces"): asked for on every route that takes one, with the widest
//! key of this workspace and without any, they are not there, and no byte of them comes back.

use std::collections::BTreeMap;
use std::time::Duration;

use atthene_protocol::ids::{UserId, WorkspaceId};
use atthene_server::api::{Policy, Route};
use atthene_server::config::LimitSettings;
use atthene_server::domain::knowledge::document_id;
use atthene_server::model::key::Scope;
use atthene_server::model::user::{Role, User, UserState};
use atthene_server::router::{console_routes, routes};
use atthene_tests::{BackEnd, TestApp};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::Rest;

const SHOP: &str = "https://shop.example";
/// What stands in every text of the other workspace.
const MARKER: &str = "marker-of-another-workspace";

/// What the other workspace has: parameter of a path -> the values that name it.
type Objects = BTreeMap<&'static str, Vec<String>>;

/// An agent with two versions, a key, a session, a chat, messages and traces, none of them ours.
async fn fill(app: &TestApp) -> Objects {
    let theirs = Rest::bound(app, &["admin"], None, "ws_other").await;
    let body = |prompt: &str| {
        json!({ "agent_key": "theirs", "is_public": false, "allowed_origins": [SHOP], "system_config": {
            "name": MARKER, "agent_type": "llm_agent", "system_prompt": prompt, "llm_config": { "model": "builtin" } } })
    };
    let made = theirs.json(Method::POST, "/agent/", Some(&body(MARKER)), 201).await;
    let second = json!({ "system_config": { "system_prompt": format!("{MARKER} 2") } });
    theirs.json(Method::PATCH, "/agent/theirs/", Some(&second), 200).await;
    let named = json!({ "name": MARKER, "from_type": "flow", "from_flow": "theirs" });
    let (status, chat) = theirs.0.post("/chats", &named).await;
    assert_eq!(status, StatusCode::CREATED, "{chat}");
    let session = theirs.0.session("theirs").await;
    let (_, run) = theirs.0.execute(&session, MARKER).await;
    assert_eq!(run["status"], "completed", "{run}");
    let run_id = run["metadata"]["execution_id"].as_str().unwrap().to_owned();
    // The trace is kept a moment after the answer.
    while theirs.get("/traces/").await.as_array().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let sessions = vec![session, chat["id"].as_str().unwrap().to_owned()];
    let agents = vec!["theirs".to_owned(), made["id"].as_str().unwrap().to_owned()];
    let key = theirs.0.key.id.to_string();
    let user = User {
        id: UserId("usr_theirs".to_owned()),
        workspace: WorkspaceId("ws_other".to_owned()),
        email: "theirs@example.com".to_owned(),
        name: MARKER.to_owned(),
        role: Role::Owner,
        state: UserState::Active,
        created_at: app.clock_now(),
        created_by: "cli".to_owned(),
        last_login_at: None,
    };
    assert!(app.store.create_user(&user, None).await.unwrap());
    BTreeMap::from([
        ("session_id", sessions.clone()),
        ("chat_id", sessions),
        ("run_id", vec![run_id]),
        ("key_id", vec![key]),
        ("agent", agents.clone()),
        ("agent_id", agents.clone()),
        ("model", agents),
        ("agent_key", vec!["theirs".to_owned()]),
        ("number", vec!["1".to_owned()]),
        ("user_id", vec![user.id.to_string()]),
        ("base", vec!["docs".to_owned()]),
        ("document", vec![document_id("theirs.md")]),
    ])
}

/// A path once for each object that its parameters can name.
fn filled(path: &str, objects: &Objects) -> Vec<String> {
    let mut paths = vec![path.to_owned()];
    for (name, values) in objects {
        let hole = format!("{{{name}}}");
        let fill = |path: String| match path.contains(&hole) {
            true => values.iter().map(|value| path.replace(&hole, value)).collect(),
            false => vec![path],
        };
        paths = paths.into_iter().flat_map(fill).collect();
    }
    paths
}

/// A body that every route could take: the refusal must be about the object.
fn good_body() -> Value {
    json!({ "content": "Hi", "message": "Hi", "messages": [{ "role": "user", "content": "Hi" }], "origin": SHOP,
        "client_id": "c-1", "resume": "r-1", "interrupt_id": "int_1", "is_public": true })
}

async fn nothing_of_it(request: RequestBuilder, what: &str, objects: &Objects) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    assert!([401, 404].contains(&status), "{what}: {status} {text}");
    assert!(!text.contains(MARKER), "{what}: {text}");
    for id in ["session_id", "run_id", "key_id"]
        .iter()
        .flat_map(|name| &objects[name])
    {
        assert!(!text.contains(id.as_str()), "{what}: {text}");
    }
}

#[tokio::test]
async fn an_object_of_another_workspace_is_on_no_route() {
    let app = TestApp::start().await;
    let objects = fill(&app).await;
    let ours = app.back_end(&[Scope::Admin]).await;
    let owner = app.console_user("owner@example.com", Role::Owner).await;
    let visitor = app.visitor(SHOP).start().await;
    let limits = LimitSettings::default();
    let mut asked = 0;
    for (listener, table) in [
        (app.url(), routes(&limits)),
        (app.console_url(), console_routes(&limits)),
    ] {
        let ours = ours.at(&listener);
        let of_objects = |route: &Route| route.policy != Policy::Open && route.path.contains('{');
        for route in table.into_iter().filter(of_objects) {
            let paths = filled(&route.path, &objects);
            assert!(
                paths.iter().all(|path| !path.contains('{')),
                "{}: name its object",
                route.path
            );
            for path in paths {
                let what = format!("{} {path}", route.method);
                let stranger = Client::new().request(route.method.clone(), format!("{listener}{path}"));
                let stranger = stranger.header("origin", SHOP).json(&good_body());
                if matches!(route.policy, Policy::Login(_)) {
                    let as_owner = owner.request(route.method.clone(), &path).json(&good_body());
                    nothing_of_it(as_owner, &what, &objects).await;
                    let nobody = Client::new().request(route.method.clone(), format!("{listener}{path}"));
                    nothing_of_it(nobody.json(&good_body()), &what, &objects).await;
                } else if matches!(route.policy, Policy::Key(_) | Policy::KeyOrLogin(_)) {
                    let with_key = ours.request(route.method.clone(), &path).json(&good_body());
                    nothing_of_it(with_key, &what, &objects).await;
                    let nobody = Client::new().request(route.method.clone(), format!("{listener}{path}"));
                    nothing_of_it(nobody.json(&good_body()), &what, &objects).await;
                } else {
                    let with_token = stranger.try_clone().unwrap().bearer_auth(&visitor.token);
                    nothing_of_it(with_token, &what, &objects).await;
                    nothing_of_it(stranger, &what, &objects).await;
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[tokio::test]
async fn an_object_of_another_workspace_is_named_in_no_query_and_no_body() {
    let app = TestApp::start().await;
    let objects = fill(&app).await;
    let ours = app.back_end(&[Scope::Admin]).await;
    let session = &objects["session_id"][0];
    for agent in &objects["agent"] {
        let post = |path: &str, body: Value| ours.request(Method::POST, path).json(&body);
        let said = json!([{ "role": "user", "content": "Hi" }]);
        let from = |method: Method| ours.request(method, &format!("/api/v1/sessions/from-agent/?agent_key={agent}"));
        for (what, request) in [
            ("from-agent by GET", from(Method::GET)),
            ("from-agent by POST", from(Method::POST)),
            ("from-agent by DELETE", from(Method::DELETE)),
            (
                "from-agent by body",
                post("/api/v1/sessions/from-agent/", json!({ "agent_id": agent })),
            ),
            (
                "chats",
                post(
                    "/chats",
                    json!({ "name": "A chat", "from_type": "flow", "from_flow": agent }),
                ),
            ),
            (
                "attive",
                post("/api/chat", json!({ "message": "Hi", "agentId": agent })),
            ),
            (
                "completions",
                post("/v1/chat/completions", json!({ "model": agent, "messages": said })),
            ),
            (
                "attive, the chat",
                post("/api/chat", json!({ "message": "Hi", "chatId": session })),
            ),
            (
                "traces",
                ours.request(Method::GET, &format!("/api/v1/traces/?agent_key={agent}")),
            ),
        ] {
            nothing_of_it(request, what, &objects).await;
        }
    }
    let lists = [
        "/api/v1/sessions/".to_owned(),
        "/api/v1/sessions/?agent_key=theirs".to_owned(),
        "/api/v1/agent/".to_owned(),
        "/api/v1/api-keys/".to_owned(),
        "/api/v1/traces/".to_owned(),
        format!("/api/v1/traces/?session_id={session}"),
        "/chats".to_owned(),
        "/v1/models".to_owned(),
    ];
    for path in lists {
        let (status, body) = ours.get(&path).await;
        let text = body.to_string();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        let names = objects
            .iter()
            .filter(|(name, _)| **name != "number")
            .flat_map(|(_, values)| values);
        let found: Vec<&String> = names.filter(|name| text.contains(&format!("\"{name}\""))).collect();
        assert!(
            found.is_empty() && !text.contains(MARKER),
            "{path} has {found:?}: {text}"
        );
    }
    assert!(app.llm.requests().len() <= 1, "nothing was run but their own");
}

/// Whoever has reached the limit is told when to come back, on every route and in every dialect.
#[tokio::test]
async fn every_route_tells_the_limit_and_when_to_come_back() {
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = 1).await;
    let back_end: BackEnd = app.back_end(&[Scope::Admin]).await;
    let limits = LimitSettings::default();
    for (listener, table) in [
        (app.url(), routes(&limits)),
        (app.console_url(), console_routes(&limits)),
    ] {
        let back_end = back_end.at(&listener);
        for route in table {
            let (Policy::Key(_) | Policy::KeyOrLogin(_)) = route.policy else {
                continue;
            };
            let path = route.path.replace(['{', '}'], "");
            let answer = back_end.request(route.method.clone(), &path).send().await.unwrap();
            let what = format!("{} {path}", route.method);
            assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "{what}");
            let headers = answer.headers();
            let number = |name: &str| headers[name].to_str().unwrap().parse::<u32>().unwrap();
            assert_eq!(
                (number("ratelimit-limit"), number("ratelimit-remaining")),
                (1, 0),
                "{what}"
            );
            assert!((1..=60).contains(&number("retry-after")), "{what}");
            assert!((1..=60).contains(&number("ratelimit-reset")), "{what}");
            let body: Value = answer.json().await.unwrap();
            // Only our own body has the milliseconds; the header is for all.
            let is_ours = path.starts_with("/api/v1");
            assert_eq!(
                body.pointer("/error/retry_after_ms").is_some(),
                is_ours,
                "{what}: {body}"
            );
        }
    }
}
