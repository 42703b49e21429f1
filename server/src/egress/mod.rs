//! The one client for outgoing requests that somebody else's words lead to (BAR.md F1): https only, and only to addresses
//! of the public internet. The address is checked after resolution and it is the one connected to, so a name cannot change
//! its mind in between; redirects are checked anew; size and time are bounded.

mod addresses;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, Url, redirect};

pub use addresses::is_public;

const MAX_BYTES: usize = 10 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 3;
const USER_AGENT: &str = concat!("AttheneChat/", env!("CARGO_PKG_VERSION"));

const NOT_ALLOWED: &str = "the address must be https:// and lie in the public internet";

/// Why something was not fetched; safe to show to whoever named the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The address is none that may be asked.
    #[error("{NOT_ALLOWED}")]
    NotAllowed,
    /// Nobody answered, or not with a success, or not in time.
    #[error("the address did not answer with it within ten seconds")]
    NoAnswer,
    /// It is larger than what is taken.
    #[error("it is larger than 10 MiB")]
    TooLarge,
}

/// Which addresses may be asked.
pub type MayAsk = fn(IpAddr) -> bool;

/// The client.
#[derive(Clone, Debug)]
pub struct Egress {
    client: Client,
    may_ask: MayAsk,
    scheme: &'static str,
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its type without parameters, lower case; empty where nothing was said.
    pub media_type: String,
    /// It.
    pub bytes: Vec<u8>,
}

impl Egress {
    /// For the public internet.
    ///
    /// # Errors
    /// The TLS of the system cannot be set up.
    pub fn open() -> Result<Self, reqwest::Error> {
        Self::with(is_public, "https")
    }

    /// With other rules, for tests.
    ///
    /// # Errors
    /// The TLS of the system cannot be set up.
    pub fn with(may_ask: MayAsk, scheme: &'static str) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(Checked { may_ask }))
            .build()?;
        Ok(Self {
            client,
            may_ask,
            scheme,
        })
    }

    /// Fetches an address.
    ///
    /// # Errors
    /// It may not be asked, did not answer, or is too large.
    pub async fn fetch(&self, address: &str) -> Result<Fetched, EgressError> {
        let mut url = Url::parse(address).map_err(|_| EgressError::NotAllowed)?;
        for _ in 0..=MAX_REDIRECTS {
            self.check(&url)?;
            let answer = self
                .client
                .get(url.clone())
                .send()
                .await
                .map_err(|error| explain(&error))?;
            if answer.status().is_redirection() {
                let next = answer
                    .headers()
                    .get(LOCATION)
                    .and_then(|location| location.to_str().ok());
                let next = next.and_then(|location| url.join(location).ok());
                url = next.ok_or(EgressError::NoAnswer)?;
                continue;
            }
            if !answer.status().is_success() {
                return Err(EgressError::NoAnswer);
            }
            return read(answer).await;
        }
        Err(EgressError::NoAnswer)
    }

    /// Scheme, credentials, and an address that stands there as a number; names are checked when they are resolved.
    fn check(&self, url: &Url) -> Result<(), EgressError> {
        let is_plain = url.scheme() == self.scheme && url.username().is_empty() && url.password().is_none();
        let is_allowed = match url.host() {
            Some(url::Host::Ipv4(address)) => (self.may_ask)(address.into()),
            Some(url::Host::Ipv6(address)) => (self.may_ask)(address.into()),
            Some(url::Host::Domain(_)) => true,
            None => false,
        };
        if is_plain && is_allowed {
            Ok(())
        } else {
            Err(EgressError::NotAllowed)
        }
    }
}

async fn read(mut answer: Response) -> Result<Fetched, EgressError> {
    let media_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    let media_type = media_type.trim().to_ascii_lowercase();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| EgressError::NoAnswer)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(EgressError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched { media_type, bytes })
}

/// A name that leads only to addresses that may not be asked is not allowed; all else is no answer.
fn explain(error: &reqwest::Error) -> EgressError {
    let mut source = std::error::Error::source(error);
    while let Some(below) = source {
        // The connector keeps only the words of what the resolver said.
        if below.to_string().contains(NOT_ALLOWED) {
            return EgressError::NotAllowed;
        }
        source = below.source();
    }
    EgressError::NoAnswer
}

/// Resolves names and leaves out what may not be asked.
#[derive(Debug)]
struct Checked {
    may_ask: MayAsk,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let may_ask = self.may_ask;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| may_ask(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Box::new(EgressError::NotAllowed).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
