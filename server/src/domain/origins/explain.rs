//! Says in a sentence why an origin is allowed or not, for the person who set the list up. It asks the set and adds
//! words; it decides nothing, and a refused page never sees it.

use std::fmt;

use super::entry::Entry;
use super::parts::Scheme;
use super::request::RequestOrigin;
use super::set::{DEVELOPMENT_HOSTS, Match, OriginSet, is_under};

/// What the gate answers, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// The page may embed the agent.
    Allowed(Match<'a>),
    /// It may not.
    Refused(Hint<'a>),
}

/// The nearest thing to a reason that a refusal has: what the list holds that is almost the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint<'a> {
    /// The list is empty.
    NothingListed,
    /// Same host and port number or default, other scheme.
    SchemeDiffers(&'a Entry),
    /// Same scheme and host, other port.
    PortDiffers(&'a Entry),
    /// One has `www.`, the other has not.
    WwwAndApex(&'a Entry),
    /// The name that a wildcard stands under.
    ApexOfWildcard(&'a Entry),
    /// A name under a listed name.
    SubdomainOf(&'a Entry),
    /// `localhost`, `127.0.0.1` and `[::1]` are three.
    OtherLoopbackName(&'a Entry),
    /// Development mode would allow it and is off.
    DevelopmentModeOff,
    /// Holds a listed name, and belongs to somebody else.
    LookAlike(&'a Entry),
    /// Nothing on the list comes near it.
    NotListed,
}

impl Verdict<'_> {
    /// Whether the page may embed the agent.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

impl OriginSet {
    /// The same answer as [`OriginSet::allows`], with its reason. Prints as a sentence.
    pub fn explain(&self, origin: &RequestOrigin) -> Verdict<'_> {
        match self.find_match(origin) {
            Some(found) => Verdict::Allowed(found),
            None => Verdict::Refused(self.hint_for(origin)),
        }
    }

    fn hint_for(&self, origin: &RequestOrigin) -> Hint<'_> {
        let loopback = DEVELOPMENT_HOSTS.contains(&origin.host());
        let entry_hint = self
            .entries()
            .iter()
            .filter_map(|entry| near_miss(entry, origin))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, hint)| hint);
        match entry_hint {
            Some(hint) => hint,
            None if loopback && origin.scheme() == Scheme::Http && !self.is_dev_mode() => Hint::DevelopmentModeOff,
            None if self.entries().is_empty() => Hint::NothingListed,
            None => Hint::NotListed,
        }
    }
}

/// How an entry almost matches; the lower the number, the nearer.
fn near_miss<'a>(entry: &'a Entry, origin: &RequestOrigin) -> Option<(u8, Hint<'a>)> {
    let (listed, asked) = (entry.host(), origin.host());
    let same_scheme = entry.scheme() == origin.scheme();
    let same_port = entry.port_number() == origin.port_number();
    let covers_host = if entry.is_wildcard() {
        is_under(origin, listed)
    } else {
        listed == asked
    };
    if covers_host {
        return Some(match same_scheme {
            true => (0, Hint::PortDiffers(entry)),
            false => (1, Hint::SchemeDiffers(entry)),
        });
    }
    if !same_scheme || !same_port {
        // Two differences at once: only the name of this machine is worth a word.
        return is_other_loopback(listed, asked).then_some((6, Hint::OtherLoopbackName(entry)));
    }
    if entry.is_wildcard() {
        return (listed == asked).then_some((2, Hint::ApexOfWildcard(entry)));
    }
    let is_www = listed.strip_prefix("www.") == Some(asked) || asked.strip_prefix("www.") == Some(listed);
    if is_www {
        return Some((3, Hint::WwwAndApex(entry)));
    }
    if is_other_loopback(listed, asked) {
        return Some((4, Hint::OtherLoopbackName(entry)));
    }
    if is_under(origin, listed) {
        return Some((5, Hint::SubdomainOf(entry)));
    }
    asked.contains(listed).then_some((7, Hint::LookAlike(entry)))
}

fn is_other_loopback(listed: &str, asked: &str) -> bool {
    listed != asked && DEVELOPMENT_HOSTS.contains(&listed) && DEVELOPMENT_HOSTS.contains(&asked)
}

impl fmt::Display for Verdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(Match::Entry(entry)) => write!(f, "Allowed by the entry {entry}."),
            Self::Allowed(Match::Development(host)) => {
                write!(f, "Allowed by development mode: http://{host} on any port.")
            }
            Self::Allowed(Match::Any) => f.write_str("Allowed because any origin is (allow_any_origin)."),
            Self::Refused(hint) => write!(f, "Not allowed. {hint}"),
        }
    }
}

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingListed => f.write_str("The list of allowed origins is empty."),
            Self::SchemeDiffers(entry) => {
                write!(f, "The scheme differs from the entry {entry}: http and https are two.")
            }
            Self::PortDiffers(entry) => write!(f, "The port differs from the entry {entry}: each port is an origin."),
            Self::WwwAndApex(entry) => write!(
                f,
                "The list holds {entry}: a name with www. and the same without are two origins. Add the other one too."
            ),
            Self::ApexOfWildcard(entry) => write!(
                f,
                "The entry {entry} stands for the names under it, never for the name itself. Add that too."
            ),
            Self::SubdomainOf(entry) => {
                write!(f, "The entry {entry} counts for that one name, not for names under it.")
            }
            Self::OtherLoopbackName(entry) => {
                write!(
                    f,
                    "The list holds {entry}: localhost, 127.0.0.1 and [::1] are three origins."
                )
            }
            Self::DevelopmentModeOff => f.write_str(
                "Development mode is off. Switch it on for all ports of this machine, or add the origin as an entry.",
            ),
            Self::LookAlike(entry) => {
                write!(
                    f,
                    "It only looks like the entry {entry}: it is a site of its own, perhaps a stranger's."
                )
            }
            Self::NotListed => f.write_str("No entry is near it: add the origin if it is yours."),
        }
    }
}
