//! What is wrong with an entry of the allowed origins, said while it is typed. The server's own rules decide; these are
//! the mistakes that people make, each with the right form. Pure.

#[cfg(test)]
mod tests;

/// What an entry looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing strikes the eye.
    Fine,
    /// It has a wildcard, and nothing strikes the eye.
    AnySubdomain(String),
    /// It is wrong, and this would be right, where that can be told.
    Wrong(Mistake, Option<String>),
}

/// What people get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// `your-site.com`.
    NoProtocol,
    /// `ftp://..`.
    OtherProtocol,
    /// `https://your-site.com/shop`.
    Path,
    /// `https://name@your-site.com`.
    Name,
    /// `https://your site.com`, `https://`.
    Host,
    /// `https://your-site.com:99999`.
    Port,
    /// `*`, `https://*`, `https://www.*.com`.
    Wildcard,
}

/// Looks at an entry.
pub fn look(entry: &str) -> Entry {
    let entry = entry.trim();
    let wrong = |mistake, right: Option<String>| Entry::Wrong(mistake, right);
    if entry == "*" {
        return wrong(Mistake::Wildcard, None);
    }
    let Some((scheme, rest)) = entry.split_once("://") else {
        let host = entry.trim_start_matches('/');
        let is_local = host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
        let right = format!("{}://{host}", if is_local { "http" } else { "https" });
        let is_right = matches!(look(&right), Entry::Fine | Entry::AnySubdomain(_));
        return wrong(Mistake::NoProtocol, is_right.then_some(right));
    };
    let lower = scheme.to_ascii_lowercase();
    if lower != "http" && lower != "https" {
        return wrong(Mistake::OtherProtocol, None);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let tail = &rest[authority.len()..];
    if !(tail.is_empty() || tail == "/") {
        return wrong(Mistake::Path, Some(format!("{lower}://{authority}")));
    }
    if let Some((_, host)) = authority.rsplit_once('@') {
        return wrong(Mistake::Name, Some(format!("{lower}://{host}")));
    }
    look_at_host(&lower, authority)
}

fn look_at_host(scheme: &str, authority: &str) -> Entry {
    let is_bracketed = authority.starts_with('[');
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !is_bracketed || host.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().ok().is_none_or(|port| port == 0)) {
        return Entry::Wrong(Mistake::Port, Some(format!("{scheme}://{host}")));
    }
    let is_empty = host.is_empty() || host.split('.').any(str::is_empty) && !is_bracketed;
    if is_empty
        || host
            .chars()
            .any(|letter| letter.is_whitespace() || "\\<>^`{|}%\"'".contains(letter))
    {
        return Entry::Wrong(Mistake::Host, None);
    }
    match host.strip_prefix("*.") {
        Some(apex) if !apex.contains('*') && apex.contains('.') => Entry::AnySubdomain(apex.to_owned()),
        Some(_) => Entry::Wrong(Mistake::Wildcard, None),
        None if host.contains('*') => Entry::Wrong(Mistake::Wildcard, None),
        None => Entry::Fine,
    }
}

/// The entries of a text, one a line; empty lines are none.
pub fn entries(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}
