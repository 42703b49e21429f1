//! Scheme, host and port of an origin in canonical form, and the only place that turns them into text.
//! It reads with the URL parser and refuses what the parser would repair in silence; it knows no entries.

use std::fmt;

use url::{Host, Url};

/// The two schemes a web page that may embed can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// The scheme as it stands in an origin.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that a browser leaves out.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// What the host is, since names and addresses follow different rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostKind {
    Name,
    Ipv4,
    Ipv6,
}

/// The longest name that DNS can hold.
const MAX_NAME_BYTES: usize = 253;
/// The longest label that DNS can hold.
const MAX_LABEL_BYTES: usize = 63;

/// One origin, taken apart. `port` is `None` when it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) kind: HostKind,
    pub(super) port: Option<u16>,
}

impl Parts {
    /// Reads `scheme://host[:port][/]`. Anything more, and any host that is not plain, is `None`.
    ///
    /// The URL parser repairs a lot (tabs, backslashes, `%65`, `0x7f.1`), so callers compare what they gave with
    /// what came out, or check the raw text before.
    pub(super) fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare || url.port() == Some(0) {
            return None;
        }
        let kind = match url.host()? {
            Host::Domain(name) if is_plain_name(name) => HostKind::Name,
            Host::Domain(_) => return None,
            Host::Ipv4(_) => HostKind::Ipv4,
            Host::Ipv6(_) => HostKind::Ipv6,
        };
        Some(Self {
            scheme,
            host: url.host_str()?.to_owned(),
            kind,
            port: url.port(),
        })
    }

    /// The port that is really connected to.
    pub(super) fn port_number(&self) -> u16 {
        self.port.unwrap_or_else(|| self.scheme.default_port())
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme.as_str())?;
        f.write_str("://")?;
        f.write_str(&self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether a host name is made of whole labels of `a-z 0-9 - _` that DNS could hold.
///
/// The URL Standard allows more (`!`, `*`, `'`, empty labels, a final dot). None of that is a name that somebody
/// can own, and each has been somebody's way around a check.
pub(super) fn is_plain_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES && name.as_bytes().split(|byte| *byte == b'.').all(is_plain_label)
}

fn is_plain_label(label: &[u8]) -> bool {
    (1..=MAX_LABEL_BYTES).contains(&label.len())
        && label
            .iter()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}
