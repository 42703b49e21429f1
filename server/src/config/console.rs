//! The settings of those who log in at the console.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::Settings;

const MOST_HOURS: u32 = 24 * 365;
const MOST_MINUTES: u32 = 24 * 60;

/// Logging in at the console (BAR.md K5).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleSettings {
    /// Where the token of the first owner is written instead of the terminal; empty for the terminal.
    pub setup_token_file: PathBuf,
    /// How long a log-in lasts after its last use, in hours.
    pub login_idle_hours: u32,
    /// How long a log-in lasts at most, in days.
    pub login_max_days: u32,
    /// Wrong passwords for one account from one address, until it must wait.
    pub login_failures: u32,
    /// Wrong passwords from one address, whatever the accounts, until it must wait.
    pub address_login_failures: u32,
    /// For how long a wrong password counts, in minutes.
    pub lockout_minutes: u32,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            setup_token_file: PathBuf::new(),
            login_idle_hours: 12,
            login_max_days: 7,
            login_failures: 10,
            address_login_failures: 100,
            lockout_minutes: 15,
        }
    }
}

impl Settings {
    /// Whether the console is reached by TLS, so that its cookies may be for TLS alone.
    pub fn has_secure_console(&self) -> bool {
        self.console_url.starts_with("https://")
    }

    /// Whether passwords go over a network in the clear: another machine's browser, without TLS.
    pub fn sends_passwords_in_the_clear(&self) -> bool {
        let host = Url::parse(&self.console_url)
            .ok()
            .and_then(|url| url.host().map(|host| host.to_owned()));
        let is_local = match host {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        !is_local && !self.has_secure_console()
    }
}

/// Mistakes, as `validate` tells them.
pub(super) fn check(settings: &ConsoleSettings, say: &mut dyn FnMut(&str, String)) {
    for (key, value, most) in [
        ("console.login_idle_hours", settings.login_idle_hours, MOST_HOURS),
        ("console.login_max_days", settings.login_max_days, MOST_HOURS / 24),
        ("console.lockout_minutes", settings.lockout_minutes, MOST_MINUTES),
        ("console.login_failures", settings.login_failures, 1_000),
        (
            "console.address_login_failures",
            settings.address_login_failures,
            100_000,
        ),
    ] {
        if !(1..=most).contains(&value) {
            say(key, format!("this must be 1 to {most}."));
        }
    }
}
