//! Before the 101, and the first frame: who gets a socket, who gets a session, and what the others are told.

use std::time::Duration;

use atthene_protocol::socket::{POLICY, TOKEN};
use atthene_tests::socket::TestSocket;
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::raw::{Answer, HANDSHAKE, Raw};
use super::{SHOP, tab, talking};

const LINE: &str = "GET /ws/amas?agent_key=shop HTTP/1.1";

async fn asked(app: &TestApp, line: &str, headers: &str) -> Answer {
    let (address, line, headers) = (app.address, line.to_owned(), headers.to_owned());
    let asking = tokio::task::spawn_blocking(move || Raw::request(address, &line, &headers).1);
    asking.await.unwrap()
}

#[tokio::test]
async fn the_gate_speaks_before_the_101() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "hidden",
        is_public: false,
        ..AgentSpec::default()
    })
    .await;
    let origin = format!("origin: {SHOP}\r\n{HANDSHAKE}");
    for (line, headers, status, code) in [
        (LINE, HANDSHAKE.to_owned(), 403, "origin_required"),
        (LINE, format!("origin: {SHOP}\r\n{origin}"), 403, "origin_required"),
        (
            LINE,
            format!("origin: https://evil.example\r\n{HANDSHAKE}"),
            403,
            "origin_not_allowed",
        ),
        (LINE, format!("origin: null\r\n{HANDSHAKE}"), 403, "origin_not_allowed"),
        (
            "GET /ws/amas?agent_key=hidden HTTP/1.1",
            origin.clone(),
            404,
            "agent_not_found",
        ),
        (
            "GET /ws/amas?agent_key=nobody HTTP/1.1",
            origin.clone(),
            404,
            "agent_not_found",
        ),
        ("GET /ws/amas HTTP/1.1", origin.clone(), 404, "agent_not_found"),
        (
            LINE,
            format!("origin: https://evil.example\r\nreferer: {SHOP}/\r\n"),
            403,
            "origin_not_allowed",
        ),
    ] {
        let answer = asked(&app, line, &headers).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{line}\n{headers}"
        );
        assert!(answer.header("vary").unwrap().contains("Origin"));
        assert_eq!(answer.header("sec-websocket-accept"), None);
    }
    for path in ["/ws/amas", "/ws/amas/"] {
        let line = format!("GET {path}?agent_key=shop HTTP/1.1");
        assert_eq!(asked(&app, &line, &origin).await.status, 101);
    }
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_told_what_is_missing() {
    let app = TestApp::start().await;
    let with = |headers: &str| format!("origin: {SHOP}\r\n{headers}");
    let without = |name: &str| -> String {
        let kept = HANDSHAKE.lines().filter(|line| !line.starts_with(name));
        kept.map(|line| format!("{line}\r\n")).collect()
    };
    for (headers, status, code) in [
        (String::new(), 426, "upgrade_required"),
        (without("connection"), 426, "upgrade_required"),
        (without("upgrade"), 426, "upgrade_required"),
        (HANDSHAKE.replace("websocket", "h2c"), 426, "upgrade_required"),
        (without("sec-websocket-version"), 426, "socket_version"),
        (HANDSHAKE.replace("13", "8"), 426, "socket_version"),
        (HANDSHAKE.replace("13", "0"), 426, "socket_version"),
        (without("sec-websocket-key"), 400, "socket_key"),
        (
            HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="),
            400,
            "socket_key",
        ),
        (
            HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "not base64!"),
            400,
            "socket_key",
        ),
        (
            format!("{HANDSHAKE}sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"),
            400,
            "socket_key",
        ),
    ] {
        let answer = asked(&app, LINE, &with(&headers)).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{headers}");
        let version = (code == "socket_version").then_some("13");
        assert_eq!(answer.header("sec-websocket-version"), version);
        assert_eq!(answer.header("upgrade"), (status == 426).then_some("websocket"));
    }
    let old = asked(&app, &LINE.replace("1.1", "1.0"), &with(HANDSHAKE)).await;
    assert_eq!((old.status, old.code().as_str()), (426, "upgrade_required"));
}

#[tokio::test]
async fn a_good_handshake_is_answered_as_the_rfc_prints_it() {
    let app = TestApp::start().await;
    let headers = format!("origin: {SHOP}\r\n{HANDSHAKE}");
    let plain = asked(&app, LINE, &headers).await;
    assert_eq!(plain.status, 101);
    assert_eq!(
        plain.header("sec-websocket-accept"),
        Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    );
    assert_eq!(plain.header("sec-websocket-protocol"), None);
    assert_eq!(plain.header("sec-websocket-extensions"), None);
    for (offered, chosen) in [
        ("amas.v1", Some("amas.v1")),
        ("other, amas.v1", Some("amas.v1")),
        ("other\r\nsec-websocket-protocol: amas.v1", Some("amas.v1")),
        ("amas.v2", None),
    ] {
        let offer =
            format!("{headers}sec-websocket-protocol: {offered}\r\nsec-websocket-extensions: permessage-deflate\r\n");
        let answer = asked(&app, LINE, &offer).await;
        assert_eq!(answer.header("sec-websocket-protocol"), chosen, "{offered}");
        assert_eq!(answer.header("sec-websocket-extensions"), None);
    }
}

#[tokio::test]
async fn without_a_first_frame_in_time_the_socket_ends() {
    let app = TestApp::start_with(|settings| settings.limits.socket_start_timeout_ms = 200).await;
    let mut silent = TestSocket::open(app.address, "shop", SHOP).await;
    let (told, code) = silent.until_closed().await;
    assert_eq!(
        (told[0]["error"]["code"].as_str(), code),
        (Some("session_not_started"), POLICY)
    );
    // Other frames are no first frame, and gain no time.
    let mut chatty = TestSocket::open(app.address, "shop", SHOP).await;
    chatty.send(&json!({ "type": "ping" })).await;
    chatty.say("c1", "Hi").await;
    chatty.send_text("hello").await;
    chatty.send(&json!({ "type": "session.start" })).await;
    let (told, code) = chatty.until_closed().await;
    let codes: Vec<&str> = told
        .iter()
        .map(|frame| frame["error"]["code"].as_str().unwrap_or("-"))
        .collect();
    let wanted = [
        "-",
        "session_not_started",
        "malformed_json",
        "token_required",
        "session_not_started",
    ];
    assert_eq!((codes.as_slice(), code), (wanted.as_slice(), POLICY));
    assert_eq!(app.llm.requests().len(), 0);
}

#[tokio::test]
async fn a_token_that_is_not_good_here_ends_the_socket() {
    let app = TestApp::start().await;
    app.add_agent(AgentSpec {
        key: "other",
        ..AgentSpec::default()
    })
    .await;
    let visitor = app.visitor(SHOP).start().await;
    let foreign = TestVisitor::new(&app.url(), "other", SHOP).start().await;
    let (mut first, last) = visitor.token.split_at(visitor.token.len() - 4);
    let changed = last.chars().rev().collect::<String>();
    first = first.trim_end();
    let named = |token: &str, session: &str| json!({ "type": "session.start", "token": token, "session_id": session });
    for (start, code) in [
        (named("nonsense", &visitor.session_id), "token_invalid"),
        (named("", &visitor.session_id), "token_invalid"),
        (
            named(&format!("{first}{changed}x"), &visitor.session_id),
            "token_invalid",
        ),
        (named(&foreign.token, &foreign.session_id), "token_invalid"),
        (named(&visitor.token, &foreign.session_id), "not_found"),
        (named(&visitor.resume, &visitor.session_id), "token_invalid"),
    ] {
        let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
        socket.send(&start).await;
        let (told, closed) = socket.until_closed().await;
        assert_eq!(
            (told.len(), told[0]["error"]["code"].as_str(), closed),
            (1, Some(code), TOKEN),
            "{start}"
        );
    }
    app.clock.advance_s(15 * 60);
    let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
    socket
        .send(&json!({ "type": "session.start", "token": visitor.token }))
        .await;
    let (told, closed) = socket.until_closed().await;
    assert_eq!(
        (told[0]["error"]["code"].as_str(), closed),
        (Some("token_expired"), TOKEN)
    );
}

#[tokio::test]
async fn a_session_starts_once_and_tells_how_far_it_is() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let mut socket = TestSocket::open(app.address, "shop", SHOP).await;
    let ready = socket.start(&visitor.token, 0).await;
    assert_eq!(ready["session_id"], visitor.session_id.as_str());
    assert_eq!(ready["last_seq"], visitor.started["last_seq"]);
    socket
        .send(&json!({ "type": "session.start", "token": visitor.token }))
        .await;
    let told = socket.frame().await;
    assert_eq!(told["error"]["code"], "session_started");
    for text in [
        "",
        "nonsense",
        "{}",
        "[]",
        "{\"type\":\"nobody\"}",
        "{\"type\":\"message.send\"}",
    ] {
        socket.send_text(text).await;
        assert_eq!(socket.frame().await["type"], "error", "{text}");
    }
    socket.say("c1", "Hi").await;
    assert_eq!(
        socket.until_event("RUN_FINISHED").await.last().unwrap().kind(),
        "RUN_FINISHED"
    );
}

#[tokio::test]
async fn sockets_and_streams_share_the_places_of_a_visitor_and_of_an_address() {
    let app = TestApp::start_with(|settings| {
        settings.limits.visitor_sockets = 2;
        settings.limits.address_sockets = 4;
    })
    .await;
    let (visitor, first) = talking(&app).await;
    let _second = tab(&app, &visitor, 0).await;
    let stream = visitor
        .session_request(reqwest::Method::GET, "/events")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), StatusCode::TOO_MANY_REQUESTS);
    let mut third = TestSocket::open(app.address, "shop", SHOP).await;
    third
        .send(&json!({ "type": "session.start", "token": visitor.token }))
        .await;
    let (told, code) = third.until_closed().await;
    assert_eq!(
        (told[0]["error"]["code"].as_str(), code),
        (Some("rate_limited"), POLICY)
    );
    assert!(told[0]["error"]["retry_after_ms"].as_u64().unwrap() > 0);
    first.close().await;
    drop(third);
    // The address has four, whoever talks from there; two are taken.
    let _others = [
        TestSocket::open(app.address, "shop", SHOP).await,
        until_free(&app).await,
    ];
    let _last = until_free(&app).await;
    let answer = asked(&app, LINE, &format!("origin: {SHOP}\r\n{HANDSHAKE}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "rate_limited"));
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(body["error"]["retry_after_ms"].as_u64().unwrap() > 0);
    assert!(answer.header("retry-after").is_some());
}

/// A socket as soon as there is a place for one: places of sockets that ended become free a moment later.
async fn until_free(app: &TestApp) -> TestSocket {
    for _ in 0..200 {
        let answer = asked(app, LINE, &format!("origin: {SHOP}\r\n{HANDSHAKE}")).await;
        if answer.status == 101 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            return TestSocket::open(app.address, "shop", SHOP).await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no place became free");
}
