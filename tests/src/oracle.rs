//! A second opinion on origins: a recogniser and a matcher written from the rules alone, byte by byte, without the
//! URL parser and without a look at the server's code. Not used by the product. Where its knowledge ends (rare
//! scripts in `xn--` labels, names that it can't place on the suffix list) it says so and is not counted.

mod address;
mod entry;
mod punycode;

pub use entry::{EntryReading, read_entry};

/// What the oracle makes of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading<'a> {
    /// Not an origin as a browser writes it.
    No,
    /// An origin.
    Yes(Seen<'a>),
    /// An origin if its `xn--` labels are good, which the oracle can't tell.
    Unsure(Seen<'a>),
}

/// An origin, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<'a> {
    /// `https` rather than `http`.
    pub https: bool,
    /// The host, IPv6 in brackets.
    pub host: &'a [u8],
    /// The port that is connected to.
    pub port: u16,
    /// Whether the host is a name rather than an address.
    pub is_name: bool,
}

/// What must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The page may.
    Allowed,
    /// It may not.
    Refused,
    /// Beyond the oracle.
    Undecided,
}

/// One rule, given in canonical form.
#[derive(Debug, Clone)]
struct Rule {
    https: bool,
    star: bool,
    host: Vec<u8>,
    port: u16,
}

/// The matcher.
#[derive(Debug, Clone)]
pub struct Oracle {
    rules: Vec<Rule>,
    dev_mode: bool,
    allow_any: bool,
}

impl Oracle {
    /// Takes entries that are canonical already; `None` if one is not.
    pub fn new(entries: &[&str], dev_mode: bool, allow_any: bool) -> Option<Self> {
        let mut rules = Vec::new();
        for entry in entries {
            let star = entry.contains("://*.");
            let plain = entry.replacen("*.", "", 1);
            let Reading::Yes(seen) = read_origin(if star { plain.as_bytes() } else { entry.as_bytes() }) else {
                return None;
            };
            rules.push(Rule {
                https: seen.https,
                star,
                host: seen.host.to_vec(),
                port: seen.port,
            });
        }
        Some(Self {
            rules,
            dev_mode,
            allow_any,
        })
    }

    /// Whether a request with this Origin header may pass.
    pub fn answer(&self, header: &[u8]) -> Answer {
        match read_origin(header) {
            Reading::No => Answer::Refused,
            Reading::Yes(seen) if self.matches(seen) => Answer::Allowed,
            Reading::Unsure(seen) if self.matches(seen) => Answer::Undecided,
            Reading::Yes(_) | Reading::Unsure(_) => Answer::Refused,
        }
    }

    fn matches(&self, seen: Seen<'_>) -> bool {
        if self.allow_any {
            return true;
        }
        let is_loopback = matches!(seen.host, b"localhost" | b"127.0.0.1" | b"[::1]");
        if self.dev_mode && !seen.https && is_loopback {
            return true;
        }
        self.rules.iter().any(|rule| {
            rule.https == seen.https
                && rule.port == seen.port
                && if rule.star {
                    seen.is_name && is_strictly_below(seen.host, &rule.host)
                } else {
                    seen.host == rule.host
                }
        })
    }
}

/// Compares label by label from the right.
fn is_strictly_below(host: &[u8], base: &[u8]) -> bool {
    let mut labels = host.rsplit(|byte| *byte == b'.');
    for wanted in base.rsplit(|byte| *byte == b'.') {
        if labels.next() != Some(wanted) {
            return false;
        }
    }
    labels.next().is_some()
}

/// Reads `scheme "://" host [":" port]` and nothing else.
pub fn read_origin(bytes: &[u8]) -> Reading<'_> {
    if bytes.len() > 300 {
        return Reading::No;
    }
    let (https, rest) = match bytes {
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', rest @ ..] => (true, rest),
        [b'h', b't', b't', b'p', b':', b'/', b'/', rest @ ..] => (false, rest),
        _ => return Reading::No,
    };
    let host_end = match rest.first() {
        Some(b'[') => match rest.iter().position(|byte| *byte == b']') {
            Some(at) => at + 1,
            None => return Reading::No,
        },
        _ => rest.iter().position(|byte| *byte == b':').unwrap_or(rest.len()),
    };
    let (host, after) = rest.split_at(host_end);
    let Some(port) = read_port(after, https) else {
        return Reading::No;
    };
    let (kind, sure) = read_host(host);
    let seen = Seen {
        https,
        host,
        port,
        is_name: kind == Kind::Name,
    };
    match (kind, sure) {
        (Kind::Bad, _) => Reading::No,
        (_, true) => Reading::Yes(seen),
        (_, false) => Reading::Unsure(seen),
    }
}

/// Nothing, or a colon and a number that is not the scheme's own.
fn read_port(after: &[u8], https: bool) -> Option<u16> {
    let own = if https { 443 } else { 80 };
    let digits = match after {
        [] => return Some(own),
        [b':', digits @ ..] if (1..=5).contains(&digits.len()) && digits[0] != b'0' => digits,
        _ => return None,
    };
    let mut number: u32 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
    }
    u16::try_from(number).ok().filter(|port| *port != own)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bad,
    Name,
    Address,
}

/// The kind of host, and whether the oracle is sure of it.
fn read_host(host: &[u8]) -> (Kind, bool) {
    if host.first() == Some(&b'[') {
        let good = address::is_canonical_ipv6(host);
        return (if good { Kind::Address } else { Kind::Bad }, true);
    }
    if host.is_empty() || host.len() > 253 {
        return (Kind::Bad, true);
    }
    let mut sure = true;
    let mut last: &[u8] = host;
    for label in host.split(|byte| *byte == b'.') {
        if label.is_empty() || label.len() > 63 {
            return (Kind::Bad, true);
        }
        for byte in label {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => {}
                _ => return (Kind::Bad, true),
            }
        }
        if label.starts_with(b"xn--") {
            match punycode::judge(&label[4..]) {
                punycode::Verdict::Good => {}
                punycode::Verdict::Bad => return (Kind::Bad, true),
                punycode::Verdict::Unknown => sure = false,
            }
        }
        last = label;
    }
    if address::is_number(last) {
        let good = address::is_canonical_ipv4(host);
        return (if good { Kind::Address } else { Kind::Bad }, true);
    }
    (Kind::Name, sure)
}
