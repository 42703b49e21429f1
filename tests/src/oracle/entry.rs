//! What an allowed entry must become when it is saved, for the oracle. ASCII only; of the suffix list it knows the
//! names that the generator starts from.

use super::{Reading, address, read_origin};

/// What must come out of saving an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryReading {
    /// Refused.
    No,
    /// Kept in this form.
    Canonical(String),
    /// Beyond the oracle.
    Unsure,
}

/// Names under which strangers have sites.
const SHARED: [&str; 14] = [
    "co.uk",
    "github.io",
    "com.au",
    "vercel.app",
    "netlify.app",
    "pages.dev",
    "foo.ck",
    "kawasaki.jp",
    "herokuapp.com",
    "web.app",
    "co.jp",
    "workers.dev",
    "xn--55qx5d.cn",
    "azurewebsites.net",
];
/// Names that belong to one owner.
const OWNED: [&str; 12] = [
    "example.com",
    "example.co.uk",
    "www.ck",
    "city.kawasaki.jp",
    "shop.example",
    "corp.internal",
    "me.github.io",
    "app.example.com",
    "a.b.example.com",
    "xn--bcher-kva.example",
    "shop-example.com",
    "host.local",
];

/// Reads an entry as an administrator may write it.
pub fn read_entry(text: &str) -> EntryReading {
    if !text.is_ascii() {
        return EntryReading::Unsure;
    }
    // Everything but the host's letter case, an own port and one slash must be canonical already.
    let lower = text.to_ascii_lowercase();
    let Some((https, rest)) = lower
        .strip_prefix("https://")
        .map(|rest| (true, rest))
        .or_else(|| lower.strip_prefix("http://").map(|rest| (false, rest)))
    else {
        return EntryReading::No;
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let own_port = if https { 443 } else { 80 };
    let (names_own_port, rest) = match rest.strip_suffix(&format!(":{own_port}")) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (star, rest) = match rest.strip_prefix("*.") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let scheme = if https { "https" } else { "http" };
    let plain = format!("{scheme}://{}", shorten_ipv6(rest).as_deref().unwrap_or(rest));
    if text.len() > 300 {
        return EntryReading::No;
    }
    match (read_origin(plain.as_bytes()), star) {
        (Reading::No, _) => EntryReading::No,
        // `:8443:443` is two ports.
        (Reading::Yes(seen) | Reading::Unsure(seen), _) if names_own_port && seen.port != own_port => EntryReading::No,
        (Reading::Unsure(_), _) => EntryReading::Unsure,
        (Reading::Yes(_), false) => EntryReading::Canonical(plain),
        (Reading::Yes(seen), true) => {
            let host = str::from_utf8(seen.host).unwrap_or("");
            if !seen.is_name || !host.contains('.') || host.len() > 251 || SHARED.contains(&host) {
                EntryReading::No
            } else if OWNED.contains(&host) {
                EntryReading::Canonical(format!("{scheme}://*.{rest}"))
            } else {
                EntryReading::Unsure
            }
        }
    }
}

fn shorten_ipv6(rest: &str) -> Option<String> {
    let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
    Some(format!("[{}]{after}", address::canonical_ipv6(inside)?))
}
