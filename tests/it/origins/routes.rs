//! The table of matches on every visitor route of the route table, over real connections, preflights included.

use std::collections::BTreeMap;

use atthene_server::api::Policy;
use atthene_server::config::LimitSettings;
use atthene_server::domain::clock::new_agent_id;
use atthene_server::domain::origins::{Entry, parse_list};
use atthene_server::model::agent::Agent;
use atthene_server::router::routes;
use atthene_tests::{AgentSpec, TestApp};

use super::raw::{Answer, Connection};
use super::table::{assert_none_wrong, bytes, cases, text};

const TABLE: &str = include_str!("../../fixtures/origins/matching.tsv");
const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
const PREFLIGHT: &str = "access-control-request-method: POST\r\naccess-control-request-headers: content-type\r\n";

/// A method, a path for one agent key, and headers that belong to it.
struct Call {
    method: String,
    path: String,
    extra: &'static str,
}

impl Call {
    fn is_socket(&self) -> bool {
        self.path.starts_with("/ws/")
    }
}

/// Every route that pages may call as a page calls it, its preflight, and what stands under the gate without being a
/// route.
fn calls(agent_key: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for route in routes(&LimitSettings::default())
        .into_iter()
        .filter(|route| matches!(route.policy, Policy::Origin | Policy::Visitor | Policy::VisitorOrKey(_)))
    {
        let path = route
            .path
            .replace("{agent_key}", agent_key)
            .replace("{session_id}", "no-such-session");
        if route.path.contains("{agent_key}") {
            calls.push(Call {
                method: route.method.to_string(),
                path: path.clone(),
                extra: "",
            });
            calls.push(Call {
                method: "OPTIONS".to_owned(),
                path,
                extra: PREFLIGHT,
            });
        } else {
            let path = format!("{path}?agent_key={agent_key}");
            calls.push(Call {
                method: route.method.to_string(),
                path,
                extra: UPGRADE,
            });
        }
    }
    let base = format!("/public/v1/agents/{agent_key}");
    calls.push(Call {
        method: "HEAD".to_owned(),
        path: base.clone(),
        extra: "",
    });
    calls.push(Call {
        method: "PUT".to_owned(),
        path: base.clone(),
        extra: "",
    });
    calls.push(Call {
        method: "GET".to_owned(),
        path: format!("{base}/no-such-route"),
        extra: "",
    });
    calls
}

/// Adds one agent for each set-up of the table; gives back their keys.
async fn add_agents(app: &TestApp) -> BTreeMap<(String, String), String> {
    let model = app
        .add_agent(AgentSpec {
            key: "first",
            ..AgentSpec::default()
        })
        .await;
    let mut keys = BTreeMap::new();
    for case in cases(TABLE, 4) {
        let set_up = (case.cells[0].to_owned(), case.cells[1].to_owned());
        if keys.contains_key(&set_up) {
            continue;
        }
        let agent_key = format!("agent{}", keys.len());
        let texts: Vec<String> = text(case.cells[0]).split_whitespace().map(str::to_owned).collect();
        let agent = Agent {
            id: new_agent_id(),
            agent_key: agent_key.clone(),
            dev_mode: case.cells[1] == "dev",
            allow_any_origin: case.cells[1] == "any",
            allowed_origins: parse_list(&texts)
                .unwrap()
                .iter()
                .map(|entry: &Entry| entry.to_string())
                .collect(),
            ..model.clone()
        };
        assert!(app.store.create_agent(&agent).await.unwrap());
        keys.insert(set_up, agent_key);
    }
    // The table is read as a whole: when the gate knows the last agent, it knows all.
    app.add_agent(AgentSpec {
        key: "last",
        ..AgentSpec::default()
    })
    .await;
    keys
}

/// What is wrong with an answer to an origin that must pass.
fn wrong_if_allowed(call: &Call, answer: &Answer, origin: &str) -> Option<String> {
    if answer.code().starts_with("origin_") || answer.status == 403 {
        return Some("refused".to_owned());
    }
    if !call.is_socket() && answer.all("access-control-allow-origin") != [origin] {
        return Some(format!("allows {:?}", answer.all("access-control-allow-origin")));
    }
    (call.method == "OPTIONS" && answer.status != 204).then(|| format!("preflight {}", answer.status))
}

/// What is wrong with an answer to an origin that must not pass.
fn wrong_if_refused(call: &Call, answer: &Answer, code: &str) -> Option<String> {
    let has_cors = answer
        .headers
        .iter()
        .any(|(name, _)| name.starts_with("access-control-"));
    let says_why = call.method == "HEAD" || answer.code() == code;
    let is_right = answer.status == 403 && says_why && !has_cors;
    (!is_right).then(|| format!("{} {} {:?}", answer.status, answer.code(), answer.headers))
}

fn wrong_anyway(answer: &Answer) -> Option<String> {
    if !answer.all("access-control-allow-credentials").is_empty() {
        return Some("allows credentials".to_owned());
    }
    (!answer.varies_by_origin()).then(|| format!("{} without Vary: Origin", answer.status))
}

/// What is left of a value when HTTP has cut the white space around it, or `None` if it can't be one line at all.
fn as_sent(header: &[u8]) -> Option<Vec<u8>> {
    let is_line = !header.iter().any(|byte| matches!(byte, b'\r' | b'\n'));
    is_line.then(|| {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        let start = header.iter().position(|byte| !is_space(byte)).unwrap_or(header.len());
        let end = header
            .iter()
            .rposition(|byte| !is_space(byte))
            .map_or(start, |at| at + 1);
        header[start..end].to_vec()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_pair_of_the_table_is_decided_the_same_on_every_visitor_route() {
    let app = TestApp::start().await;
    let keys = add_agents(&app).await;
    let address = app.address;
    let wrong = tokio::task::spawn_blocking(move || {
        let (mut wrong, mut asked) = (Vec::new(), 0);
        let mut connection = Connection::new(address);
        for case in cases(TABLE, 4) {
            let header = bytes(case.cells[2]);
            // White space around a value is not part of it, so it isn't the gate's to refuse.
            if as_sent(&header).as_ref() != Some(&header) {
                continue;
            }
            // A tab is the one control that a header may hold.
            let is_sendable = !header.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
            let agent_key = &keys[&(case.cells[0].to_owned(), case.cells[1].to_owned())];
            for call in calls(agent_key) {
                let answer = connection.ask(&call.method, &call.path, &[&header], call.extra);
                asked += 1;
                // Bytes that no header can hold are refused before anybody looks at them.
                if !is_sendable {
                    if answer.status != 400 || !answer.body.is_empty() {
                        wrong.push(format!("{}: {}", case.line, answer.status));
                    }
                    continue;
                }
                let found = match case.cells[3] {
                    "yes" => wrong_if_allowed(&call, &answer, std::str::from_utf8(&header).unwrap()),
                    _ => wrong_if_refused(&call, &answer, "origin_not_allowed"),
                };
                if let Some(what) = found.or_else(|| wrong_anyway(&answer)) {
                    wrong.push(format!(
                        "{}: {} {} `{}`: {what}",
                        case.line,
                        call.method,
                        call.path,
                        header.escape_ascii()
                    ));
                }
            }
        }
        assert!(asked > 4_000, "{asked}");
        wrong
    })
    .await
    .unwrap();
    assert_none_wrong(&wrong);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_exactly_one_origin_header_every_visitor_route_requires_one() {
    let app = TestApp::start().await;
    let address = app.address;
    let wrong = tokio::task::spawn_blocking(move || {
        let good: &[u8] = b"https://shop.example";
        let bad: &[u8] = b"https://evil.example";
        let lines: [&[&[u8]]; 5] = [&[], &[good, good], &[good, bad], &[bad, good], &[good, b""]];
        let mut wrong = Vec::new();
        let mut connection = Connection::new(address);
        for call in calls("shop") {
            for origins in lines {
                // A Referer says nothing, wherever it points.
                let extra = format!("{}referer: https://shop.example/page\r\n", call.extra);
                let answer = connection.ask(&call.method, &call.path, origins, &extra);
                if let Some(what) =
                    wrong_if_refused(&call, &answer, "origin_required").or_else(|| wrong_anyway(&answer))
                {
                    wrong.push(format!("{} {} {} lines: {what}", call.method, call.path, origins.len()));
                }
            }
        }
        wrong
    })
    .await
    .unwrap();
    assert_none_wrong(&wrong);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_is_unknown_or_not_public_is_the_same_404_to_every_origin() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "hidden",
        is_public: false,
        ..AgentSpec::default()
    })
    .await;
    let address = app.address;
    let wrong = tokio::task::spawn_blocking(move || {
        let mut wrong = Vec::new();
        let mut connection = Connection::new(address);
        let lines: [&[&[u8]]; 4] = [&[], &[b"https://shop.example"], &[b"https://evil.example"], &[b"null"]];
        for (hidden, unknown) in calls("hidden").into_iter().zip(calls("nobody")) {
            for origins in lines {
                let one = connection.ask(&hidden.method, &hidden.path, origins, hidden.extra);
                let other = connection.ask(&unknown.method, &unknown.path, origins, unknown.extra);
                let names = |answer: &Answer| answer.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
                let is_same = one.status == other.status && one.code() == other.code() && names(&one) == names(&other);
                let has_cors = names(&one).iter().any(|name| name.starts_with("access-control-"));
                if !is_same || one.status != 404 || has_cors || !one.varies_by_origin() {
                    wrong.push(format!("{} {}: {one:?} and {other:?}", hidden.method, hidden.path));
                }
            }
        }
        wrong
    })
    .await
    .unwrap();
    assert_none_wrong(&wrong);
}
