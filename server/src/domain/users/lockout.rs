//! Guessing passwords is stopped by address and account together, so that nobody locks the true user out from elsewhere;
//! one address that goes through many accounts is stopped later. Counted is every attempt that did not succeed, from
//! its beginning: many at once are no way around it.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::config::ConsoleSettings;
use crate::domain::error::Error;
use crate::domain::limits::address_key;
use crate::model::time::Timestamp;
use crate::model::user::fold_email;

/// Of more pairs of account and address the one that was quiet for longest is forgotten.
const MOST_PAIRS: usize = 10_000;
/// A longer account is nobody's.
const MOST_ACCOUNT_CHARS: usize = 254;

/// When somebody failed of late.
type Failures = VecDeque<Timestamp>;

/// The counts, in this process.
pub struct Lockout {
    account_failures: usize,
    address_failures: usize,
    window_ms: i64,
    failed: Mutex<Failed>,
}

#[derive(Default)]
struct Failed {
    pairs: HashMap<(String, String), Failures>,
    addresses: HashMap<String, Failures>,
}

/// An attempt that counts as failed until it is forgiven.
#[derive(Debug)]
pub struct Attempt {
    account: String,
    address: String,
    at: Timestamp,
    /// How many of the same account and address failed of late, with this one.
    pub count: usize,
    /// Whether it is the last one for a while.
    pub is_last: bool,
}

impl Lockout {
    /// With the numbers of the settings.
    pub fn new(settings: &ConsoleSettings) -> Self {
        Self {
            account_failures: settings.login_failures as usize,
            address_failures: settings.address_login_failures as usize,
            window_ms: i64::from(settings.lockout_minutes) * 60_000,
            failed: Mutex::default(),
        }
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// `LockedOut`, with the time until the oldest failure is forgotten; it is not counted.
    pub fn begin(&self, email: &str, address: IpAddr, now: Timestamp) -> Result<Attempt, Error> {
        let account: String = fold_email(email).chars().take(MOST_ACCOUNT_CHARS).collect();
        let address = address_key(address);
        let since = now.plus_ms(-self.window_ms);
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (account.clone(), address.clone());
        self.check(failed.pairs.get_mut(&pair), since, self.account_failures)?;
        self.check(failed.addresses.get_mut(&address), since, self.address_failures)?;
        failed.make_room(since);
        failed.addresses.entry(address.clone()).or_default().push_back(now);
        let failures = failed.pairs.entry(pair).or_default();
        failures.push_back(now);
        let count = failures.len();
        Ok(Attempt {
            account,
            address,
            at: now,
            count,
            is_last: count >= self.account_failures,
        })
    }

    fn check(&self, failures: Option<&mut Failures>, since: Timestamp, most: usize) -> Result<(), Error> {
        let Some(failures) = failures else { return Ok(()) };
        failures.retain(|at| *at > since);
        match failures.front() {
            Some(oldest) if failures.len() >= most => Err(Error::LockedOut {
                retry_after_ms: u64::try_from(oldest.0 - since.0).unwrap_or(1).max(1),
            }),
            _ => Ok(()),
        }
    }

    /// It succeeded: what failed before with this account from this address is forgotten.
    pub fn forgive(&self, attempt: Attempt) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = failed.addresses.get_mut(&attempt.address)
            && let Some(index) = failures.iter().position(|at| *at == attempt.at)
        {
            failures.remove(index);
        }
        failed.pairs.remove(&(attempt.account, attempt.address));
    }
}

impl Failed {
    fn make_room(&mut self, since: Timestamp) {
        if self.pairs.len() < MOST_PAIRS {
            return;
        }
        let is_fresh = |failures: &Failures| failures.back().is_some_and(|at| *at > since);
        self.pairs.retain(|_, failures| is_fresh(failures));
        self.addresses.retain(|_, failures| is_fresh(failures));
        if self.pairs.len() >= MOST_PAIRS {
            let quiet = self.pairs.iter().min_by_key(|(_, failures)| failures.back().copied());
            if let Some(pair) = quiet.map(|(pair, _)| pair.clone()) {
                self.pairs.remove(&pair);
            }
        }
        if self.addresses.len() >= MOST_PAIRS {
            let quiet = self
                .addresses
                .iter()
                .min_by_key(|(_, failures)| failures.back().copied());
            if let Some(address) = quiet.map(|(address, _)| address.clone()) {
                self.addresses.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests;
