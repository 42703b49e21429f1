//! API keys (BAR.md K): credentials, scopes, width, revocation.

use std::collections::BTreeMap;
use std::time::Duration;

use atthene_server::api::{Policy, Route};
use atthene_server::config::LimitSettings;
use atthene_server::model::key::Scope;
use atthene_server::router::{console_routes, routes};
use atthene_tests::back_end::told;
use atthene_tests::{AgentSpec, BackEnd, EventReader, Piece, TestApp};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

async fn status_with(app: &TestApp, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut request = Client::new().get(format!("{}/api/v1/sessions/", app.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    told(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_key_comes_in_either_header_and_in_one_only() {
    let app = TestApp::start().await;
    let secret = app.back_end(&[Scope::Chat]).await.secret;
    let bearer = format!("Bearer {secret}");
    let wrong = secret.replace(&secret[20..22], "zz");
    let visitor = app.visitor("https://shop.example").start().await;
    let token = format!("Bearer {}", visitor.token);
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let table: [(Headers<'_>, u16, &str); 8] = [
        (&[("x-api-key", &secret)], 200, ""),
        (&[("authorization", &bearer)], 200, ""),
        (&[], 401, "api_key_invalid"),
        (
            &[("x-api-key", &secret), ("authorization", &bearer)],
            400,
            "two_credentials",
        ),
        (&[("x-api-key", &wrong)], 401, "api_key_invalid"),
        (&[("authorization", &token)], 401, "api_key_invalid"),
        (
            &[("x-api-key", &secret), ("origin", "https://shop.example")],
            403,
            "secret_key_in_browser",
        ),
        (&[("x-api-key", &secret), ("origin", &app.url())], 200, ""),
    ];
    for (headers, status, code) in table {
        let (told_status, told) = status_with(&app, headers).await;
        assert_eq!(told_status.as_u16(), status, "{headers:?} {told}");
        if !code.is_empty() {
            assert_eq!(told["error"]["code"], code, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn an_expired_key_is_told_from_an_unknown_one() {
    let app = TestApp::start().await;
    let end = app.clock_now().plus_ms(60_000);
    let back_end = app
        .back_end_with(&[Scope::Chat], |draft| draft.expires_at = Some(end))
        .await;
    assert_eq!(back_end.get("/v1/models").await.0, StatusCode::OK);
    app.clock.advance_s(61);
    let (status, told) = back_end.get("/api/v1/sessions/").await;
    assert_eq!(
        (status, &told["error"]["message"]),
        (StatusCode::UNAUTHORIZED, &json!("API key has expired"))
    );
}

#[tokio::test]
async fn a_key_that_is_bound_to_addresses_works_from_nowhere_else() {
    let app = TestApp::start().await;
    let from = |network: &'static str| {
        app.back_end_with(&[Scope::Chat], move |draft| {
            draft.addresses = Some(vec![network.to_owned()])
        })
    };
    let inside = from("127.0.0.0/8").await;
    assert_eq!(inside.get("/v1/models").await.0, StatusCode::OK);
    let minted = app
        .mint(|draft| draft.addresses = Some(vec!["192.0.2.0/24".to_owned()]))
        .await;
    let outside = BackEnd::new(&app.url(), minted.secret, minted.key);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(outside.get("/v1/models").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_key_that_is_bound_to_agents_runs_those_and_no_configuration_of_its_own() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "other",
        ..AgentSpec::default()
    })
    .await;
    let bound = app
        .back_end_with(&[Scope::Chat], |draft| {
            draft.agents = Some(vec![atthene_protocol::ids::AgentId("shop".to_owned())])
        })
        .await;
    assert_eq!(
        bound.get("/api/v1/sessions/from-agent/?agent_key=shop").await.0,
        StatusCode::OK
    );
    assert_eq!(
        bound.get("/api/v1/sessions/from-agent/?agent_key=other").await.0,
        StatusCode::NOT_FOUND
    );
    let models = bound.get("/v1/models").await.1;
    assert_eq!(models["data"].as_array().unwrap().len(), 1);
    let config = json!({ "name": "x", "agent_type": "llm_agent", "llm_config": { "model": "scripted" } });
    let (status, told) = bound.post("/api/v1/sessions/", &config).await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (StatusCode::FORBIDDEN, &json!("key_bound_to_agents"))
    );
}

#[tokio::test]
async fn no_key_makes_a_key_wider_than_itself_and_a_secret_is_shown_once() {
    let app = TestApp::start().await;
    let maker = app.back_end(&[Scope::Chat, Scope::KeysWrite]).await;
    let wider = json!({ "name": "Wide", "scopes": ["admin"] });
    assert_eq!(maker.post("/api/v1/api-keys/", &wider).await.0, StatusCode::FORBIDDEN);
    let wrong = json!({ "name": " ", "scopes": ["nonsense"], "addresses": ["1.2.3"] });
    let (status, told) = maker.post("/api/v1/api-keys/", &wrong).await;
    assert_eq!(
        (status, told["errors"].as_array().unwrap().len()),
        (StatusCode::BAD_REQUEST, 3)
    );
    let (status, made) = maker.post("/api/v1/api-keys/", &json!({ "name": "Production" })).await;
    assert_eq!((status, &made["scopes"]), (StatusCode::CREATED, &json!(["chat"])));
    let secret = made["key"].as_str().unwrap();
    assert!(secret.starts_with("atk_live_") && secret.starts_with(made["prefix"].as_str().unwrap()));
    let (_, listed) = maker.get("/api/v1/api-keys/").await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains(secret), "only its hash is kept");
    let path = format!("/api/v1/api-keys/{}/", made["id"].as_str().unwrap());
    assert_eq!(maker.delete(&path).await.0, StatusCode::NO_CONTENT);
    assert_eq!(maker.delete(&path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn revocation_ends_an_open_stream_within_five_seconds() {
    let app = TestApp::start().await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let admin = app.back_end(&[Scope::KeysWrite]).await;
    let session = back_end.session("shop").await;
    app.llm.answer(&[Piece::Text("So far"), Piece::Hold]);
    let request = back_end
        .request(Method::POST, &format!("/api/v1/runtime/{session}/execute"))
        .header("accept", "text/event-stream")
        .json(&json!({ "content": "Hello?" }));
    let mut events = EventReader::new(request.send().await.unwrap());
    events.until("TEXT_MESSAGE_CONTENT").await;
    let path = format!("/api/v1/api-keys/{}", back_end.key.id);
    assert_eq!(admin.delete(&path).await.0, StatusCode::NO_CONTENT);
    let last = tokio::time::timeout(Duration::from_secs(5), events.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (last.name.as_deref(), &last.data["code"]),
        (Some("closed"), &json!(4403))
    );
    assert_eq!(back_end.get("/v1/models").await.0, StatusCode::UNAUTHORIZED);
}

/// Every route of both tables, with the address of its listener.
fn both_listeners(app: &TestApp) -> impl Iterator<Item = (Route, String)> + use<> {
    let limits = LimitSettings::default();
    let (public, console) = (app.url(), app.console_url());
    let of = |table: Vec<Route>, listener: String| table.into_iter().map(move |route| (route, listener.clone()));
    of(routes(&limits), public).chain(of(console_routes(&limits), console))
}

#[tokio::test]
async fn every_key_route_refuses_a_stranger_before_it_reads_anything() {
    let app = TestApp::start().await;
    let stranger = Client::new();
    for (route, listener) in both_listeners(&app) {
        let (Policy::Key(_) | Policy::KeyOrLogin(_) | Policy::Login(_)) = route.policy else {
            continue;
        };
        let path = route.path.replace(['{', '}'], "");
        let url = format!("{listener}{path}");
        let answer = stranger
            .request(route.method.clone(), url)
            .body("{ not json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{} {path}", route.method);
        assert!(answer.headers().contains_key("www-authenticate"));
    }
}

#[tokio::test]
async fn every_route_asks_for_its_scope() {
    let app = TestApp::start().await;
    let mut matrix = BTreeMap::new();
    for scope in Scope::ALL {
        let back_end = app.back_end(&[scope]).await;
        for (route, listener) in both_listeners(&app) {
            let (Policy::Key(wanted) | Policy::KeyOrLogin(wanted) | Policy::VisitorOrKey(wanted)) = route.policy else {
                continue;
            };
            let path = route.path.replace(['{', '}'], "");
            let back_end = back_end.at(&listener);
            let answer = back_end.request(route.method.clone(), &path).send().await.unwrap();
            let is_refused = answer.status() == StatusCode::FORBIDDEN;
            assert_eq!(
                is_refused,
                wanted != scope && route.or_scope != Some(scope) && scope != Scope::Admin,
                "{} {path} {}",
                route.method,
                scope.as_str()
            );
            let name = if listener == app.url() { "public" } else { "console" };
            let line = matrix
                .entry(format!("{} {} on {name}", route.method, route.path))
                .or_insert_with(Vec::new);
            if !is_refused {
                line.push(scope.as_str());
            }
        }
    }
    let text: String = matrix
        .iter()
        .map(|(route, scopes)| format!("{route}: {}\n", scopes.join(" ")))
        .collect();
    insta::assert_snapshot!("scopes", text);
}
