//! Guesses what somebody meant who wrote an entry that is refused. Only for words on a screen: nothing that is
//! guessed here is ever stored or matched without being written again by a person.

use super::entry::Entry;

/// The longest text worth a guess.
const MAX_GUESS_BYTES: usize = 2_000;

/// The entry that is probably meant by a refused text, in canonical form. What it returns can be saved.
pub fn suggest(text: &str) -> Option<String> {
    if text.len() > MAX_GUESS_BYTES {
        return None;
    }
    let cleaned: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    // Several in one line: there is no telling which one is meant.
    let mut words = cleaned
        .split(|c: char| is_blank(c) || ",;".contains(c))
        .filter(|word| !word.is_empty());
    let word = words.next()?.replace('\\', "/");
    if words.next().is_some() || word.eq_ignore_ascii_case("null") {
        return None;
    }
    let (scheme, rest) = split_scheme(&word)?;
    // `/path` is no host; `https:/shop.example` and `https:///shop.example` mean one.
    let rest = if scheme.is_some() {
        rest.trim_start_matches('/')
    } else {
        rest
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    // What stands before an @ is for show; a browser connects to what follows it.
    let authority = authority.rsplit('@').next()?;
    let (host, port) = split_port(authority);
    let host = plain_host(host.trim_end_matches('.'))?;
    let scheme = scheme.unwrap_or_else(|| likely_scheme(&host));
    let guess = match port.trim_start_matches('0') {
        "" | "*" => format!("{scheme}://{host}"),
        port => format!("{scheme}://{host}:{port}"),
    };
    Entry::read(&guess).ok().map(|entry| entry.as_str().to_owned())
}

/// A character that no origin holds: white space, controls, and what can't be seen.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Format characters that vanish in names without a trace. Joiners and emoji selectors are left to the rules of
/// international names, which know where they may stand.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B | 0x200E..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0D | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
        | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// The scheme that was meant, if one was written; no guess at all for schemes of other worlds.
fn split_scheme(word: &str) -> Option<(Option<&'static str>, &str)> {
    if let Some((name, rest)) = word.split_once("://") {
        return Some((Some(web_scheme(name)?), rest));
    }
    if let Some((name, rest)) = word.split_once("//")
        && (name.is_empty() || web_scheme(name).is_some())
    {
        return Some((web_scheme(name), rest));
    }
    match word.split_once(':') {
        Some((name, rest)) if web_scheme(name).is_some() => Some((web_scheme(name), rest)),
        Some((name, rest)) if !rest.starts_with(|c: char| c.is_ascii_digit() || c == '*') => {
            // `mailto:x`, `data:x`, but `::1` is an address.
            (name.is_empty() || rest.contains(':')).then_some((None, word))
        }
        _ => Some((None, word)),
    }
}

fn web_scheme(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "http" | "ws" => Some("http"),
        "https" | "wss" => Some("https"),
        _ => None,
    }
}

fn split_port(authority: &str) -> (&str, &str) {
    let is_bare_ipv6 = !authority.starts_with('[') && authority.matches(':').count() > 1;
    match authority.rsplit_once(':') {
        Some((host, port)) if !is_bare_ipv6 && !port.contains(']') => (host, port),
        _ => (authority, ""),
    }
}

/// The host as a browser would write it, with a star that stands in the first label alone in it.
fn plain_host(host: &str) -> Option<String> {
    if let Some((first, base)) = host.split_once('.')
        && first.contains('*')
    {
        return (!base.contains('*')).then(|| format!("*.{base}"));
    }
    // A zone is a matter of one machine: browsers leave it out.
    let zoneless = match host.split_once('%') {
        Some((address, _)) if address.contains(':') => format!("{}]", address.trim_start_matches('[')),
        _ if host.contains(':') => format!("{}]", host.trim_start_matches('[').trim_end_matches(']')),
        _ => return url::Host::parse(host).ok().map(|host| host.to_string()),
    };
    Some(format!("[{zoneless}"))
}

/// Names of one's own network rarely have a certificate.
fn likely_scheme(host: &str) -> &'static str {
    let is_local = !host.contains('.') || host.parse::<std::net::Ipv4Addr>().is_ok() || host.starts_with('[');
    if is_local && !host.starts_with('*') {
        "http"
    } else {
        "https"
    }
}
