//! The limits of visitors (BAR.md L): rates through the bus, and how many things are open at once in this process.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use atthene_protocol::ids::{KeyId, UserId, VisitorId};

use super::error::Error;
pub use crate::bus::Counted;
use crate::bus::{Bus, Rate};
use crate::config::LimitSettings;
use crate::metrics::{Metrics, Open};
use crate::model::agent::Agent;

/// Waiting time that is suggested where a place must become free first.
const PLACE_RETRY_AFTER_MS: u64 = 2_000;

/// Who writes, as far as limits and rights go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person in a page.
    Visitor {
        /// Who.
        visitor: VisitorId,
        /// From where.
        address: IpAddr,
    },
    /// A back end.
    Key(KeyId),
}

/// What is counted, the name of its limit, how many there may be, and the words for it.
type Place = (String, &'static str, u32, &'static str);

/// Counts against the settings.
pub struct Limits {
    settings: LimitSettings,
    bus: Arc<dyn Bus>,
    metrics: Arc<Metrics>,
    open: Arc<Mutex<HashMap<String, u32>>>,
}

/// Places that are held until this is dropped.
#[derive(Debug)]
pub struct Permit {
    keys: Vec<String>,
    open: Arc<Mutex<HashMap<String, u32>>>,
    _counted: Option<Open>,
}

impl Limits {
    /// Limits over a bus.
    pub fn new(settings: LimitSettings, bus: Arc<dyn Bus>, metrics: Arc<Metrics>) -> Self {
        Self {
            settings,
            bus,
            metrics,
            open: Arc::default(),
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &LimitSettings {
        &self.settings
    }

    /// The longest text of a message to an agent, in Unicode characters: the agent's own limit where it is the smaller.
    pub fn message_chars(&self, agent: &Agent) -> u32 {
        let most = self.settings.message_chars;
        agent.widget.max_message_chars.map_or(most, |chars| chars.min(most))
    }

    async fn rate(&self, name: &'static str, what: &'static str, per_min: u32, key: &str) -> Result<Counted, Error> {
        let counted = self.bus.count(Rate { name, per_min }, key).await;
        counted.map_err(|exceeded| {
            self.metrics.rate_limited(name);
            Error::RateLimited {
                what,
                retry_after_ms: exceeded.retry_after_ms,
                limit: per_min,
            }
        })
    }

    /// A new session from this address.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn start_session(&self, address: IpAddr) -> Result<(), Error> {
        self.rate(
            "address_sessions",
            "new sessions of this address",
            self.settings.address_sessions_per_min,
            &address_key(address),
        )
        .await?;
        Ok(())
    }

    /// A request with this key; tells how many more it may send.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn call(&self, key: &KeyId) -> Result<Counted, Error> {
        let per_min = self.settings.key_requests_per_min;
        self.rate("key_requests", "requests with this key", per_min, key.as_str())
            .await
    }

    /// The same with a log-in of this user.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn call_as_user(&self, user: &UserId) -> Result<Counted, Error> {
        let per_min = self.settings.user_requests_per_min;
        self.rate("user_requests", "requests of this user", per_min, user.as_str())
            .await
    }

    /// A message of this author to this agent. A back end's one address speaks for many: what it may is its key's.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn send_message(&self, author: &Author, agent: &str) -> Result<(), Error> {
        let limits = &self.settings;
        if let Author::Visitor { visitor, address } = author {
            self.rate(
                "visitor_messages",
                "messages of this visitor",
                limits.visitor_messages_per_min,
                visitor.as_str(),
            )
            .await?;
            let address = address_key(*address);
            self.rate(
                "address_messages",
                "messages of this address",
                limits.address_messages_per_min,
                &address,
            )
            .await?;
        }
        self.rate(
            "agent_messages",
            "messages to this agent",
            limits.agent_messages_per_min,
            agent,
        )
        .await?;
        Ok(())
    }

    /// What this visitor thinks of an answer: as often as they may write, and not counted with what they write.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn rate_answer(&self, author: &Author) -> Result<(), Error> {
        let Author::Visitor { visitor, address } = author else {
            return Ok(());
        };
        let (of_visitor, of_address) = (
            self.settings.visitor_messages_per_min,
            self.settings.address_messages_per_min,
        );
        self.rate(
            "visitor_feedback",
            "ratings of this visitor",
            of_visitor,
            visitor.as_str(),
        )
        .await?;
        let address = address_key(*address);
        self.rate("address_feedback", "ratings of this address", of_address, &address)
            .await?;
        Ok(())
    }

    /// Places for one running turn.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn run_turn(&self, author: &Author, agent: &str) -> Result<Permit, Error> {
        let mut wanted = vec![(
            format!("turn g {agent}"),
            "agent_turns",
            self.settings.agent_turns,
            "running answers of this agent",
        )];
        if let Author::Visitor { address, .. } = author {
            wanted.push((
                format!("turn a {}", address_key(*address)),
                "address_turns",
                self.settings.address_turns,
                "running answers of this address",
            ));
        }
        self.hold(&wanted, Some(self.metrics.running_turn()))
    }

    /// Places for one open stream.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn open_stream(&self, visitor: &str, address: IpAddr) -> Result<Permit, Error> {
        let wanted = [self.visitor_place(visitor), self.address_place(address)];
        self.hold(&wanted, Some(self.metrics.open_stream()))
    }

    /// A place for a socket whose visitor is not known yet. A back end's one address speaks for many: what it may is its
    /// key's, and no address is counted.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn open_socket(&self, address: Option<IpAddr>) -> Result<Permit, Error> {
        let wanted: Vec<Place> = address.map(|address| self.address_place(address)).into_iter().collect();
        self.hold(&wanted, Some(self.metrics.open_stream()))
    }

    /// A place for the visitor of an open socket.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn name_socket(&self, visitor: &VisitorId) -> Result<Permit, Error> {
        self.hold(&[self.visitor_place(visitor.as_str())], None)
    }

    fn visitor_place(&self, visitor: &str) -> Place {
        let key = format!("open v {visitor}");
        let most = self.settings.visitor_sockets;
        (key, "visitor_sockets", most, "open streams of this visitor")
    }

    fn address_place(&self, address: IpAddr) -> Place {
        let key = format!("open a {}", address_key(address));
        let most = self.settings.address_sockets;
        (key, "address_sockets", most, "open streams of this address")
    }

    /// Takes all places or none.
    fn hold(&self, wanted: &[Place], counted: Option<Open>) -> Result<Permit, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, name, most, what) in wanted {
            if open.get(key).copied().unwrap_or(0) >= *most {
                self.metrics.rate_limited(name);
                return Err(Error::RateLimited {
                    what,
                    retry_after_ms: PLACE_RETRY_AFTER_MS,
                    limit: *most,
                });
            }
        }
        for (key, ..) in wanted {
            *open.entry(key.clone()).or_insert(0) += 1;
        }
        Ok(Permit {
            keys: wanted.iter().map(|(key, ..)| key.clone()).collect(),
            open: Arc::clone(&self.open),
            _counted: counted,
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            match open.get_mut(key) {
                Some(count) if *count > 1 => *count -= 1,
                _ => {
                    open.remove(key);
                }
            }
        }
    }
}

/// An address as it is counted: IPv4 whole, IPv6 by its /64, because a household has that many (RFC 6177).
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
