//! The OpenAPI document: open to everybody, the same as the committed copy, and of one mind with the table of routes.

use std::collections::{BTreeMap, BTreeSet};

use atthene_server::api::{Policy, Route, SOCKET_PATH, Scope};
use atthene_server::config::LimitSettings;
use atthene_server::router::{console_routes, document, routes};
use atthene_tests::TestApp;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// The operations of the document, by method and path.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_ascii_uppercase()), operation))
    });
    operations.collect()
}

/// The scopes that an operation's two schemes name, each with its scheme.
fn security(operation: &Value) -> BTreeSet<(String, Vec<String>)> {
    let schemes = operation["security"].as_array().unwrap().iter();
    let named = schemes
        .flat_map(|scheme| scheme.as_object().unwrap())
        .map(|(name, scopes)| {
            let scopes = scopes.as_array().unwrap().iter();
            let scopes = scopes.map(|scope| scope.as_str().unwrap().to_owned());
            (name.clone(), scopes.collect())
        });
    named.collect()
}

#[test]
fn the_document_has_every_route_of_keys_and_visitors_and_nothing_else() {
    let document = document();
    let described = operations(&document);
    let mut served = BTreeSet::new();
    let limits = LimitSettings::default();
    let of_console =
        |route: &Route| route.path.starts_with("/api/v1/auth/") || matches!(route.policy, Policy::Login(_));
    let table = routes(&limits)
        .into_iter()
        .chain(console_routes(&limits).into_iter().filter(of_console));
    for route in table {
        let name = format!("{} {}", route.method, route.path);
        let with_key = |scope: Scope| {
            let schemes = ["apiKey", "bearerKey"].into_iter();
            schemes.map(move |scheme| (scheme, vec![scope.as_str().to_owned()]))
        };
        let wanted: Vec<(&str, Vec<String>)> = match route.policy {
            Policy::Key(scope) => with_key(scope).collect(),
            Policy::VisitorOrKey(scope) => with_key(scope).chain([("visitorToken", Vec::new())]).collect(),
            Policy::Visitor => vec![("visitorToken", Vec::new())],
            Policy::Origin => Vec::new(),
            Policy::Login(_) => vec![("consoleLogin", Vec::new()), ("consoleCsrf", Vec::new())],
            Policy::KeyOrLogin(_) => panic!("{name}: the public table has no log-ins"),
            Policy::Open if of_console(&route) => Vec::new(),
            Policy::Open => continue,
        };
        if route.path == SOCKET_PATH {
            continue;
        }
        let operation = described
            .get(&name)
            .unwrap_or_else(|| panic!("{name} is not described"));
        let wanted = wanted.into_iter().map(|(scheme, scopes)| (scheme.to_owned(), scopes));
        assert_eq!(security(operation), wanted.collect(), "{name}");
        assert_eq!(
            operation.get("servers").is_some(),
            of_console(&route),
            "{name}: where is it served?"
        );
        let reads = operation.get("requestBody").is_some();
        assert!(!reads || route.body_bytes > 0, "{name}: its body is never read");
        served.insert(name);
    }
    let described: BTreeSet<String> = described.into_keys().collect();
    assert_eq!(described, served);
}

#[test]
fn every_operation_has_examples_a_summary_and_an_id_of_its_own() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{name}"
        );
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "{name}"
        );
        let parameters = operation["parameters"].as_array().unwrap();
        assert!(parameters.iter().all(|given| given.get("example").is_some()), "{name}");
        let body = operation["requestBody"]["content"].as_object();
        assert!(
            body.iter()
                .flat_map(|content| content.values())
                .all(|kind| kind.get("example").is_some())
        );
        let responses = operation["responses"].as_object().unwrap();
        let good: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        assert!(!good.is_empty(), "{name} has no success");
        for (_, response) in good {
            let content = response["content"].as_object();
            assert!(
                content
                    .iter()
                    .flat_map(|content| content.values())
                    .all(|kind| kind.get("example").is_some())
            );
        }
    }
}

#[test]
fn every_link_leads_to_an_operation_with_what_the_answer_s_example_holds() {
    let document = document();
    let described = operations(&document);
    let by_id: BTreeMap<&str, &Value> = described
        .values()
        .map(|operation| (operation["operationId"].as_str().unwrap(), *operation))
        .collect();
    let mut followed = 0;
    for (name, operation) in &described {
        for response in operation["responses"].as_object().unwrap().values() {
            for link in response["links"]
                .as_object()
                .into_iter()
                .flat_map(|links| links.values())
            {
                let target = by_id[link["operationId"].as_str().unwrap()];
                let (parameter, from) = link["parameters"].as_object().unwrap().iter().next().unwrap();
                let parameters = target["parameters"].as_array().unwrap();
                assert!(
                    parameters.iter().any(|given| given["name"] == **parameter),
                    "{name}: {link}"
                );
                let pointer = from.as_str().unwrap().strip_prefix("$response.body#").unwrap();
                let example = &response["content"]["application/json"]["example"];
                assert!(example.pointer(pointer).is_some_and(Value::is_string), "{name}: {link}");
                followed += 1;
            }
        }
    }
    assert!(followed > 20, "{followed}");
}

#[test]
fn the_committed_copy_is_the_code_s() {
    let committed: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    assert!(
        committed == document(),
        "docs/openapi.json is old; type: cargo run -p atthene-server -- openapi > docs/openapi.json"
    );
}

#[tokio::test]
async fn everybody_may_read_the_document_from_any_page() {
    let app = TestApp::start().await;
    let url = format!("{}/api/v1/openapi.json", app.url());
    let answer = Client::new()
        .get(url)
        .header("Origin", "https://elsewhere.example")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let told: Value = answer.json().await.unwrap();
    // What the console's listener alone serves is told there.
    let mut whole = document();
    let paths = whole["paths"].as_object_mut().unwrap();
    paths.retain(|_, operations| {
        operations
            .as_object()
            .unwrap()
            .values()
            .all(|one| one["tags"] != json!(["Console"]))
    });
    assert_eq!(told["paths"], whole["paths"]);
    assert!(!told["paths"].as_object().unwrap().contains_key("/api/v1/users"));
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones_in_every_dialect() {
    let app = TestApp::start().await;
    for (path, allowed) in [
        ("/api/v1/sessions", ["GET", "POST"].as_slice()),
        ("/api/v1/sessions/", &["GET", "POST"]),
        ("/api/v1/agent/x", &["GET", "PATCH", "DELETE"]),
        ("/chats", &["GET", "POST"]),
        ("/api/chat", &["POST"]),
        ("/v1/chat/completions", &["POST"]),
    ] {
        let request = Client::new().put(format!("{}{path}", app.url()));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let told = answer.headers()["allow"].to_str().unwrap().to_owned();
        let told: BTreeSet<&str> = told.split(',').map(str::trim).collect();
        assert!(allowed.iter().all(|method| told.contains(method)), "{path}: {told:?}");
        assert!(!told.contains("PUT"), "{path}: {told:?}");
    }
}
