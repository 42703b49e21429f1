//! Whom the limits count: the client's address behind proxies, and what counts as one address.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Instant;

use atthene_server::domain::limits::address_key;
use atthene_server::http::extract::address::client_address;
use atthene_server::model::key::Scope;
use atthene_tests::TestApp;
use futures_util::future::join_all;
use http::HeaderMap;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn client(peer: &str, lines: &[&str]) -> String {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append("x-forwarded-for", line.parse().unwrap());
    }
    let trusted = [address("10.0.0.1"), address("10.0.0.2"), address("2001:db8::1")];
    client_address(address(peer), &headers, &trusted).to_string()
}

#[test]
fn the_first_from_the_right_that_is_no_proxy_of_ours_is_counted() {
    for (peer, lines, wanted) in [
        // Nobody else is believed.
        ("198.51.100.9", &["203.0.113.7"][..], "198.51.100.9"),
        ("10.0.0.3", &["203.0.113.7"], "10.0.0.3"),
        ("10.0.0.1", &[], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
        // What the visitor wrote themselves stands further left.
        ("10.0.0.1", &["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", &["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", &["203.0.113.7", "10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", &["6.6.6.6, 203.0.113.7,10.0.0.2 , 10.0.0.1"], "203.0.113.7"),
        ("10.0.0.1", &["10.0.0.2"], "10.0.0.2"),
        // What cannot be read ends the chain: whoever passed it on is counted.
        ("10.0.0.1", &["203.0.113.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.7, 10.0.0.2, "], "10.0.0.1"),
        ("10.0.0.1", &["unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", &["203.0.113.7:4711"], "10.0.0.1"),
        ("10.0.0.1", &[""], "10.0.0.1"),
        // IPv4 in the clothes of IPv6 is IPv4, and IPv6 is IPv6.
        ("::ffff:10.0.0.1", &["::ffff:203.0.113.7"], "203.0.113.7"),
        ("2001:db8::1", &["2001:db8:5::7"], "2001:db8:5::7"),
    ] {
        assert_eq!(client(peer, lines), wanted, "{peer} {lines:?}");
    }
}

#[test]
fn an_ipv4_counts_whole_and_an_ipv6_by_its_network() {
    let key = |text: &str| address_key(address(text));
    assert_ne!(key("203.0.113.7"), key("203.0.113.8"));
    assert_eq!(key("203.0.113.7"), key("::ffff:203.0.113.7"));
    assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    // The parts must not run into each other.
    assert_ne!(key("2001:db8:1:23::1"), key("2001:db8:12:3::1"));
    assert_ne!(key("::1"), key("203.0.113.7"));
}

async fn start_from(app: &TestApp, forwarded: &str) -> Response {
    let start = app.visitor(SHOP).request(Method::POST, "/sessions").json(&json!({}));
    start.header("x-forwarded-for", forwarded).send().await.unwrap()
}

#[tokio::test]
async fn each_visitor_behind_a_proxy_has_limits_of_their_own() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec![address("127.0.0.1")];
        settings.limits.address_sessions_per_min = 2;
    })
    .await;
    for forwarded in ["203.0.113.7", "203.0.113.8", "2001:db8:1:2::1"] {
        assert_eq!(start_from(&app, forwarded).await.status(), StatusCode::CREATED);
    }
    assert_eq!(start_from(&app, "203.0.113.7").await.status(), StatusCode::CREATED);
    assert_eq!(
        start_from(&app, "2001:db8:1:2:9::9").await.status(),
        StatusCode::CREATED
    );
    // A third one, though the visitor puts a stranger in front.
    for forwarded in ["203.0.113.7", "6.6.6.6, 203.0.113.7", "2001:db8:1:2::5"] {
        assert_eq!(
            start_from(&app, forwarded).await.status(),
            StatusCode::TOO_MANY_REQUESTS,
            "{forwarded}"
        );
    }
    assert_eq!(start_from(&app, "203.0.113.8").await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_visitor_without_a_proxy_cannot_choose_an_address() {
    let app = TestApp::start_with(|settings| settings.limits.address_sessions_per_min = 2).await;
    let mut told = Vec::new();
    for number in 0..4 {
        told.push(start_from(&app, &format!("203.0.113.{number}")).await.status().as_u16());
    }
    assert_eq!(told, [201, 201, 429, 429]);
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back_in_every_place_alike() {
    let app = TestApp::start_with(|settings| settings.limits.address_sessions_per_min = 2).await;
    for _ in 0..2 {
        start_from(&app, "x").await;
    }
    let refused = start_from(&app, "x").await;
    let headers = refused.headers().clone();
    let number = |name: &str| -> u64 { headers[name].to_str().unwrap().parse().unwrap() };
    let body: Value = refused.json().await.unwrap();
    let retry_after_ms = body["error"]["retry_after_ms"].as_u64().unwrap();
    // Two a minute: the next one fits within half a minute.
    assert!((1..=30_000).contains(&retry_after_ms), "{retry_after_ms}");
    assert_eq!(number("retry-after"), retry_after_ms.div_ceil(1_000));
    assert_eq!(number("ratelimit-reset"), number("retry-after"));
    assert_eq!((number("ratelimit-limit"), number("ratelimit-remaining")), (2, 0));
    assert_eq!(body["error"]["type"], "rate_limit_error");
}

fn rest(answer: &Response) -> (u32, u32, u32) {
    let number = |name: &str| -> u32 { answer.headers()[name].to_str().unwrap().parse().unwrap() };
    (
        number("ratelimit-limit"),
        number("ratelimit-remaining"),
        number("ratelimit-reset"),
    )
}

#[tokio::test]
async fn every_answer_of_a_key_surface_tells_what_is_left() {
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = 30).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let mut left = None;
    for (method, path, status) in [
        (Method::GET, "/v1/models", StatusCode::OK),
        (Method::GET, "/v1/models/nobody", StatusCode::NOT_FOUND),
        (Method::GET, "/chats", StatusCode::OK),
        (Method::POST, "/api/chat", StatusCode::BAD_REQUEST),
        (Method::POST, "/v1/chat/completions", StatusCode::BAD_REQUEST),
        (Method::GET, "/api/v1/api-keys", StatusCode::FORBIDDEN),
        (Method::GET, "/api/v1/sessions/nobody", StatusCode::NOT_FOUND),
    ] {
        let sent = back_end
            .request(method, path)
            .header("content-type", "application/json")
            .body("{");
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let (limit, remaining, reset_s) = rest(&answer);
        assert_eq!((limit, reset_s), (30, 2), "{path}: one more every two seconds");
        // One less each time, but for what came back meanwhile.
        assert!(
            left.is_none_or(|left| remaining + 1 >= left && remaining <= left),
            "{path} {left:?} {remaining}"
        );
        left = Some(remaining);
    }
    assert!(left.unwrap() <= 24, "{left:?}");
    let unknown = reqwest::Client::new()
        .get(format!("{}/v1/models", app.url()))
        .send()
        .await
        .unwrap();
    assert!(!unknown.headers().contains_key("ratelimit-limit"), "nobody was counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_exact_under_a_hundred_clients_at_once() {
    const LIMIT: u32 = 60;
    let app = TestApp::start_with(|settings| settings.limits.key_requests_per_min = LIMIT).await;
    let back_end = app.back_end(&[Scope::Chat]).await;
    let begun = Instant::now();
    let answers = (0..100).map(|_| back_end.request(Method::GET, "/v1/models").send());
    let answers: Vec<Response> = join_all(answers).await.into_iter().map(Result::unwrap).collect();
    // One a second comes back, and one was used to learn that the key is known.
    let came_back = u32::try_from(begun.elapsed().as_secs()).unwrap() + 2;
    let mut told = Vec::new();
    for answer in &answers {
        let (limit, remaining, _) = rest(answer);
        assert_eq!(limit, LIMIT);
        match answer.status() {
            StatusCode::OK => told.push(remaining),
            status => assert_eq!((status, remaining), (StatusCode::TOO_MANY_REQUESTS, 0)),
        }
    }
    let passed = u32::try_from(told.len()).unwrap();
    assert!((LIMIT - 1..=LIMIT + came_back).contains(&passed), "{passed} passed");
    let distinct: BTreeSet<u32> = told.iter().copied().collect();
    let doubled = passed - u32::try_from(distinct.len()).unwrap();
    assert!(doubled <= came_back, "{doubled} were told the same rest: {told:?}");
    assert_eq!(distinct.first(), Some(&0), "the last one that fits is told so");
}
