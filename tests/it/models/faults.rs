//! Faults of a provider: each ends in exactly one error of the right family, in time, without the key in it.

use std::time::{Duration, Instant};

use atthene_server::llm::ModelErrorKind as Kind;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::upstream::{KEY, Outcome, STREAM_HEAD, Upstream, ask, delta, end, settings, whole};

fn assert_one_error(outcome: &Outcome, kind: Kind) {
    assert_eq!(outcome.errors.len(), 1, "{outcome:?}");
    assert_eq!(outcome.errors[0].kind, kind, "{outcome:?}");
    assert_eq!(outcome.after_error, 0, "{outcome:?}");
    let detail = &outcome.errors[0].detail;
    assert!(!detail.contains(KEY), "{detail}");
    assert!(detail.chars().count() < 700, "{detail}");
}

/// A stream of these bytes that then just ends.
async fn streamed(body: impl AsRef<[u8]>) -> Outcome {
    let mut bytes = STREAM_HEAD.as_bytes().to_vec();
    bytes.extend_from_slice(body.as_ref());
    let upstream = Upstream::always(vec![bytes]).await;
    ask(&upstream.settings(), "mock/m").await
}

#[tokio::test]
async fn statuses_become_their_family() {
    let table = [
        ("400 Bad Request", Kind::Refused),
        ("401 Unauthorized", Kind::Refused),
        ("404 Not Found", Kind::Refused),
        ("307 Temporary Redirect", Kind::Refused),
        ("429 Too Many Requests", Kind::Busy),
        ("500 Internal Server Error", Kind::Unreachable),
        ("502 Bad Gateway", Kind::Unreachable),
        ("503 Service Unavailable", Kind::Busy),
        ("529 Overloaded", Kind::Busy),
    ];
    for (status, kind) in table {
        let body = format!("{{\"error\":{{\"message\":\"Incorrect API key {KEY} given\"}}}}");
        let upstream = Upstream::always(vec![whole(status, "location: http://127.0.0.1:1/\r\n", &body)]).await;
        let outcome = ask(&upstream.settings(), "mock/m").await;
        assert_one_error(&outcome, kind);
        assert!(outcome.errors[0].detail.contains(&status[..3]), "{outcome:?}");
    }
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms() {
    for (header, ms) in [
        ("retry-after: 7\r\n", 7_000),
        ("retry-after-ms: 1500\r\nretry-after: 9\r\n", 1_500),
    ] {
        let upstream = Upstream::always(vec![whole("429 Too Many Requests", header, "{}")]).await;
        let outcome = ask(&upstream.settings(), "mock/m").await;
        assert_eq!(outcome.errors[0].retry_after_ms, Some(ms));
    }
}

#[tokio::test]
async fn a_refused_connection_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    assert_one_error(&ask(&settings(port), "mock/m").await, Kind::Unreachable);
}

#[tokio::test]
async fn a_black_hole_ends_in_time() {
    let upstream = Upstream::start(|_, socket| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(socket);
    })
    .await;
    let mut settings = upstream.settings();
    settings.upstream.first_token_timeout_ms = 300;
    settings.upstream.retries = 2;
    let begun = Instant::now();
    assert_one_error(&ask(&settings, "mock/m").await, Kind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_reset_in_the_middle_breaks_the_answer() {
    let upstream = Upstream::start(|_, mut socket| async move {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        let event = delta("half");
        let _ = socket
            .write_all(format!("{head}{:x}\r\n{event}\r\n", event.len()).as_bytes())
            .await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let _ = socket.set_zero_linger();
        drop(socket);
    })
    .await;
    let outcome = ask(&upstream.settings(), "mock/m").await;
    assert_eq!(outcome.text, "half");
    assert_one_error(&outcome, Kind::Broken);
}

#[tokio::test]
async fn an_error_event_after_200_breaks_the_answer() {
    let event = format!("data: {{\"error\":{{\"message\":\"boom {KEY}\",\"type\":\"server_error\"}}}}\n\n");
    let outcome = streamed(format!("{}{event}{}", delta("a"), end())).await;
    assert_eq!(outcome.text, "a");
    assert_one_error(&outcome, Kind::Broken);
    let busy = "data: {\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\"}}\n\n";
    assert_one_error(&streamed(busy).await, Kind::Busy);
}

#[tokio::test]
async fn a_stream_that_just_ends_is_broken() {
    let mid_event = &delta("lost")[..20];
    let finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    for (body, text) in [
        (String::new(), ""),
        (delta("a"), "a"),
        (format!("{}{mid_event}", delta("a")), "a"),
    ] {
        let outcome = streamed(&body).await;
        assert_eq!(outcome.text, text, "{body}");
        assert_one_error(&outcome, Kind::Broken);
    }
    // The vendor gave the reason of the end, but no [DONE], as some never do: nothing of the text is missing.
    let outcome = streamed(format!("{}{finish}", delta("a"))).await;
    assert_eq!(outcome.text, "a");
    assert!(outcome.errors.is_empty(), "{outcome:?}");
}

#[tokio::test]
async fn unreadable_streams_are_broken() {
    assert_one_error(&streamed("data: {not json\n\n").await, Kind::Broken);
    assert_one_error(&streamed(b"data: {\"choices\":[\xff\xfe\n\n").await, Kind::Broken);
    // Half a character at the end.
    assert_one_error(&streamed(b"data: \xe6\x97").await, Kind::Broken);
    let page = Upstream::always(vec![whole("200 OK", "", "<html>Welcome to the proxy</html>")]).await;
    assert_one_error(&ask(&page.settings(), "mock/m").await, Kind::Broken);
    let error = Upstream::always(vec![whole("200 OK", "", "{\"error\":\"no such model\"}")]).await;
    assert_one_error(&ask(&error.settings(), "mock/m").await, Kind::Broken);
    let garbage = Upstream::always(vec![b"\x00\x01\x02\r\n\r\n".to_vec()]).await;
    assert_one_error(&ask(&garbage.settings(), "mock/m").await, Kind::Unreachable);
}

#[tokio::test]
async fn a_drip_ends_at_the_limits() {
    let upstream = Upstream::start(|_, mut socket| async move {
        let _ = socket.write_all(STREAM_HEAD.as_bytes()).await;
        for number in 0..1_000 {
            if socket.write_all(delta(&format!("{number} ")).as_bytes()).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    })
    .await;
    let mut settings = upstream.settings();
    settings.upstream.total_timeout_ms = 400;
    let outcome = ask(&settings, "mock/m").await;
    assert!(outcome.text.starts_with("0 1 2 "), "{outcome:?}");
    assert_one_error(&outcome, Kind::Timeout);

    settings.upstream.total_timeout_ms = 60_000;
    settings.upstream.idle_timeout_ms = 10;
    assert_one_error(&ask(&settings, "mock/m").await, Kind::Timeout);
}

#[tokio::test]
async fn comments_without_an_event_do_not_hold_a_turn() {
    let upstream = Upstream::start(|_, mut socket| async move {
        let _ = socket.write_all(STREAM_HEAD.as_bytes()).await;
        while socket.write_all(b": still here\n\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let mut settings = upstream.settings();
    settings.upstream.first_token_timeout_ms = 200;
    assert_one_error(&ask(&settings, "mock/m").await, Kind::Timeout);
}
