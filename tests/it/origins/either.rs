//! Routes that are open to pages and to back ends: the form of the credential tells who calls, and each is looked at
//! as everywhere else.

use std::time::Duration;

use atthene_protocol::ids::WorkspaceId;
use atthene_server::api::Policy;
use atthene_server::config::LimitSettings;
use atthene_server::model::key::Scope;
use atthene_server::router::routes;
use atthene_tests::TestApp;
use atthene_tests::back_end::told;
use reqwest::{Client, Method, Response};

const SHOP: &str = "https://shop.example";

type Headers<'a> = &'a [(&'static str, &'a str)];

/// Every such route for one agent.
fn shared(agent_key: &str) -> Vec<(Method, String)> {
    let shared: Vec<_> = routes(&LimitSettings::default())
        .into_iter()
        .filter(|route| matches!(route.policy, Policy::VisitorOrKey(_)))
        .map(|route| {
            let path = route.path.replace("{agent_key}", agent_key);
            let path = if path == route.path {
                format!("{path}?agent_key={agent_key}")
            } else {
                path
            };
            (route.method, path)
        })
        .collect();
    assert!(!shared.is_empty());
    shared
}

async fn ask(app: &TestApp, method: &Method, path: &str, headers: Headers<'_>) -> Response {
    let mut request = Client::new().request(method.clone(), format!("{}{path}", app.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_form_of_the_credential_tells_who_calls() {
    let app = TestApp::start().await;
    let secret = app.back_end(&[Scope::Chat]).await.secret;
    let narrow = app.back_end(&[Scope::TracesRead]).await.secret;
    let token = app.visitor(SHOP).start().await.token;
    let (bearer_key, bearer_token) = (format!("Bearer {secret}"), format!("Bearer {token}"));
    let wrong = "Bearer atk_live_nonsense";
    let table: [(Headers<'_>, u16, &str); 9] = [
        (&[("x-api-key", "atk_live_nonsense")], 401, "api_key_invalid"),
        (
            &[("authorization", wrong), ("origin", SHOP)],
            403,
            "secret_key_in_browser",
        ),
        (&[("authorization", wrong)], 401, "api_key_invalid"),
        (&[("x-api-key", &narrow)], 403, "missing_scope"),
        (
            &[("x-api-key", &secret), ("origin", SHOP)],
            403,
            "secret_key_in_browser",
        ),
        (
            &[("authorization", &bearer_key), ("origin", "null")],
            403,
            "secret_key_in_browser",
        ),
        (
            &[("x-api-key", &secret), ("authorization", &bearer_token)],
            400,
            "two_credentials",
        ),
        (&[("authorization", &bearer_token)], 403, "origin_required"),
        (
            &[("authorization", &bearer_token), ("origin", "https://evil.example")],
            403,
            "origin_not_allowed",
        ),
    ];
    for (method, path) in shared("shop") {
        for (headers, status, code) in table {
            let answer = ask(&app, &method, &path, headers).await;
            assert!(
                !answer.headers().contains_key("access-control-allow-origin"),
                "{path} {code}"
            );
            assert!(
                answer.headers().get_all("vary").iter().any(|vary| vary == "Origin"),
                "{path} {code}"
            );
            let (told_status, body) = told(answer).await;
            assert_eq!(
                (told_status.as_u16(), body["error"]["code"].as_str()),
                (status, Some(code)),
                "{path} {headers:?}"
            );
        }
        for headers in [
            &[("x-api-key", secret.as_str())],
            &[("authorization", bearer_key.as_str())],
        ] {
            let answer = ask(&app, &method, &path, headers).await;
            assert!(
                answer.headers().contains_key("ratelimit-limit"),
                "{path}: the key is counted"
            );
            let (_, body) = told(answer).await;
            let code = body["error"]["code"].as_str().unwrap_or_default().to_owned();
            assert!(
                !code.starts_with("origin_") && !code.starts_with("api_key"),
                "{path}: {code}"
            );
        }
    }
    // A wrong key is told before anybody looks for an agent, a token after the gate.
    for (method, path) in shared("nobody") {
        let key = ask(&app, &method, &path, &[("authorization", wrong)]).await;
        assert_eq!(key.status().as_u16(), 401, "{path}");
        let page = ask(
            &app,
            &method,
            &path,
            &[("authorization", &bearer_token), ("origin", SHOP)],
        )
        .await;
        assert_eq!(told(page).await.1["error"]["code"], "agent_not_found", "{path}");
    }
}

#[tokio::test]
async fn a_page_that_wants_to_send_a_key_is_stopped_by_its_preflight_and_audited_once() {
    let app = TestApp::start().await;
    let asks = |names: &'static str| {
        [
            ("origin", SHOP),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", names),
        ]
    };
    let paths = shared("shop").into_iter().filter(|(_, path)| !path.starts_with("/ws/"));
    let mut refused = 0;
    for (_, path) in paths {
        let good = ask(&app, &Method::OPTIONS, &path, &asks("authorization,content-type")).await;
        assert_eq!(
            (good.status().as_u16(), &good.headers()["access-control-allow-origin"]),
            (204, &SHOP.parse().unwrap())
        );
        for _ in 0..3 {
            let bad = ask(&app, &Method::OPTIONS, &path, &asks("content-type, X-API-Key")).await;
            assert!(!bad.headers().contains_key("access-control-allow-origin"), "{path}");
            let (status, body) = told(bad).await;
            assert_eq!(
                (status.as_u16(), &body["error"]["code"]),
                (403, &"secret_key_in_browser".into()),
                "{path}"
            );
            refused += 1;
        }
    }
    let workspace = WorkspaceId::default_workspace();
    for _ in 0..200 {
        let log = app.store.list_audit(&workspace, 100).await.unwrap();
        let kept = log
            .iter()
            .filter(|entry| entry.detail["code"] == "secret_key_in_browser");
        match kept.count() {
            1 => return,
            0 if refused > 0 => tokio::time::sleep(Duration::from_millis(20)).await,
            other => assert_eq!((other, refused), (0, 0)),
        }
        if refused == 0 {
            return;
        }
    }
    panic!("the refusal was not audited");
}
