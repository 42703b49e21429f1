//! How a socket ends, and what keeps it open: renewed tokens, withdrawn access, restarts, slow and silent peers.

use std::time::Duration;

use atthene_protocol::ids::{SessionId, WorkspaceId};
use atthene_protocol::socket::{ACCESS_WITHDRAWN, RESTART, TOKEN, TOO_SLOW};
use atthene_tests::scripted::Piece;
use atthene_tests::socket::{Heard, TestSocket};
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::{Instant, sleep, timeout};

use super::raw::{HANDSHAKE, TEXT, whole};
use super::{SHOP, tab, talking};

#[tokio::test]
async fn a_token_is_renewed_on_the_open_socket_before_it_ends() {
    let app = TestApp::start_with(|settings| settings.visitor.token_ttl_s = 4).await;
    let (visitor, mut socket) = talking(&app).await;
    app.clock.advance_s(1);
    let renewed = socket.until("token").await.pop().unwrap();
    let token = renewed["token"].as_str().unwrap();
    assert_ne!(token, visitor.token);
    assert!(renewed["expires_at"].as_str().unwrap().ends_with('Z'));
    // The old one has ended, the new one is good everywhere, and this socket talks on.
    app.clock.advance_s(3);
    assert_eq!(
        visitor
            .session_request(Method::GET, "/messages")
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let mut again = TestSocket::open(app.address, "shop", SHOP).await;
    again.start(token, 0).await;
    socket.say("c1", "Hi").await;
    socket.until_event("RUN_FINISHED").await;
    // And once more.
    let renewed = socket.until("token").await.pop().unwrap();
    assert_ne!(renewed["token"].as_str().unwrap(), token);
}

#[tokio::test]
async fn a_socket_whose_session_was_erased_ends() {
    let app = TestApp::start_with(|settings| settings.visitor.token_ttl_s = 4).await;
    let (visitor, mut socket) = talking(&app).await;
    let mut quiet = tab(&app, &visitor, 0).await;
    let session = SessionId(visitor.session_id.clone());
    let workspace = WorkspaceId::default_workspace();
    app.store.delete_sessions(&workspace, &[session]).await.unwrap();
    socket.say("c1", "Hi").await;
    let (told, code) = socket.until_closed().await;
    assert_eq!((told[0]["error"]["code"].as_str(), code), (Some("not_found"), TOKEN));
    assert_eq!(told[0]["client_id"], "c1");
    // One that says nothing learns of it when its token would be renewed.
    assert_eq!(quiet.until_closed().await.1, TOKEN);
}

#[tokio::test]
async fn a_visitor_who_erases_the_conversation_ends_every_tab_of_it() {
    let app = TestApp::start().await;
    app.llm.answer(&[Piece::Text("Half"), Piece::Hold]);
    let (visitor, mut first) = talking(&app).await;
    let mut second = tab(&app, &visitor, 0).await;
    first.say("c1", "Hi").await;
    first.until_event("TEXT_MESSAGE_CONTENT").await;
    let begun = Instant::now();
    let erased = visitor.session_request(Method::DELETE, "").send().await.unwrap();
    assert!(erased.status().is_success(), "{}", erased.status());
    for socket in [&mut first, &mut second] {
        assert_eq!(socket.until_closed().await.1, TOKEN);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let mut again = TestSocket::open(app.address, "shop", SHOP).await;
    again
        .send(&json!({ "type": "session.start", "token": visitor.token }))
        .await;
    let (told, code) = again.until_closed().await;
    assert_eq!((told[0]["error"]["code"].as_str(), code), (Some("not_found"), TOKEN));
}

#[tokio::test]
async fn withdrawn_access_ends_open_sockets_within_seconds() {
    let app = TestApp::start().await;
    let mut agent = app
        .add_agent(AgentSpec {
            key: "brief",
            origins: vec![SHOP, "https://second.example"],
            ..AgentSpec::default()
        })
        .await;
    let mut sockets = Vec::new();
    for origin in [SHOP, "https://second.example"] {
        let visitor = TestVisitor::new(&app.url(), "brief", origin).start().await;
        let mut socket = TestSocket::open(app.address, "brief", origin).await;
        socket.start(&visitor.token, 0).await;
        sockets.push(socket);
    }
    let begun = Instant::now();
    agent.allowed_origins = vec![SHOP.to_owned()];
    app.change_agent(&agent).await;
    assert_eq!(sockets[1].until_closed().await.1, ACCESS_WITHDRAWN);
    sockets[0].send(&json!({ "type": "ping" })).await;
    assert_eq!(
        sockets[0].frame().await["type"],
        "pong",
        "the other origin is still on the list"
    );
    agent.is_public = false;
    app.change_agent(&agent).await;
    assert_eq!(sockets[0].until_closed().await.1, ACCESS_WITHDRAWN);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_server_that_stops_tells_every_socket_to_come_back() {
    let app = TestApp::start().await;
    app.llm
        .answer(&[Piece::Text("Half"), Piece::Hold, Piece::Text(" and whole")]);
    let (visitor, mut busy) = talking(&app).await;
    let mut unstarted = TestSocket::open(app.address, "shop", SHOP).await;
    busy.say("c1", "Hi").await;
    busy.until_event("TEXT_MESSAGE_CONTENT").await;
    app.begin_stop();
    for socket in [&mut busy, &mut unstarted] {
        let (told, code) = socket.until_closed().await;
        assert_eq!(code, RESTART);
        let last = told.last().unwrap();
        assert_eq!(last["type"], "reconnect");
        assert!(last["after_ms"].as_u64().unwrap() > 0);
    }
    let address = app.address;
    let answer = tokio::task::spawn_blocking(move || {
        let headers = format!("origin: {SHOP}\r\n{HANDSHAKE}");
        super::raw::Raw::request(address, "GET /ws/amas?agent_key=shop HTTP/1.1", &headers).1
    });
    let answer = answer.await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (503, "shutting_down"));
    // The answer that was being written ends all the same.
    app.llm.release();
    let app = app.stop_and_restart().await;
    let mut again = app.visitor(SHOP);
    again.resume.clone_from(&visitor.resume);
    let history = again.start().await.history().await;
    assert_eq!(history[1]["content"], "Half and whole");
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_dropped_and_one_that_answers_is_not() {
    let app = TestApp::start_with(|settings| settings.limits.socket_ping_every_ms = 150).await;
    let (visitor, mut alive) = talking(&app).await;
    // Its frames are read late: pongs are sent while somebody reads.
    let dead = tab(&app, &visitor, 0).await;
    let begun = Instant::now();
    let mut pings = 0;
    while begun.elapsed() < Duration::from_millis(900) {
        assert_eq!(alive.hear().await, Heard::Ping);
        pings += 1;
    }
    assert!(pings >= 4, "{pings}");
    let mut dead = dead;
    loop {
        match dead.hear().await {
            Heard::Ping => {}
            end => break assert_eq!(end, Heard::Cut),
        }
    }
    alive.send(&json!({ "type": "ping" })).await;
    alive.until("pong").await;
}

/// A conversation of many megabytes.
async fn long_conversation(app: &TestApp) -> TestVisitor {
    let text: &'static str = Box::leak("x".repeat(1_000_000).into_boxed_str());
    let (visitor, mut socket) = talking(app).await;
    for number in 0..8 {
        app.llm.answer(&[Piece::Text(text)]);
        socket.say(&format!("c{number}"), "Tell me all").await;
        socket.until_event("RUN_FINISHED").await;
    }
    visitor
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_told_so_and_its_place_is_free_again() {
    let app = TestApp::start_with(|settings| {
        settings.limits.slow_reader_timeout_ms = 1_500;
        settings.limits.visitor_sockets = 2;
    })
    .await;
    let visitor = long_conversation(&app).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut slow = socket.connect(app.address).await.unwrap();
    let start = json!({ "type": "session.start", "token": visitor.token }).to_string();
    let request = format!("GET /ws/amas?agent_key=shop HTTP/1.1\r\nhost: test\r\norigin: {SHOP}\r\n{HANDSHAKE}\r\n");
    slow.write_all(&[request.as_bytes(), &whole(TEXT, start.as_bytes())].concat())
        .await
        .unwrap();
    slow.readable().await.unwrap();
    // Meanwhile the visitor's other tab talks on.
    let mut other = tab(&app, &visitor, 1_000_000).await;
    app.llm.answer(&[Piece::Text("Quick")]);
    other.say("quick", "Hi").await;
    other.until_event("RUN_FINISHED").await;
    // Between being slow and being cut off, a third of that later.
    sleep(Duration::from_millis(1_700)).await;
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    while let Ok(Ok(read)) = timeout(Duration::from_secs(5), slow.read(&mut chunk)).await {
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    assert!(bytes.len() < 8_000_000, "what waited for it was not kept");
    let reason = bytes.windows(2).rposition(|pair| pair == TOO_SLOW.to_be_bytes());
    let reason = String::from_utf8_lossy(&bytes[reason.unwrap() + 2..]).into_owned();
    assert!(reason.starts_with("too slow"), "{reason}");
    drop(slow);
    tab(&app, &visitor, 1_000_000).await.close().await;
}
