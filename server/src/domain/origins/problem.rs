//! What can be wrong with an allowed entry, each with a stable code and a sentence that says what is right.
//! Words for an administrator; a visitor's page never sees them.

use std::fmt;

use super::list::MAX_ENTRIES;

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProblem {
    /// Nothing written.
    #[error("The entry is empty. Write an origin such as https://www.example.com.")]
    Empty,
    /// Longer than any origin can be.
    #[error("The entry is longer than any origin can be.")]
    TooLong,
    /// A space, a line break, a control or an invisible character.
    #[error("The entry holds a space, a control character or an invisible character. An origin has none.")]
    Blank,
    /// `null`
    #[error("`null` is what every sandboxed or local page sends, so it stands for anybody. It can't be allowed.")]
    Null,
    /// Several entries in one.
    #[error("One entry is one origin. Write each origin as an entry of its own.")]
    Several,
    /// `\` in place of `/`
    #[error("An origin is written with forward slashes.")]
    Backslash,
    /// `*`, `https://*`
    #[error(
        "`*` alone can't be an entry. To let any site embed the agent, switch `allow_any_origin` on; that is audited."
    )]
    AnyOrigin,
    /// `your-site.com`
    #[error("The scheme is missing. An origin begins with https:// (or http:// for a local address).")]
    NoScheme,
    /// `file:`, `ftp:`, `wss:`, ...
    #[error("Only http:// and https:// pages can embed the agent.")]
    Scheme,
    /// `https:shop.example`
    #[error("After the scheme come a colon and exactly two slashes.")]
    Slashes,
    /// `https://user@shop.example`
    #[error("An origin has no user name and no password (nothing before an @).")]
    Userinfo,
    /// `https://shop.example/path`
    #[error("An origin has no path: it counts for the whole site.")]
    Path,
    /// `https://shop.example?x`
    #[error("An origin has no query (nothing after a ?).")]
    Query,
    /// `https://shop.example#x`
    #[error("An origin has no fragment (nothing after a #).")]
    Fragment,
    /// `https://`
    #[error("The host is missing.")]
    NoHost,
    /// `https://%65xample.com`
    #[error("A host is written in plain characters, without % escapes.")]
    Percent,
    /// `https://shop.example.`
    #[error("A host doesn't end with a dot.")]
    TrailingDot,
    /// A host that no name or address can be.
    #[error(
        "This isn't a host: a name is made of letters, digits, hyphens and underscores, with single dots between, at most 63 characters from dot to dot."
    )]
    Host,
    /// `http://127.1`, `http://0x7f.0.0.1`
    #[error("An IPv4 address is written as four decimal numbers without leading zeros, such as 127.0.0.1.")]
    Ipv4,
    /// `http://::1`
    #[error("An IPv6 address is written in brackets, such as http://[::1]:3000.")]
    Ipv6,
    /// `http://[fe80::1%eth0]`
    #[error("An IPv6 address in an origin has no zone (nothing after a %): browsers don't send it.")]
    Ipv6Zone,
    /// Zero, too large, empty, not a number.
    #[error("The port is a number from 1 to 65535 without leading zeros, or left out together with its colon.")]
    Port,
    /// `http://localhost:*`
    #[error(
        "A port can't be `*`. Write each port as an entry; development mode allows every port of localhost over http."
    )]
    PortWildcard,
    /// More than one `*`.
    #[error("An entry holds at most one `*`, in front: https://*.example.com stands for names of any depth.")]
    Stars,
    /// `https://a*.example.com`, `https://a.*.example.com`
    #[error("`*` is the whole first part of the name or nothing, as in https://*.example.com.")]
    StarPlace,
    /// `http://*.0.0.1`
    #[error("An address has no names under it: `*` goes with a name only.")]
    StarOnAddress,
    /// `https://*.com`, `https://*.intranet`
    #[error("`*` needs a name of at least two parts after it, as in https://*.example.com.")]
    StarOnSingleLabel,
    /// `https://*.co.uk`, `https://*.github.io`
    #[error(
        "Anybody can have a site under {suffix}, so `*` there would let strangers in. Write the names that are yours."
    )]
    StarOnPublicSuffix {
        /// The public suffix that the wildcard covers.
        suffix: String,
    },
    /// More entries than an agent can have.
    #[error("An agent has at most {MAX_ENTRIES} allowed origins; these are {count}.")]
    TooMany {
        /// How many were given.
        count: usize,
    },
}

impl EntryProblem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "origin_empty",
            Self::TooLong => "origin_too_long",
            Self::Blank => "origin_blank",
            Self::Null => "origin_null",
            Self::Several => "origin_several",
            Self::Backslash => "origin_backslash",
            Self::AnyOrigin => "origin_any",
            Self::NoScheme => "origin_scheme_missing",
            Self::Scheme => "origin_scheme",
            Self::Slashes => "origin_slashes",
            Self::Userinfo => "origin_userinfo",
            Self::Path => "origin_path",
            Self::Query => "origin_query",
            Self::Fragment => "origin_fragment",
            Self::NoHost => "origin_host_missing",
            Self::Percent => "origin_percent",
            Self::TrailingDot => "origin_trailing_dot",
            Self::Host => "origin_host",
            Self::Ipv4 => "origin_ipv4",
            Self::Ipv6 => "origin_ipv6",
            Self::Ipv6Zone => "origin_ipv6_zone",
            Self::Port => "origin_port",
            Self::PortWildcard => "origin_port_wildcard",
            Self::Stars => "origin_stars",
            Self::StarPlace => "origin_star_place",
            Self::StarOnAddress => "origin_star_on_address",
            Self::StarOnSingleLabel => "origin_star_on_single_label",
            Self::StarOnPublicSuffix { .. } => "origin_star_on_public_suffix",
            Self::TooMany { .. } => "origins_too_many",
        }
    }
}

/// Why an entry is refused, and what could be meant. Prints as one or two whole sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryError {
    problem: EntryProblem,
    suggestion: Option<String>,
}

impl EntryError {
    pub(super) fn new(problem: EntryProblem, suggestion: Option<String>) -> Self {
        Self { problem, suggestion }
    }

    /// What is wrong.
    pub fn problem(&self) -> &EntryProblem {
        &self.problem
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// An entry that would be accepted and is probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)?;
        match &self.suggestion {
            Some(entry) => write!(f, " Did you mean {entry} ?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for EntryError {}
