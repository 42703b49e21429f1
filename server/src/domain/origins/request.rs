//! The Origin of a request, read from the header's bytes. Strict: a browser has one way to write an origin, and
//! nothing else is read. It does not decide whether the origin is allowed.

use std::fmt;

use super::parts::{HostKind, Parts, Scheme};

/// The longest header value that is looked at; a canonical origin is never longer than 267 bytes.
pub const MAX_ORIGIN_BYTES: usize = 300;

/// An origin exactly as a browser serialises it. What it prints is our own text, never the header's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestOrigin {
    parts: Parts,
    text: String,
}

/// Why a request has no origin that could be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum OriginError {
    /// No header at all.
    #[error("The request carries no Origin header; only a browser page on an allowed origin may call this.")]
    Missing,
    /// More than one header line.
    #[error("The request carries more than one Origin header.")]
    Multiple,
    /// The header is there and says nothing.
    #[error("The Origin header is empty.")]
    Empty,
    /// Longer than [`MAX_ORIGIN_BYTES`].
    #[error("The Origin header is longer than {MAX_ORIGIN_BYTES} bytes.")]
    TooLong,
    /// A byte outside ASCII: browsers send the A-label form of a name.
    #[error("The Origin header holds bytes that are not ASCII; browsers send international names in their xn-- form.")]
    NotAscii,
    /// The opaque origin of files, sandboxed frames and some redirects.
    #[error(
        "The Origin is `null`: the page is a file, a sandboxed frame or a data: page. Serve it from http:// or https://."
    )]
    Null,
    /// Neither `http://` nor `https://`.
    #[error("The Origin is neither http:// nor https://.")]
    Scheme,
    /// Not an origin at all.
    #[error("The Origin is not a scheme, a host and perhaps a port.")]
    Malformed,
    /// An origin, but not as a browser writes it.
    #[error("The Origin is not written as a browser writes it.")]
    NotCanonical,
}

impl OriginError {
    /// The stable code on the wire: `origin_required` without exactly one header, else `origin_not_allowed`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing | Self::Multiple => "origin_required",
            _ => "origin_not_allowed",
        }
    }

    /// A finer stable word, for logs and the audit.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Multiple => "multiple",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::NotAscii => "not_ascii",
            Self::Null => "null",
            Self::Scheme => "scheme",
            Self::Malformed => "malformed",
            Self::NotCanonical => "not_canonical",
        }
    }
}

impl RequestOrigin {
    /// Reads the values of all Origin header lines: there must be exactly one.
    pub fn from_values<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, OriginError> {
        let mut values = values.into_iter();
        let value = values.next().ok_or(OriginError::Missing)?;
        if values.next().is_some() {
            return Err(OriginError::Multiple);
        }
        Self::parse(value)
    }

    /// Reads one header value. It must be byte-equal to what we make of it.
    pub fn parse(value: &[u8]) -> Result<Self, OriginError> {
        if value.is_empty() {
            return Err(OriginError::Empty);
        }
        if value.len() > MAX_ORIGIN_BYTES {
            return Err(OriginError::TooLong);
        }
        if !value.is_ascii() {
            return Err(OriginError::NotAscii);
        }
        if value == b"null" {
            return Err(OriginError::Null);
        }
        let text = str::from_utf8(value).map_err(|_| OriginError::NotAscii)?;
        if !text.starts_with("https://") && !text.starts_with("http://") {
            return Err(OriginError::Scheme);
        }
        let parts = Parts::read(text).ok_or(OriginError::Malformed)?;
        let written = parts.to_string();
        if written.as_bytes() != value {
            return Err(OriginError::NotCanonical);
        }
        Ok(Self { parts, text: written })
    }

    /// The origin, serialised by us from the parsed form: the value for `Access-Control-Allow-Origin`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> Scheme {
        self.parts.scheme
    }

    /// The host as a browser writes it: a lower-case ASCII name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.parts.host
    }

    /// The port, the scheme's own one included.
    pub fn port_number(&self) -> u16 {
        self.parts.port_number()
    }

    pub(super) fn is_name(&self) -> bool {
        self.parts.kind == HostKind::Name
    }
}

impl fmt::Display for RequestOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
