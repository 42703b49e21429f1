//! Text on the socket is UTF-8 (RFC 6455, section 8.1): what is not is refused wherever it stands, what is arrives.

use atthene_tests::TestApp;

use super::raw::{CLOSE, CONTINUE, PING, PONG, Raw, TEXT, part, whole};
use super::rfc6455::{UMLAUTS, done, hold, row};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_utf8_is_refused_wherever_it_stands_and_as_soon_as_it_is_seen() {
    // Each with something that is wrong whatever follows (RFC 3629).
    const BAD: [&[u8]; 14] = [
        b"\x80",
        b"\xbf",
        b"\xc0\xaf",
        b"\xc1\x81",
        b"\xe0\x80\xaf",
        b"\xe0\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf0\x80\x80\xaf",
        b"\xf0\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xfe",
        b"\xce\xce",
    ];
    let text = UMLAUTS.as_bytes();
    let mut rows = Vec::new();
    for bad in BAD {
        for (at, _) in UMLAUTS.char_indices() {
            let mixed = [&text[..at], bad, &text[at..]].concat();
            rows.push(row(
                format!("{} at {at}", bad.escape_ascii()),
                vec![whole(TEXT, &mixed)],
                &[],
                1007,
            ));
        }
        // Split at each byte: the message never ends, and it is refused all the same.
        let mixed = [text, bad].concat();
        for at in 0..=mixed.len() {
            rows.push(row(
                format!("{} split at {at}", bad.escape_ascii()),
                vec![
                    part(TEXT, &mixed[..at]),
                    part(CONTINUE, &mixed[at..]),
                    part(CONTINUE, b"x"),
                ],
                &[],
                1007,
            ));
        }
    }
    // A letter that ends with the message.
    for (at, letter) in UMLAUTS.char_indices() {
        for cut in 1..letter.len_utf8() {
            let sent = vec![whole(TEXT, &text[..at + cut])];
            rows.push(row(format!("cut at {}", at + cut), sent, &[], 1007));
            let sent = vec![part(TEXT, &text[..at + cut]), whole(CONTINUE, b"")];
            rows.push(row(format!("cut at {} in fragments", at + cut), sent, &[], 1007));
        }
    }
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_utf8_split_at_every_byte_is_taken() {
    // No frame of ours, so the answer is an error that a text was read for.
    let letters = "\u{0}\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{fffd}\u{ffff}\u{10000}\u{10ffff}";
    let text = format!("{UMLAUTS}{letters}");
    let app = TestApp::start().await;
    let address = app.address;
    tokio::task::spawn_blocking(move || {
        for at in 0..=text.len() {
            let (head, tail) = text.as_bytes().split_at(at);
            let mut raw = Raw::open(address);
            raw.send(&[part(TEXT, head), whole(PING, b""), whole(CONTINUE, tail), done()].concat());
            let heard = raw.rest();
            let opcodes: Vec<u8> = heard.iter().map(|frame| frame.opcode).collect();
            assert_eq!(opcodes, [PONG, TEXT, CLOSE], "split at {at}");
            assert!(String::from_utf8_lossy(&heard[1].payload).contains("malformed_json"));
        }
    })
    .await
    .unwrap();
}
