//! The origins that one agent allows, ready to be asked. Equality in a set of texts, and for wildcards whole labels
//! compared as bytes; it keeps nothing of a request.

use std::collections::HashSet;

use super::entry::Entry;
use super::parts::Scheme;
use super::request::RequestOrigin;

/// The hosts that development mode adds: http only, any port, and nothing else.
pub(super) const DEVELOPMENT_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// What one agent allows.
#[derive(Debug, Clone, Default)]
pub struct OriginSet {
    entries: Vec<Entry>,
    exact: HashSet<Box<str>>,
    dev_mode: bool,
    allow_any: bool,
}

/// By what right an origin is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match<'a> {
    /// This entry.
    Entry(&'a Entry),
    /// Development mode, for this host on any port.
    Development(&'static str),
    /// `allow_any_origin`.
    Any,
}

impl OriginSet {
    /// Builds the set. `dev_mode` adds the three loopback hosts; `allow_any` allows every http and https origin.
    pub fn new(entries: Vec<Entry>, dev_mode: bool, allow_any: bool) -> Self {
        let exact = entries
            .iter()
            .filter(|entry| !entry.is_wildcard())
            .map(|entry| entry.as_str().into())
            .collect();
        Self {
            entries,
            exact,
            dev_mode,
            allow_any,
        }
    }

    /// Whether a page of this origin may embed the agent.
    pub fn allows(&self, origin: &RequestOrigin) -> bool {
        self.allow_any
            || self.exact.contains(origin.as_str())
            || self.wildcard_for(origin).is_some()
            || self.development_host_for(origin).is_some()
    }

    /// By what right it may: an entry as written comes first, then development mode, then `allow_any`.
    pub fn find_match(&self, origin: &RequestOrigin) -> Option<Match<'_>> {
        let equal = || {
            self.entries
                .iter()
                .find(|entry| !entry.is_wildcard() && entry.as_str() == origin.as_str())
        };
        equal()
            .or_else(|| self.wildcard_for(origin))
            .map(Match::Entry)
            .or_else(|| self.development_host_for(origin).map(Match::Development))
            .or_else(|| self.allow_any.then_some(Match::Any))
    }

    /// The entries, in the order in which they were given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether development mode is on.
    pub fn is_dev_mode(&self) -> bool {
        self.dev_mode
    }

    /// Whether any origin is allowed.
    pub fn is_allow_any(&self) -> bool {
        self.allow_any
    }

    fn wildcard_for(&self, origin: &RequestOrigin) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
            entry.is_wildcard()
                && entry.scheme() == origin.scheme()
                && entry.port_number() == origin.port_number()
                && is_under(origin, entry.host())
        })
    }

    fn development_host_for(&self, origin: &RequestOrigin) -> Option<&'static str> {
        if !self.dev_mode || origin.scheme() != Scheme::Http {
            return None;
        }
        DEVELOPMENT_HOSTS.into_iter().find(|host| *host == origin.host())
    }
}

/// Whether the origin's host is a name with one whole label or more in front of `base`. Never `base` itself.
///
/// The host is made of non-empty labels already, so a dot right before `base` with anything before it is enough.
pub(super) fn is_under(origin: &RequestOrigin, base: &str) -> bool {
    origin.is_name()
        && origin
            .host()
            .strip_suffix(base)
            .and_then(|front| front.strip_suffix('.'))
            .is_some_and(|labels| !labels.is_empty())
}
