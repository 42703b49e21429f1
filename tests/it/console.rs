//! The console's listener (BAR.md K5, O8): the console, the page to try the API and the key surfaces, nothing of visitors;
//! and no page of ours on the public one.

mod app;
mod types;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use atthene_server::api::{Policy, Route};
use atthene_server::boot::Overrides;
use atthene_server::config::{LimitSettings, Settings};
use atthene_server::model::key::Scope;
use atthene_server::router::{console_routes, routes};
use atthene_server::serve::Server;
use atthene_tests::TestApp;
use reqwest::{Client, Method, Response, StatusCode};

const SHOP: &str = "https://shop.example";
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../console/try");

fn named(table: Vec<Route>, keep: impl Fn(Policy) -> bool) -> BTreeSet<String> {
    let kept = table.into_iter().filter(|route| keep(route.policy));
    kept.map(|route| format!("{} {}", route.method, route.path)).collect()
}

async fn page(app: &TestApp) -> Response {
    Client::new()
        .get(format!("{}/try", app.console_url()))
        .send()
        .await
        .unwrap()
}

#[test]
fn the_console_s_table_has_every_key_surface_and_nothing_of_visitors() {
    let limits = LimitSettings::default();
    let is_key = |policy| matches!(policy, Policy::Key(_) | Policy::KeyOrLogin(_));
    assert_eq!(named(console_routes(&limits), is_key), named(routes(&limits), is_key));
    let is_open = |policy| policy == Policy::Open;
    let wanted = [
        "GET /",
        "GET /api/v1/auth/state",
        "GET /api/v1/openapi.json",
        "GET /assets/{file}",
        "GET /try",
        "GET /try/{file}",
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/setup",
    ];
    assert_eq!(
        named(console_routes(&limits), is_open),
        wanted.map(str::to_owned).into()
    );
    let for_pages = named(console_routes(&limits), |policy| {
        matches!(policy, Policy::Origin | Policy::Visitor | Policy::VisitorOrKey(_))
    });
    assert!(
        for_pages.is_empty(),
        "a visitor would need a gate, and the console has none: {for_pages:?}"
    );
}

#[test]
fn a_log_in_counts_on_our_own_surface_of_the_console_alone() {
    let limits = LimitSettings::default();
    let takes_login = |policy| matches!(policy, Policy::KeyOrLogin(_) | Policy::Login(_));
    assert!(named(routes(&limits), takes_login).is_empty());
    let with_login = named(console_routes(&limits), takes_login);
    assert!(with_login.len() > 30, "{with_login:?}");
    assert!(
        with_login.iter().all(|name| name.contains(" /api/v1/")),
        "{with_login:?}"
    );
    let with_keys_alone = named(console_routes(&limits), |policy| matches!(policy, Policy::Key(_)));
    assert!(
        with_keys_alone.iter().all(|name| !name.contains(" /api/v1/")),
        "{with_keys_alone:?}"
    );
}

#[tokio::test]
async fn what_is_for_visitors_is_not_on_the_console_whatever_the_host_says() {
    let app = TestApp::start().await;
    let limits = LimitSettings::default();
    let served = named(console_routes(&limits), |_| true);
    let mut asked = 0;
    for route in routes(&limits) {
        if served.contains(&format!("{} {}", route.method, route.path)) {
            continue;
        }
        let path = route.path.replace("{agent_key}", "shop").replace(['{', '}'], "");
        let request = Client::new()
            .request(route.method.clone(), format!("{}{path}", app.console_url()))
            .header("origin", SHOP)
            .header("host", app.address.to_string());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
        asked += 1;
    }
    assert!(asked > 8, "{asked}");
}

#[tokio::test]
async fn no_page_is_on_the_public_listener() {
    let app = TestApp::start().await;
    for path in ["/", "/try", "/try/", "/try/main.js", "/try/index.html"] {
        let request = Client::new().get(format!("{}{path}", app.url()));
        let answer = request.header("host", "127.0.0.1:8090").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json", "{path}");
    }
}

#[tokio::test]
async fn the_page_is_framed_by_nobody_and_runs_its_own_files_alone() {
    let app = TestApp::start().await;
    for path in ["/try", "/try/"] {
        let answer = Client::new()
            .get(format!("{}{path}", app.console_url()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|own| own == directive), "{directive}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn the_page_holds_nothing_that_its_policy_forbids_and_each_of_its_files_is_there() {
    let app = TestApp::start().await;
    let text = page(&app).await.text().await.unwrap();
    assert!(
        text.contains(r#"content="http://127.0.0.1:8080""#),
        "it does not know public_url"
    );
    assert!(!text.contains("{{") && !text.contains("<style") && !text.contains("style=") && !text.contains(" on"));
    assert_eq!(
        text.matches("<script").count(),
        text.matches("<script type=\"module\" src=\"/try/").count()
    );
    for entry in fs::read_dir(Path::new(FILES)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let request = Client::new().get(format!("{}/try/{name}", app.console_url()));
        let answer = request.send().await.unwrap();
        if name == "index.html" {
            // Only where its headers are.
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            continue;
        }
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let wanted = match name.rsplit_once('.').unwrap().1 {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(kind, wanted, "{name}");
        let file = answer.text().await.unwrap();
        let foreign = file.replace("http://www.w3.org/2000/svg", "");
        assert!(
            !foreign.contains("http://") && !foreign.contains("https://"),
            "{name} names another server"
        );
        let keeps = ["localStorage", "sessionStorage", "indexedDB", "document.cookie"];
        assert!(
            keeps.iter().all(|place| !file.contains(place)),
            "{name} keeps something"
        );
    }
    let missing = Client::new().get(format!("{}/try/..%2f..%2fCargo.toml", app.console_url()));
    assert_eq!(missing.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_key_surfaces_of_the_console_take_keys_alone_from_its_own_page() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let back_end = app.back_end(&[Scope::Chat]).await.at(&app.console_url());
    let ask = |origin: &str| {
        back_end
            .request(Method::GET, "/v1/models")
            .header("origin", origin)
            .send()
    };
    assert_eq!(ask(&app.console_url()).await.unwrap().status(), StatusCode::OK);
    assert_eq!(ask("http://127.0.0.1:8090").await.unwrap().status(), StatusCode::OK);
    let foreign = ask("https://evil.example").await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert!(!foreign.headers().contains_key("access-control-allow-origin"));
    let with_token = Client::new()
        .get(format!("{}/v1/models", app.console_url()))
        .bearer_auth(&visitor.token);
    assert_eq!(with_token.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let session = back_end.session("shop").await;
    let (status, run) = back_end.execute(&session, "Hello?").await;
    assert_eq!((status, &run["status"]), (StatusCode::OK, &"completed".into()), "{run}");
}

#[tokio::test]
async fn there_may_be_no_console_and_a_chosen_address_must_be_free() {
    let app = TestApp::start_with(|settings| settings.console_listen = String::new()).await;
    assert_eq!(app.console_address, None);
    let other = TestApp::start().await;
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        console_listen: other.console_address.unwrap().to_string(),
        database_url: format!("sqlite:{}", dir.path().join("atthene.db").display()),
        data_dir: dir.path().to_owned(),
        ..Settings::default()
    };
    let error = Server::bind(settings, Overrides::default()).await.err().unwrap();
    assert!(format!("{error:#}").contains("console_listen"), "{error:#}");
}
