//! RFC 6455, row by row, with a client that can break every rule. What a row expects is how the server answers, with
//! which code it closes, and that it closes the connection by itself.

use std::net::SocketAddr;

use atthene_tests::TestApp;

use super::raw::{BINARY, CLOSE, CONTINUE, Frame, PING, PONG, Raw, TEXT, bare_frame, close, frame_of, part, whole};

const ASK: &[u8] = b"{\"type\":\"ping\"}";
const SAID: &[u8] = b"{\"type\":\"pong\"}";
pub(super) const UMLAUTS: &str = "κόσμε 🙂 ü";
/// So many rows are run at the same time.
const AT_ONCE: usize = 16;

/// What is sent, and what must come back before the connection ends.
pub(super) struct Row {
    name: String,
    sent: Vec<Vec<u8>>,
    answers: Vec<(u8, Vec<u8>)>,
    /// None: a close frame without a code.
    code: Option<u16>,
}

pub(super) fn row(name: impl Into<String>, sent: Vec<Vec<u8>>, answers: &[(u8, &[u8])], code: u16) -> Row {
    let answers = answers.iter().map(|(opcode, payload)| (*opcode, payload.to_vec()));
    Row {
        name: name.into(),
        sent,
        answers: answers.collect(),
        code: Some(code),
    }
}

/// Runs a row: at once and byte by byte. Gives what is wrong.
fn wrong(address: SocketAddr, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    let small = row.sent.iter().map(Vec::len).sum::<usize>() < 2_000;
    for is_dripped in [false, true] {
        if is_dripped && !small {
            continue;
        }
        let mut raw = Raw::open(address);
        for bytes in &row.sent {
            if is_dripped {
                raw.drip(bytes);
            } else {
                raw.send(bytes);
            }
        }
        let mut heard: Vec<Frame> = raw.rest();
        let last = heard.pop();
        let code = last.as_ref().filter(|frame| frame.opcode == CLOSE).map(|frame| {
            let code = frame
                .payload
                .get(..2)
                .map(|code| u16::from_be_bytes([code[0], code[1]]));
            assert!(
                frame
                    .payload
                    .get(2..)
                    .is_none_or(|reason| std::str::from_utf8(reason).is_ok())
            );
            code
        });
        let heard: Vec<(u8, Vec<u8>)> = heard.into_iter().map(|frame| (frame.opcode, frame.payload)).collect();
        if code != Some(row.code) || heard != row.answers {
            let heard: Vec<_> = heard
                .iter()
                .map(|(opcode, payload)| format!("{opcode} {}", payload.escape_ascii()))
                .collect();
            found.push(format!(
                "{} (dripped: {is_dripped}): {code:?} after {heard:?}",
                row.name
            ));
        }
    }
    found
}

pub(super) async fn hold(rows: Vec<Row>) {
    let app = TestApp::start().await;
    let address = app.address;
    let count = rows.len();
    let found = tokio::task::spawn_blocking(move || {
        std::thread::scope(|scope| {
            let part = rows.len().div_ceil(AT_ONCE);
            let parts = rows
                .chunks(part)
                .map(|rows| scope.spawn(move || rows.iter().flat_map(|row| wrong(address, row)).collect::<Vec<_>>()));
            let parts: Vec<_> = parts.collect();
            parts
                .into_iter()
                .flat_map(|part| part.join().unwrap())
                .collect::<Vec<_>>()
        })
    })
    .await
    .unwrap();
    assert!(found.is_empty(), "{} of {count}:\n{}", found.len(), found.join("\n"));
}

fn ask() -> Vec<u8> {
    whole(TEXT, ASK)
}

pub(super) fn done() -> Vec<u8> {
    close(1000, b"")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_whole_and_in_fragments_are_answered() {
    const PONGED: (u8, &[u8]) = (TEXT, SAID);
    let mut rows = vec![
        row("nothing", vec![done()], &[], 1000),
        row("one", vec![ask(), done()], &[PONGED], 1000),
        row(
            "three at once",
            vec![[ask(), ask(), ask(), done()].concat()],
            &[PONGED, PONGED, PONGED],
            1000,
        ),
        row(
            "empty fragments",
            vec![part(TEXT, b""), part(CONTINUE, b""), whole(CONTINUE, ASK), done()],
            &[PONGED],
            1000,
        ),
        row(
            "an empty last fragment",
            vec![part(TEXT, ASK), whole(CONTINUE, b""), done()],
            &[PONGED],
            1000,
        ),
        row(
            "a ping between fragments",
            vec![
                part(TEXT, &ASK[..4]),
                whole(PING, b"between"),
                part(CONTINUE, &ASK[4..9]),
                whole(PONG, b"nobody asked"),
                whole(CONTINUE, &ASK[9..]),
                done(),
            ],
            &[(PONG, b"between"), PONGED],
            1000,
        ),
        row(
            "a close between fragments",
            vec![part(TEXT, &ASK[..4]), done(), whole(CONTINUE, &ASK[4..])],
            &[],
            1000,
        ),
    ];
    for at in 0..=ASK.len() {
        let sent = vec![part(TEXT, &ASK[..at]), whole(CONTINUE, &ASK[at..]), done()];
        rows.push(row(format!("two fragments at {at}"), sent, &[PONGED], 1000));
    }
    let mut single: Vec<Vec<u8>> = ASK.iter().map(|byte| part(CONTINUE, &[*byte])).collect();
    single[0] = part(TEXT, &ASK[..1]);
    single.push(whole(CONTINUE, b""));
    single.push(done());
    rows.push(row("a fragment for each byte", single, &[PONGED], 1000));
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_length_up_to_the_limit_is_taken_and_one_byte_more_is_not() {
    let padded = |len: usize| {
        let mut text = ASK.to_vec();
        text.resize(len, b' ');
        text
    };
    const LIMIT: usize = 128 * 1024;
    let mut rows = Vec::new();
    for len in [
        125,
        126,
        127,
        128,
        4_095,
        4_096,
        65_535,
        65_536,
        65_537,
        LIMIT - 1,
        LIMIT,
    ] {
        let text = padded(len);
        let answers: [(u8, &[u8]); 1] = [(TEXT, SAID)];
        rows.push(row(
            format!("{len} bytes"),
            vec![whole(TEXT, &text), done()],
            &answers,
            1000,
        ));
        let (head, tail) = text.split_at(len / 3);
        let sent = vec![part(TEXT, head), whole(CONTINUE, tail), done()];
        rows.push(row(format!("{len} bytes in two"), sent, &answers, 1000));
    }
    let text = padded(LIMIT + 1);
    let (head, tail) = text.split_at(LIMIT);
    rows.push(row("a byte too many", vec![whole(TEXT, &text)], &[], 1009));
    rows.push(row(
        "a byte too many in two",
        vec![part(TEXT, head), whole(CONTINUE, tail)],
        &[],
        1009,
    ));
    rows.push(row("a megabyte", vec![whole(TEXT, &padded(1 << 20))], &[], 1009));
    // A head alone is enough to see it: nobody waits for the rest, whatever it promises.
    for len in [LIMIT as u64 + 1, 1 << 32, u64::MAX >> 1, u64::MAX] {
        let mut head = vec![0x80 | TEXT, 0xff];
        head.extend(len.to_be_bytes());
        head.extend([1, 2, 3, 4]);
        rows.push(row(format!("a head of {len} bytes"), vec![head], &[], 1009));
    }
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_are_answered_with_their_bytes_and_pongs_with_nothing() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut rows = vec![row(
        "an unasked pong",
        vec![whole(PONG, b""), whole(PONG, b"unasked"), ask(), done()],
        &[(TEXT, SAID)],
        1000,
    )];
    for payload in [&bytes[..0], &bytes[..1], &bytes[131..], &b"\xff\xfe\x00"[..]] {
        rows.push(row(
            format!("a ping of {} bytes", payload.len()),
            vec![whole(PING, payload), done()],
            &[(PONG, payload)],
            1000,
        ));
    }
    let pings: Vec<Vec<u8>> = (0..10).map(|number| whole(PING, &[number])).collect();
    let payloads: Vec<[u8; 1]> = (0..10).map(|number| [number]).collect();
    let pongs: Vec<(u8, &[u8])> = payloads.iter().map(|payload| (PONG, payload.as_slice())).collect();
    rows.push(row("ten pings", [pings, vec![done()]].concat(), &pongs, 1000));
    for opcode in [PING, PONG, CLOSE] {
        rows.push(row(
            format!("{opcode} of 126 bytes"),
            vec![whole(opcode, &bytes[..126])],
            &[],
            1002,
        ));
        rows.push(row(
            format!("{opcode} in fragments"),
            vec![part(opcode, b"")],
            &[],
            1002,
        ));
    }
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reserved_bits_opcodes_and_bare_frames_are_refused() {
    let mut rows = Vec::new();
    for bits in 1..=7_u8 {
        for opcode in [TEXT, BINARY, CLOSE, PING, PONG] {
            let sent = vec![ask(), frame_of(0x80 | bits << 4 | opcode, b"x")];
            rows.push(row(format!("bits {bits} of {opcode}"), sent, &[(TEXT, SAID)], 1002));
        }
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        for payload in [&b""[..], b"x"] {
            let sent = vec![ask(), whole(opcode, payload)];
            rows.push(row(format!("opcode {opcode}"), sent, &[(TEXT, SAID)], 1002));
        }
        rows.push(row(
            format!("opcode {opcode} between fragments"),
            vec![part(TEXT, b"{"), whole(opcode, b"")],
            &[],
            1002,
        ));
    }
    for opcode in [TEXT, BINARY, CLOSE, PING, PONG, CONTINUE] {
        rows.push(row(
            format!("bare {opcode}"),
            vec![bare_frame(0x80 | opcode, ASK)],
            &[],
            1002,
        ));
    }
    rows.extend([
        row("a continuation of nothing", vec![whole(CONTINUE, ASK)], &[], 1002),
        row("a first fragment of nothing", vec![part(CONTINUE, ASK)], &[], 1002),
        row(
            "a message inside a message",
            vec![part(TEXT, b"{"), whole(TEXT, ASK)],
            &[],
            1002,
        ),
        row(
            "bytes inside a message",
            vec![part(TEXT, b"{"), whole(BINARY, b"x")],
            &[],
            1002,
        ),
        row("bytes", vec![whole(BINARY, ASK)], &[], 1003),
        row("no bytes", vec![whole(BINARY, b"")], &[], 1003),
        row(
            "bytes in fragments",
            vec![part(BINARY, b"x"), whole(CONTINUE, b"y")],
            &[],
            1003,
        ),
    ]);
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn close_frames_are_answered_in_kind_and_bad_ones_refused() {
    let mut rows = vec![
        Row {
            name: "no code".to_owned(),
            sent: vec![whole(CLOSE, b""), ask()],
            answers: Vec::new(),
            code: None,
        },
        row("half a code", vec![whole(CLOSE, &[3])], &[], 1002),
        row("a ping after it", vec![done(), whole(PING, b"late")], &[], 1000),
        row("a second one", vec![done(), done()], &[], 1000),
        row("the longest reason", vec![close(1000, &[b'x'; 123])], &[], 1000),
        row("a reason too long", vec![close(1000, &[b'x'; 124])], &[], 1002),
        row("a good reason", vec![close(1000, UMLAUTS.as_bytes())], &[], 1000),
        row(
            "a reason that is no text",
            vec![close(1000, b"\xce\xba\xff")],
            &[],
            1007,
        ),
        row("half a letter", vec![close(1000, b"\xe2\x82")], &[], 1007),
    ];
    for code in [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999,
    ] {
        rows.push(row(format!("code {code}"), vec![close(code, b"why")], &[], code));
    }
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        rows.push(row(format!("code {code}"), vec![close(code, b"")], &[], 1002));
    }
    hold(rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_that_vanish_leave_nothing_behind() {
    let app = TestApp::start_with(|settings| settings.limits.address_sockets = 1).await;
    let address = app.address;
    tokio::task::spawn_blocking(move || {
        // Each needs the one place that the one before had.
        let open = || loop {
            let headers = format!("origin: https://shop.example\r\n{}", super::raw::HANDSHAKE);
            let (raw, answer) = Raw::request(address, "GET /ws/amas?agent_key=shop HTTP/1.1", &headers);
            if answer.status == 101 {
                return raw;
            }
            assert_eq!(answer.status, 429, "{answer:?}");
        };
        for sent in [
            vec![],
            vec![0x81],
            part(TEXT, b"{"),
            whole(TEXT, ASK),
            whole(PING, b"x"),
        ] {
            let mut raw = open();
            raw.send(&sent);
            drop(raw);
            let mut raw = open();
            raw.send(&sent);
            raw.shut();
            raw.rest();
        }
        drop(open());
    })
    .await
    .unwrap();
}
