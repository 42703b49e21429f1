//! Which addresses may be asked, and that nothing goes around it.

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn only_the_public_internet_is_public() {
    let closed = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "3fff::1",
        "100::1",
    ];
    for address in closed {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "198.20.0.1",
        "2606:4700::1111",
        "2001:4860:4860::8888",
    ] {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

#[tokio::test]
async fn an_address_that_leads_inside_is_never_connected_to() {
    let canary = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = canary.local_addr().unwrap().port();
    let egress = Egress::open().unwrap();
    for address in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f.1:{port}/"),
        format!("https://0177.0.0.1:{port}/"),
        format!("https://127.1:{port}/"),
        format!("https://user:secret@127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        "ftp://198.51.100.1/".to_owned(),
        "nonsense".to_owned(),
    ] {
        assert_eq!(
            egress.fetch(&address).await.unwrap_err(),
            EgressError::NotAllowed,
            "{address}"
        );
    }
    let none = tokio::time::timeout(Duration::from_millis(100), canary.accept()).await;
    assert!(none.is_err(), "nobody connected");
}

/// A server that answers each connection with what is next on the list.
async fn answering(answers: Vec<String>) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

fn only_here(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1])
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_address_itself() {
    let egress = Egress::with(only_here, "http").unwrap();
    let inside = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let port = answering(vec![inside.to_owned()]).await;
    let refused = egress.fetch(&format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(refused.unwrap_err(), EgressError::NotAllowed);
    let image = "HTTP/1.1 200 OK\r\nContent-Type: Image/PNG; x=y\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc";
    let moved = "HTTP/1.1 301 Moved\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let port = answering(vec![moved.to_owned(), image.to_owned()]).await;
    let fetched = egress.fetch(&format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(
        (fetched.media_type.as_str(), fetched.bytes.as_slice()),
        ("image/png", b"abc".as_slice())
    );
}

#[tokio::test]
async fn what_is_too_large_is_not_taken() {
    let egress = Egress::with(only_here, "http").unwrap();
    let large = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        MAX_BYTES + 1,
        "x".repeat(MAX_BYTES + 1)
    );
    let port = answering(vec![large]).await;
    let refused = egress.fetch(&format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(refused.unwrap_err(), EgressError::TooLarge);
}
