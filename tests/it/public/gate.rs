//! The gate before every visitor route (BAR.md O): headers, refusals, changes.

use atthene_server::api::Policy;
use atthene_server::config::LimitSettings;
use atthene_server::router::routes;
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;

const SHOP: &str = "https://shop.example";

/// Every route of the table that pages may call, with its parameters filled in, and a wrong one below the same prefix.
fn visitor_paths(agent_key: &str) -> Vec<(Method, String)> {
    let mut paths: Vec<(Method, String)> = routes(&LimitSettings::default())
        .into_iter()
        .filter(|route| matches!(route.policy, Policy::Origin | Policy::Visitor | Policy::VisitorOrKey(_)))
        .map(|route| {
            let path = route
                .path
                .replace("{agent_key}", agent_key)
                .replace("{session_id}", "sess_none");
            let path = if path == "/ws/amas" {
                format!("{path}?agent_key={agent_key}")
            } else {
                path
            };
            (route.method, path)
        })
        .collect();
    paths.push((Method::GET, format!("/public/v1/agents/{agent_key}/no/such/route")));
    paths.push((Method::PUT, format!("/public/v1/agents/{agent_key}/sessions")));
    paths
}

async fn ask(app: &TestApp, method: &Method, path: &str, origins: &[&str]) -> Response {
    let mut request = Client::new().request(method.clone(), format!("{}{path}", app.url()));
    for origin in origins {
        request = request.header("origin", *origin);
    }
    request.send().await.unwrap()
}

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["error"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_gate_answers_first_on_every_visitor_route() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "hidden",
        is_public: false,
        ..AgentSpec::default()
    })
    .await;
    for (method, path) in visitor_paths("shop") {
        for (origins, wanted) in [
            (vec![], (403, "origin_required")),
            (vec![SHOP, SHOP], (403, "origin_required")),
            (vec!["https://evil.example"], (403, "origin_not_allowed")),
            (vec!["null"], (403, "origin_not_allowed")),
            (vec!["https://shop.example.evil.example"], (403, "origin_not_allowed")),
        ] {
            let answer = ask(&app, &method, &path, &origins).await;
            assert!(
                !answer.headers().contains_key("access-control-allow-origin"),
                "{method} {path} {origins:?}"
            );
            assert!(
                answer.headers().get_all("vary").iter().any(|vary| vary == "Origin"),
                "{method} {path}"
            );
            assert_eq!(
                code(answer).await,
                (wanted.0, wanted.1.to_owned()),
                "{method} {path} {origins:?}"
            );
        }
    }
    for (key, origin) in [("hidden", SHOP), ("unknown", SHOP), ("hidden", "https://evil.example")] {
        for (method, path) in visitor_paths(key) {
            let answer = ask(&app, &method, &path, &[origin]).await;
            assert_eq!(
                code(answer).await,
                (404, "agent_not_found".to_owned()),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn after_a_match_every_answer_carries_our_own_origin() {
    let app = TestApp::start().await;
    for (method, path) in visitor_paths("shop") {
        if path.starts_with("/ws/") {
            continue;
        }
        let answer = ask(&app, &method, &path, &[SHOP]).await;
        let headers = answer.headers();
        assert_eq!(
            headers["access-control-allow-origin"],
            SHOP,
            "{method} {path} {}",
            answer.status()
        );
        assert!(
            headers["access-control-expose-headers"]
                .to_str()
                .unwrap()
                .contains("Retry-After")
        );
        assert!(!headers.contains_key("access-control-allow-credentials"));
        assert!(headers.contains_key("x-request-id"));
        assert!(headers.get_all("vary").iter().any(|vary| vary == "Origin"));
    }
}

#[tokio::test]
async fn a_preflight_is_decided_per_agent_and_writes_nothing() {
    let app = TestApp::start().await;
    for (_, path) in visitor_paths("shop") {
        if path.starts_with("/ws/") {
            continue;
        }
        let answer = ask(&app, &Method::OPTIONS, &path, &[SHOP]).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.headers()["access-control-allow-origin"], SHOP);
        assert_eq!(answer.headers()["access-control-allow-methods"], "GET, POST, DELETE");
        let max_age: u32 = answer.headers()["access-control-max-age"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(max_age <= 600);
        let allowed = answer.headers()["access-control-allow-headers"]
            .to_str()
            .unwrap()
            .to_owned();
        for name in [
            "authorization",
            "content-type",
            "last-event-id",
            "idempotency-key",
            "traceparent",
            "baggage",
        ] {
            assert!(allowed.split(", ").any(|header| header == name), "{name}");
        }
        let refused = ask(&app, &Method::OPTIONS, &path, &["https://evil.example"]).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert!(!refused.headers().contains_key("access-control-allow-origin"));
    }
    assert_eq!(app.llm.requests().len(), 0);
}

#[tokio::test]
async fn paths_work_with_and_without_a_trailing_slash() {
    let app = TestApp::start().await;
    for path in ["/public/v1/agents/shop", "/public/v1/agents/shop/"] {
        let answer = ask(&app, &Method::GET, path, &[SHOP]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["cache-control"], "private, max-age=60");
    }
    let ping = ask(&app, &Method::GET, "/public/v1/ping", &[]).await;
    assert_eq!(ping.status(), StatusCode::NO_CONTENT);
    assert_eq!(ping.headers()["cross-origin-resource-policy"], "cross-origin");
}

#[tokio::test]
async fn development_mode_adds_loopback_over_http_and_nothing_else() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "dev",
        dev_mode: true,
        ..AgentSpec::default()
    })
    .await;
    for (origin, allowed) in [
        ("http://localhost:3000", true),
        ("http://localhost", true),
        ("http://127.0.0.1:5173", true),
        ("http://[::1]:8081", true),
        ("https://localhost:3000", false),
        ("http://localhost.evil.example", false),
        ("http://127.0.0.2:80", false),
    ] {
        let status = ask(&app, &Method::GET, "/public/v1/agents/dev", &[origin])
            .await
            .status();
        assert_eq!(status.is_success(), allowed, "{origin}");
        assert!(
            !ask(&app, &Method::GET, "/public/v1/agents/shop", &[origin])
                .await
                .status()
                .is_success()
        );
    }
}

#[tokio::test]
async fn withdrawn_access_refuses_new_requests_and_ends_open_streams() {
    let app = TestApp::start().await;
    let mut agent = app
        .add_agent(AgentSpec {
            key: "brief",
            ..AgentSpec::default()
        })
        .await;
    let visitor = TestVisitor::new(&app.url(), "brief", SHOP).start().await;
    let mut events = visitor.events(0).await;
    agent.is_public = false;
    app.change_agent(&agent).await;
    let last = events.next().await.unwrap();
    assert_eq!(last.name.as_deref(), Some("closed"));
    assert_eq!(last.data["code"], 4403);
    assert!(events.next().await.is_none());
    assert_eq!(visitor.send("c1", "Hi").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_that_asks_to_send_a_key_is_refused_and_audited_once_a_day() {
    let app = TestApp::start().await;
    let client = reqwest::Client::new();
    let preflight = async |path: &str, origin: &str, headers: &str| {
        let asked = client
            .request(Method::OPTIONS, format!("{}{path}", app.url()))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers);
        let answer = asked.send().await.unwrap();
        assert!(
            answer
                .headers()
                .keys()
                .all(|name| !name.as_str().starts_with("access-control-"))
        );
        assert!(!answer.status().is_success(), "{path}");
    };
    preflight("/api/v1/agents", "https://plain.example", "content-type").await;
    preflight("/no-such-route", "https://nowhere.example", "x-api-key").await;
    for _ in 0..2 {
        preflight("/api/v1/agents", "https://leaky.example", "content-type, X-Api-Key").await;
        preflight("/v1/chat/completions", "https://leaky.example", "authorization").await;
        preflight("/api/chat", "https://other.example", "authorization").await;
    }
    let workspace = atthene_protocol::ids::WorkspaceId::default_workspace();
    for _ in 0..100 {
        let log = app.store.list_audit(&workspace, 100).await.unwrap();
        let kept: Vec<_> = log.iter().filter(|entry| entry.action == "key.refused").collect();
        if kept.len() == 2 {
            let origins: Vec<_> = kept.iter().map(|entry| &entry.detail["origin"]).collect();
            assert_eq!(origins, ["https://other.example", "https://leaky.example"]);
            assert!(kept.iter().all(|entry| entry.detail["code"] == "secret_key_in_browser"));
            return;
        }
        assert!(kept.len() < 2, "{kept:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the questions were not audited");
}

#[tokio::test]
async fn a_refused_origin_is_audited_once_a_day() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        ask(&app, &Method::GET, "/public/v1/agents/shop", &["https://evil.example"]).await;
    }
    let workspace = atthene_protocol::ids::WorkspaceId::default_workspace();
    for _ in 0..100 {
        let log = app.store.list_audit(&workspace, 100).await.unwrap();
        let refused: Vec<_> = log
            .iter()
            .filter(|entry| entry.detail["origin"] == "https://evil.example")
            .collect();
        if refused.len() == 1 {
            assert_eq!(refused[0].action, "origin.refused");
            return;
        }
        assert!(refused.len() < 2);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the refusal was not audited");
}
