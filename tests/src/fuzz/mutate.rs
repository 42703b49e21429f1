//! Turns an allowed entry into a header value that is it, or almost it. Knows the ways around origin checks that
//! people have found; knows nothing of what the right answer is.

use super::random::Random;

/// Origins to start from when a list gives none, or now and then.
const STRAYS: [&str; 12] = [
    "http://localhost",
    "http://localhost:8081",
    "http://127.0.0.1:5173",
    "http://[::1]:3000",
    "https://localhost",
    "https://evil.example",
    "https://example.com",
    "http://shop.example",
    "https://github.io",
    "https://[2001:db8::1]",
    "null",
    "",
];
/// What stands for the `*` of a wildcard.
const LABELS: [&str; 14] = [
    "a.",
    "www.",
    "a.b.",
    "x-y.",
    "_dmarc.",
    "1.",
    "0x7f.",
    "xn--bcher-kva.",
    "-.",
    "a.b.c.d.e.",
    "xn--p1ai.",
    "*.",
    "xn--.",
    "app.",
];
const SCHEMES: [&str; 12] = [
    "http",
    "https",
    "HTTPS",
    "Http",
    "ws",
    "wss",
    "file",
    "ftp",
    "chrome-extension",
    "javascript",
    "https+",
    "",
];
const FRONTS: [&str; 18] = [
    "evil",
    "evil.",
    "www.",
    "a.",
    "-",
    ".",
    "..",
    "user@",
    "user:pw@",
    "evil.example@",
    "*.",
    "*",
    "%",
    "\t",
    " ",
    "xn--80ak6aa92e.",
    "//",
    "\\",
];
const BACKS: [&str; 28] = [
    ".",
    "..",
    ".evil.example",
    "evil.example",
    "-evil.example",
    "@evil.example",
    ":evil.example",
    "%00",
    "%2e",
    "\0",
    "\t",
    "\n",
    "\r\n",
    " ",
    "/",
    "\\",
    "?",
    "#",
    "!",
    "'",
    "*",
    ",",
    "~",
    "`.evil.example",
    "_",
    "\u{3002}",
    "\u{e9}",
    "%",
];
const PORTS: [&str; 20] = [
    "",
    ":",
    ":80",
    ":443",
    ":0",
    ":1",
    ":65535",
    ":65536",
    ":080",
    ":0443",
    ":8080",
    ":8443",
    ":3000",
    ":9000",
    ":+80",
    ":-1",
    ":8080:80",
    ":8o",
    ":99999999999",
    ":*",
];
const TAILS: [&str; 16] = [
    "/",
    "//",
    "/path",
    "?",
    "?q",
    "#",
    "#f",
    "/.",
    "/..",
    " ",
    "\t",
    "\r",
    "\n",
    ", https://evil.example",
    " https://evil.example",
    "\\",
];
const HOSTS: [&str; 28] = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f.0.0.1",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "127.0.0.01",
    "0.0.0.0",
    "256.0.0.1",
    "1.2.3.4.5",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::1%25eth0]",
    "[::1",
    "::1",
    "[FE80::1]",
    "localhost.",
    "LOCALHOST",
    "sub.localhost",
    "localhost.evil.example",
    "null",
    "example.com%2eevil.example",
    "xn--pple-43d.example.com",
];
/// Bytes that parsers treat in a special way.
const NASTY: &[u8] = b"\0\t\n\r \"#%&'*+,-./:;<=>?@[\\]^_`{|}~\x7f\x80\xc3\xa9\xe3\x82\xffAZ019xn";

/// Fills `out` with one header value.
pub(super) fn write_header(random: &mut Random, entries: &[&str], out: &mut Vec<u8>) {
    out.clear();
    let start = if entries.is_empty() || random.once_in(8) {
        random.pick(&STRAYS)
    } else {
        random.pick(entries)
    };
    let (scheme, rest) = start.split_once("://").unwrap_or(("", start));
    let (star, rest) = match rest.strip_prefix("*.") {
        Some(rest) => (random.pick(&LABELS), rest),
        None => ("", rest),
    };
    let port_at = match rest.rfind(':') {
        Some(at) if !rest[at..].contains(']') => at,
        _ => rest.len(),
    };
    let (host, port) = rest.split_at(port_at);
    let mut pieces = [scheme, "://", "", star, host, "", port, ""];
    if scheme.is_empty() {
        pieces[1] = "";
    }
    // Most inputs differ in one place, for checks that are wrong are wrong by one step.
    for _ in 0..random.pick(&[0, 0, 1, 1, 1, 1, 2, 3]) {
        replace_piece(random, &mut pieces);
    }
    for piece in pieces {
        out.extend_from_slice(piece.as_bytes());
    }
    for _ in 0..random.pick(&[0, 0, 0, 0, 0, 1, 1, 2]) {
        change_byte(random, out);
    }
    if random.once_in(64) {
        stretch(random, out);
    }
}

fn replace_piece(random: &mut Random, pieces: &mut [&str; 8]) {
    match random.below(10) {
        0 => pieces[0] = random.pick(&SCHEMES),
        1 => pieces[1] = random.pick(&["://", ":", ":/", ":///", "//", ":\\\\", "", ":// "]),
        2 | 3 => pieces[2] = random.pick(&FRONTS),
        4 => pieces[3] = random.pick(&LABELS),
        5 => {
            pieces[4] = if random.once_in(3) {
                cut(random, pieces[4])
            } else {
                random.pick(&HOSTS)
            }
        }
        6 | 7 => pieces[5] = random.pick(&BACKS),
        8 => pieces[6] = random.pick(&PORTS),
        _ => pieces[7] = random.pick(&TAILS),
    }
}

/// The host with something missing at its front or its end.
fn cut<'a>(random: &mut Random, host: &'a str) -> &'a str {
    if !host.is_ascii() || host.is_empty() {
        return host;
    }
    let at = random.below(host.len());
    if random.once_in(2) { &host[at..] } else { &host[..at] }
}

fn change_byte(random: &mut Random, out: &mut Vec<u8>) {
    if out.is_empty() {
        return;
    }
    let at = random.below(out.len());
    match random.below(8) {
        0 => drop(out.remove(at)),
        1 => out.insert(at, random.pick(NASTY)),
        2 => out[at] = random.pick(NASTY),
        3 => out.insert(at, out[at]),
        4 => out[at] ^= 0x20,
        5 => {
            let next = (at + 1) % out.len();
            out.swap(at, next);
        }
        6 => {
            // An unescaped dot in somebody's pattern lets any character through.
            if let Some(dot) = out.iter().rposition(|byte| *byte == b'.') {
                out[dot] = random.pick(b"x-_%1:");
            }
        }
        _ => {
            let byte = out[at];
            out.splice(at..=at, format!("%{byte:02x}").into_bytes());
        }
    }
}

/// Makes a value long, around the limits of a label, a name and a header.
fn stretch(random: &mut Random, out: &mut Vec<u8>) {
    let Some(at) = out.windows(3).position(|bytes| bytes == b"://") else {
        return;
    };
    let wanted = random.pick(&[60, 63, 64, 65, 200, 240, 250, 253, 254, 260, 290, 300, 301, 400]);
    let label = random.pick(&[9, 31, 63, 64]);
    let filling: Vec<u8> = (1..=wanted)
        .map(|index| if index % (label + 1) == 0 { b'.' } else { b'a' })
        .collect();
    out.splice(at + 3..at + 3, filling);
}
