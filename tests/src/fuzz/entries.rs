//! Entries as administrators write them, right and wrong. ASCII, since the oracle of entries reads nothing else.

use super::random::Random;

const SCHEMES: [&str; 14] = [
    "https://",
    "https://",
    "https://",
    "http://",
    "http://",
    "HTTPS://",
    "hTTp://",
    "",
    "file://",
    "https:/",
    "https:",
    "wss://",
    "//",
    "https:\\\\",
];
const FRONTS: [&str; 16] = [
    "", "", "", "", "", "", "*.", "*.", "*.", "*", "*.*.", "a*.", "a.*.", "user@", ".", "%",
];
const HOSTS: [&str; 44] = [
    "example.com",
    "Example.COM",
    "example.co.uk",
    "shop.example",
    "app.example.com",
    "a.b.example.com",
    "corp.internal",
    "me.github.io",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.example",
    "host.local",
    "www.ck",
    "city.kawasaki.jp",
    "co.uk",
    "github.io",
    "com.au",
    "vercel.app",
    "foo.ck",
    "kawasaki.jp",
    "xn--55qx5d.cn",
    "com",
    "localhost",
    "intranet",
    "127.0.0.1",
    "192.168.0.10",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "256.1.1.1",
    "1.2.3.4.5",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[2001:DB8::1]",
    "[::ffff:1.2.3.4]",
    "[fe80::1%25eth0]",
    "[::1",
    "::1",
    "example.com.",
    "exa mple.com",
    "example..com",
    "my_host",
    "xn--a",
    "null",
];
const PORTS: [&str; 18] = [
    "", "", "", "", "", "", ":443", ":80", ":8443", ":3000", ":", ":0", ":65535", ":65536", ":0443", ":*", ":80a",
    ":1:2",
];
const TAILS: [&str; 16] = [
    "", "", "", "", "", "", "/", "/", "//", "/x", "?x", "#x", " ", "\t", "\n", "\\",
];

/// One entry.
pub(super) fn write_entry(random: &mut Random) -> String {
    let pieces = [
        random.pick(&SCHEMES),
        random.pick(&FRONTS),
        random.pick(&HOSTS),
        random.pick(&PORTS),
        random.pick(&TAILS),
    ];
    let mut text = pieces.concat();
    if random.once_in(8) && !text.is_empty() {
        let at = random.below(text.len());
        let odd = random.pick(b"\0\t *./:@%?#[]\\!~_-,;|1a");
        text.insert(at, char::from(odd));
    }
    text
}
