//! Secret API keys: how one is minted, what a presented one must be, what a new one may be. BAR.md K1 to K3.
//!
//! A key has the form `atk_live_` + 32 random bytes in base62 + a checksum, so that a mistyped one is told from a revoked
//! one without a look-up, and scanners of code find leaked ones.

mod book;
mod draft;

use std::net::IpAddr;
use std::sync::Arc;

use subtle::ConstantTimeEq;

pub use book::{KeyBook, named_agents};
pub use draft::{KeyDraft, Minted, mint};

use super::agents::GateTable;
use super::error::Error;
use super::visitors::hash_secret;
use crate::model::key::{ApiKey, Scope};
use crate::model::time::Timestamp;
use crate::model::user::User;

/// How every key begins: by this it is told from a visitor's token.
pub const PREFIX: &str = "atk_";
const LIVE_PREFIX: &str = "atk_live_";
/// 32 bytes in base62.
const BODY_LEN: usize = 43;
/// CRC-32 in base62.
const CHECKSUM_LEN: usize = 6;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Who calls, by a good key or a good log-in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key; for a user, what their role gives in the form of one, whose id is the user's. Owners of sessions, actors
    /// and limits go by this id alike.
    pub key: Arc<ApiKey>,
    /// The user, where a log-in calls.
    pub user: Option<Arc<User>>,
}

impl Caller {
    /// The key that bounds what a new key may do; a user's role does that by itself.
    pub fn maker(&self) -> Option<&ApiKey> {
        self.user.is_none().then_some(self.key.as_ref())
    }

    /// Whether the caller may do this.
    ///
    /// # Errors
    /// `Forbidden`, naming the scope that is missing.
    pub fn require(&self, scope: Scope) -> Result<(), Error> {
        if self.key.may(scope) {
            return Ok(());
        }
        let who = if self.user.is_some() { "Your role" } else { "This key" };
        Err(Error::Forbidden {
            code: "missing_scope",
            message: format!("{who} may not do that: it lacks the scope `{}`.", scope.as_str()),
        })
    }
}

/// The caller of a presented key.
///
/// # Errors
/// `KeyInvalid` for one that is unknown, revoked, or not from an allowed address; `KeyExpired`.
pub fn authenticate(table: &GateTable, presented: &str, address: IpAddr, now: Timestamp) -> Result<Caller, Error> {
    if !is_formed(presented) {
        return Err(Error::KeyInvalid(
            "This is not an API key: a key begins with atk_ and is copied whole.",
        ));
    }
    const UNKNOWN: Error = Error::KeyInvalid("The API key is unknown or was revoked.");
    let hash = hash_secret(presented);
    let key = table.find_key(&hash).ok_or(UNKNOWN)?;
    if !bool::from(key.hash.as_bytes().ct_eq(hash.as_bytes())) {
        return Err(UNKNOWN);
    }
    if key.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::KeyExpired);
    }
    if !is_allowed_from(&key, address) {
        return Err(Error::KeyInvalid("The API key may not be used from this address."));
    }
    Ok(Caller { key, user: None })
}

/// Whether the key, or the log-in that stands as one, still works as it did: for streams that outlive a revocation.
pub fn still_valid(table: &GateTable, key: &ApiKey, now: Timestamp) -> bool {
    let is_login = || {
        let login = table.find_login(&key.hash);
        login.is_some_and(|login| login.user.role.scopes() == key.scopes)
    };
    (table.find_key(&key.hash).is_some() || is_login()) && key.expires_at.is_none_or(|end| end > now)
}

fn is_allowed_from(key: &ApiKey, address: IpAddr) -> bool {
    let address = address.to_canonical();
    key.addresses
        .as_ref()
        .is_none_or(|networks| networks.iter().any(|network| contains(network, address)))
}

/// Whether `network` (an address, or one with `/bits`) holds the address. What cannot be read holds nobody.
fn contains(network: &str, address: IpAddr) -> bool {
    draft::parse_network(network).is_some_and(|(base, bits)| match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            base.to_bits() & mask == address.to_bits() & mask
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            base.to_bits() & mask == address.to_bits() & mask
        }
        _ => false,
    })
}

/// A fresh secret.
fn new_secret() -> String {
    let mut digits = rand::random::<[u8; 32]>();
    let mut secret = String::from(LIVE_PREFIX);
    secret.push_str(&base62(&mut digits, BODY_LEN));
    let sum = checksum(&secret);
    secret.push_str(&sum);
    secret
}

/// Whether a text has the form of a key, checksum included.
fn is_formed(text: &str) -> bool {
    let at = LIVE_PREFIX.len() + BODY_LEN;
    text.is_ascii()
        && text.len() == at + CHECKSUM_LEN
        && text.starts_with(LIVE_PREFIX)
        && text
            .split_at_checked(at)
            .is_some_and(|(body, sum)| checksum(body) == sum)
}

fn checksum(text: &str) -> String {
    base62(&mut crc32fast::hash(text.as_bytes()).to_be_bytes(), CHECKSUM_LEN)
}

/// A big-endian number in base62, with leading zeros; uses the bytes up.
fn base62(number: &mut [u8], len: usize) -> String {
    let mut letters = vec![LETTERS[0]; len];
    for letter in letters.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in number.iter_mut() {
            let value = rest * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            rest = value % 62;
        }
        *letter = LETTERS[rest as usize];
    }
    letters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests;
