//! The OpenAPI 3.1 document: what the dialects say of their operations, put together along the table of routes. Who may
//! call and how large a body may be comes from the table, what a dialect writes on a failure from the dialect.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::operation::{self, Operation, Schema};
use super::refusals::Refusals;
use super::{Policy, Route};
use crate::http::layer::dialect::WriteFailure;

/// The name of the scheme `x-api-key: KEY`.
const PLAIN_KEY: &str = "apiKey";
/// The name of the scheme `Authorization: Bearer KEY`.
const BEARER_KEY: &str = "bearerKey";
/// The name of the scheme of visitors.
const VISITOR_TOKEN: &str = "visitorToken";
/// The name of the scheme of the console's users.
const LOGIN: &str = "consoleLogin";
/// The name of what their page must send along.
const CSRF: &str = "consoleCsrf";

/// What one dialect adds to the document.
pub struct Dialect {
    /// Its tag.
    pub tag: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// How it writes a failure.
    pub write: WriteFailure,
    /// The form of what it writes.
    pub error: Schema,
    /// Whether the console's listener alone serves it.
    pub is_of_console: bool,
    /// Another beginning of paths, and the one that the operations have.
    pub alias: Option<(&'static str, &'static str)>,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// The document of these routes. An operation without a route is in it, too: the test that compares both finds it.
pub fn document(routes: &[Route], dialects: Vec<Dialect>) -> Value {
    let mut schemas = BTreeMap::new();
    let mut responses = Map::new();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut tags = Vec::new();
    for dialect in dialects {
        tags.push(json!({ "name": dialect.tag, "description": dialect.description }));
        let error = dialect.error.keep(&mut schemas);
        for operation in &dialect.operations {
            operation.keep_schemas(&mut schemas);
            for (path, route) in served(routes, operation, dialect.alias) {
                let mut refusals = Refusals::new(dialect.tag, dialect.write, &error);
                let mut value = describe(operation, &path, route, dialect.tag, &mut refusals);
                if dialect.is_of_console {
                    value["servers"] = console_servers();
                }
                responses.extend(refusals.into_components());
                let method = operation.method.as_str().to_ascii_lowercase();
                paths.entry(path).or_default().insert(method, value);
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "AttheneChat",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One conversation core behind several dialects. Every path works with and without a slash at \
                the end; unknown fields of a request are ignored.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": {
                PLAIN_KEY: {
                    "type": "apiKey", "in": "header", "name": "x-api-key",
                    "description": "An API key, for back ends only. Send one of both headers.",
                },
                BEARER_KEY: { "type": "http", "scheme": "bearer", "description": "The same API key." },
                VISITOR_TOKEN: {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "The access token of a visitor's session.",
                },
                LOGIN: {
                    "type": "apiKey", "in": "cookie", "name": "atthene_login",
                    "description": "A log-in at the console, on its origin alone; by TLS it is __Host-atthene_login.",
                },
                CSRF: {
                    "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                    "description": "The value of the cookie atthene_csrf, with every request of a log-in.",
                },
            },
        },
    })
}

/// The console's origin, as the settings name it.
fn console_servers() -> Value {
    json!([{
        "url": "{console_url}",
        "description": "The console's origin.",
        "variables": { "console_url": {
            "default": "http://127.0.0.1:8090", "description": "`console_url` of the settings.",
        } },
    }])
}

/// Where an operation is served: its route, and the one of its other name.
fn served<'a>(
    routes: &'a [Route],
    operation: &Operation,
    alias: Option<(&str, &str)>,
) -> Vec<(String, Option<&'a Route>)> {
    let mut places = vec![operation.path.to_owned()];
    if let Some((other, own)) = alias
        && let Some(rest) = operation.path.strip_prefix(own)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        places.push(format!("{other}{rest}"));
    }
    let find = |path: &String| {
        let same = |route: &&Route| route.path == path.as_str() && route.method == operation.method;
        routes.iter().find(same)
    };
    places
        .into_iter()
        .map(|path| {
            let route = find(&path);
            (path, route)
        })
        .collect()
}

fn describe(operation: &Operation, path: &str, route: Option<&Route>, tag: &str, refusals: &mut Refusals<'_>) -> Value {
    let policy = route.map_or(Policy::Open, |route| route.policy);
    refusals.of_policy(policy);
    if operation.body.is_some() && route.is_some_and(|route| route.body_bytes > 0) {
        refusals.of_body();
    }
    refusals.add(&operation.refusals);
    let mut parameters = operation.parameters.clone();
    let mut description = operation.description.to_owned();
    let other = route.and_then(|route| route.or_scope);
    let or = other.map_or_else(String::new, |other| format!(" or `{}`", other.as_str()));
    let security = match policy {
        Policy::Key(scope) => {
            description.push_str(&format!("\n\nNeeds a key with the scope `{}`{or}.", scope.as_str()));
            let scope = [scope.as_str()];
            json!([{ PLAIN_KEY: scope }, { BEARER_KEY: scope }])
        }
        Policy::KeyOrLogin(scope) => {
            description.push_str(&format!(
                "\n\nNeeds a key with the scope `{}`, or a log-in.",
                scope.as_str()
            ));
            let scope = [scope.as_str()];
            json!([{ PLAIN_KEY: scope }, { BEARER_KEY: scope }, { LOGIN: [], CSRF: [] }])
        }
        Policy::Login(role) => {
            description.push_str(&format!(
                "\n\nNeeds a log-in with at least the role `{}`.",
                role.as_str()
            ));
            json!([{ LOGIN: [], CSRF: [] }])
        }
        Policy::VisitorOrKey(scope) => {
            let needs = "Needs a key with the scope";
            description.push_str(&format!("\n\n{needs} `{}`, or a visitor's token.", scope.as_str()));
            let scope = [scope.as_str()];
            json!([{ PLAIN_KEY: scope }, { BEARER_KEY: scope }, { VISITOR_TOKEN: [] }])
        }
        Policy::Visitor => json!([{ VISITOR_TOKEN: [] }]),
        Policy::Origin | Policy::Open => json!([]),
    };
    match policy {
        Policy::Key(_) if operation.method == http::Method::POST => {
            refusals.of_repeating();
            parameters.push(operation::idempotency_key());
        }
        Policy::Origin | Policy::Visitor => parameters.push(operation::origin(true)),
        Policy::VisitorOrKey(_) => parameters.push(operation::origin(false)),
        Policy::Key(_) | Policy::KeyOrLogin(_) | Policy::Login(_) | Policy::Open => {}
    }
    let mut responses = operation.answers.clone();
    responses.extend(refusals.references());
    let mut value = json!({
        "operationId": operation_id(operation, path),
        "tags": [tag],
        "summary": operation.summary,
        "description": description.trim(),
        "security": security,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(body) = &operation.body {
        value["requestBody"] = body.clone();
    }
    value
}

/// Unique over the document: the other name of a path has another id.
fn operation_id(operation: &Operation, path: &str) -> String {
    if path == operation.path {
        operation.id.to_owned()
    } else {
        format!("{}_by_other_path", operation.id)
    }
}
