//! One allowed entry, checked when it is saved and kept in canonical form. Not a pattern language: the only
//! wildcard is a `*` that is the whole left label of a name. Matching lives in `set.rs`.

use std::fmt;

use super::parts::{HostKind, Parts, Scheme};
use super::problem::{EntryError, EntryProblem};
use super::repair;
use super::suffix::public_suffix_under;

/// The longest text that is looked at. Canonical entries are far shorter.
const MAX_ENTRY_BYTES: usize = 300;

/// `https://shop.example`, `https://shop.example:8443`, `http://[::1]:3000`, `https://*.shop.example`: canonical.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of a wildcard, the host is what follows `*.`.
    parts: Parts,
    is_wildcard: bool,
    text: String,
}

impl Entry {
    /// Checks and canonicalises what an administrator wrote.
    pub fn parse(text: &str) -> Result<Self, EntryError> {
        Self::read(text).map_err(|problem| {
            let suggestion = repair::suggest(text);
            EntryError::new(problem, suggestion)
        })
    }

    /// The same without a suggestion, which is made by reading repaired text.
    pub(super) fn read(text: &str) -> Result<Self, EntryProblem> {
        let raw = Raw::split(text)?;
        let (is_wildcard, name) = split_star(raw.host)?;
        let parts = canonical(&raw, name, is_wildcard)?;
        if is_wildcard {
            check_wildcard(&parts)?;
        }
        let text = write(&parts, is_wildcard);
        Ok(Self {
            parts,
            is_wildcard,
            text,
        })
    }

    /// The canonical text, as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.parts.scheme
    }

    /// The host; of a wildcard, the name that the matching names end in.
    pub fn host(&self) -> &str {
        &self.parts.host
    }

    /// The port, the scheme's own one included.
    pub fn port_number(&self) -> u16 {
        self.parts.port_number()
    }

    /// Whether the entry stands for every name under its host.
    pub fn is_wildcard(&self) -> bool {
        self.is_wildcard
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The written text cut at its own punctuation, nothing repaired.
struct Raw<'a> {
    scheme: Scheme,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Raw<'a> {
    fn split(text: &'a str) -> Result<Self, EntryProblem> {
        check_characters(text)?;
        let (scheme, rest) = split_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        check_tail(tail)?;
        if authority.contains('@') {
            return Err(EntryProblem::Userinfo);
        }
        let (host, port) = split_port(authority)?;
        if host.is_empty() {
            return Err(EntryProblem::NoHost);
        }
        let port = port.map(read_port).transpose()?;
        Ok(Self { scheme, host, port })
    }
}

fn check_characters(text: &str) -> Result<(), EntryProblem> {
    if text.is_empty() {
        return Err(EntryProblem::Empty);
    }
    if text.len() > MAX_ENTRY_BYTES {
        return Err(EntryProblem::TooLong);
    }
    if text.chars().any(repair::is_blank) {
        return Err(EntryProblem::Blank);
    }
    if text.eq_ignore_ascii_case("null") {
        return Err(EntryProblem::Null);
    }
    if text.contains([',', ';']) {
        return Err(EntryProblem::Several);
    }
    if text.contains('\\') {
        return Err(EntryProblem::Backslash);
    }
    Ok(())
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), EntryProblem> {
    if matches!(text, "*" | "*://*" | "*:*") {
        return Err(EntryProblem::AnyOrigin);
    }
    let Some((name, rest)) = text.split_once("://") else {
        return Err(missing_slashes(text));
    };
    if name.eq_ignore_ascii_case("https") {
        Ok((Scheme::Https, rest))
    } else if name.eq_ignore_ascii_case("http") {
        Ok((Scheme::Http, rest))
    } else {
        Err(EntryProblem::Scheme)
    }
}

/// `shop.example:8443` has a port and no scheme; `mailto:x` has a scheme of its own.
fn missing_slashes(text: &str) -> EntryProblem {
    let Some((before, after)) = text.split_once(':') else {
        return EntryProblem::NoScheme;
    };
    let before_is_scheme = before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let after_is_port = after.starts_with(|c: char| c.is_ascii_digit() || c == '*');
    if before.eq_ignore_ascii_case("http") || before.eq_ignore_ascii_case("https") {
        EntryProblem::Slashes
    } else if before_is_scheme && !after_is_port {
        EntryProblem::Scheme
    } else {
        EntryProblem::NoScheme
    }
}

/// One trailing slash is what people paste; anything more is a path.
fn check_tail(tail: &str) -> Result<(), EntryProblem> {
    let after_slash = tail.strip_prefix('/').unwrap_or(tail);
    match after_slash.chars().next() {
        None => Ok(()),
        Some('?') => Err(EntryProblem::Query),
        Some('#') => Err(EntryProblem::Fragment),
        Some(_) => Err(EntryProblem::Path),
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), EntryProblem> {
    if let Some(inside) = authority.strip_prefix('[') {
        let (address, after) = inside.split_once(']').ok_or(EntryProblem::Ipv6)?;
        if address.contains('%') {
            return Err(EntryProblem::Ipv6Zone);
        }
        let host = &authority[..address.len() + 2];
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(EntryProblem::Ipv6),
        };
    }
    if authority.starts_with("*.[") {
        return Err(EntryProblem::StarOnAddress);
    }
    match authority.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(EntryProblem::Ipv6),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((authority, None)),
    }
}

fn read_port(digits: &str) -> Result<u16, EntryProblem> {
    if digits == "*" {
        return Err(EntryProblem::PortWildcard);
    }
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    match digits.parse::<u16>() {
        Ok(port) if is_plain => Ok(port),
        _ => Err(EntryProblem::Port),
    }
}

/// Cuts a leading `*.` off; a star anywhere else is refused.
fn split_star(host: &str) -> Result<(bool, &str), EntryProblem> {
    match host.matches('*').count() {
        0 => Ok((false, host)),
        1 if host == "*" => Err(EntryProblem::AnyOrigin),
        1 => match host.strip_prefix("*.") {
            Some("") => Err(EntryProblem::AnyOrigin),
            Some(base) => Ok((true, base)),
            None => Err(EntryProblem::StarPlace),
        },
        _ => Err(EntryProblem::Stars),
    }
}

/// Reads the host with the URL parser and refuses what it had to repair.
fn canonical(raw: &Raw<'_>, name: &str, is_wildcard: bool) -> Result<Parts, EntryProblem> {
    if name.contains('%') {
        return Err(EntryProblem::Percent);
    }
    if name.ends_with('.') {
        return Err(EntryProblem::TrailingDot);
    }
    let scheme = raw.scheme.as_str();
    let text = match raw.port {
        Some(port) => format!("{scheme}://{name}:{port}"),
        None => format!("{scheme}://{name}"),
    };
    let unreadable = if name.starts_with('[') {
        EntryProblem::Ipv6
    } else {
        EntryProblem::Host
    };
    let parts = Parts::read(&text).ok_or(unreadable)?;
    let is_as_written = parts.host == name.to_ascii_lowercase();
    match parts.kind {
        HostKind::Ipv4 | HostKind::Ipv6 if is_wildcard => Err(EntryProblem::StarOnAddress),
        HostKind::Ipv4 if !is_as_written => Err(EntryProblem::Ipv4),
        // Only an international name may come out different from what was written.
        HostKind::Name if name.is_ascii() && !is_as_written => Err(EntryProblem::Host),
        _ => Ok(parts),
    }
}

fn check_wildcard(parts: &Parts) -> Result<(), EntryProblem> {
    if !parts.host.contains('.') {
        return Err(EntryProblem::StarOnSingleLabel);
    }
    // With `x.` in front there has to be a name left that DNS can hold.
    if !super::parts::is_plain_name(&format!("x.{}", parts.host)) {
        return Err(EntryProblem::Host);
    }
    match public_suffix_under(&parts.host) {
        Some(suffix) => Err(EntryProblem::StarOnPublicSuffix { suffix }),
        None => Ok(()),
    }
}

fn write(parts: &Parts, is_wildcard: bool) -> String {
    if !is_wildcard {
        return parts.to_string();
    }
    let shown = Parts {
        host: format!("*.{}", parts.host),
        ..parts.clone()
    };
    shown.to_string()
}
