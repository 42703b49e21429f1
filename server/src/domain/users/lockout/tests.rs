//! Whom a lock-out holds up, for how long, and whom it does not.

#![allow(clippy::unwrap_used)]

use super::*;

const NOW: Timestamp = Timestamp(1_760_000_000_000);

fn lockout() -> Lockout {
    Lockout::new(&ConsoleSettings {
        login_failures: 3,
        address_login_failures: 5,
        lockout_minutes: 15,
        ..ConsoleSettings::default()
    })
}

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

#[test]
fn the_fourth_guess_waits_and_the_same_account_elsewhere_does_not() {
    let lockout = lockout();
    for guess in 1..=3 {
        let attempt = lockout
            .begin("Ada@Example.com ", address(1), NOW.plus_ms(guess))
            .unwrap();
        assert_eq!((attempt.count, attempt.is_last), (guess as usize, guess == 3));
    }
    let Err(Error::LockedOut { retry_after_ms }) = lockout.begin("ada@example.com", address(1), NOW.plus_ms(60_000))
    else {
        panic!("it is not locked out");
    };
    assert_eq!(retry_after_ms, 14 * 60_000 + 1);
    assert!(lockout.begin("ada@example.com", address(2), NOW).is_ok());
    assert!(
        lockout
            .begin("ada@example.com", address(1), NOW.plus_ms(15 * 60_000 + 1))
            .is_ok()
    );
}

#[test]
fn an_address_that_tries_many_accounts_is_stopped_and_success_is_no_way_around_it() {
    let lockout = lockout();
    for account in 0..4 {
        lockout
            .begin(&format!("a{account}@example.com"), address(1), NOW)
            .unwrap();
        // An account of one's own in between.
        let own = lockout.begin("own@example.com", address(1), NOW).unwrap();
        lockout.forgive(own);
    }
    lockout.begin("a4@example.com", address(1), NOW).unwrap();
    assert!(lockout.begin("own@example.com", address(1), NOW).is_err());
    assert!(lockout.begin("own@example.com", address(2), NOW).is_ok());
}

#[test]
fn success_forgets_the_failures_before_it() {
    let lockout = lockout();
    for _ in 0..4 {
        lockout.begin("ada@example.com", address(1), NOW).unwrap();
        let right = lockout.begin("ada@example.com", address(1), NOW).unwrap();
        lockout.forgive(right);
    }
}

#[test]
fn what_it_remembers_is_bounded() {
    let lockout = lockout();
    for number in 0..(MOST_PAIRS as u32 + 50) {
        let address = IpAddr::from((0x0a00_0000 + number).to_be_bytes());
        lockout.begin("ada@example.com", address, NOW).unwrap();
    }
    let failed = lockout.failed.lock().unwrap();
    assert!(failed.pairs.len() <= MOST_PAIRS && failed.addresses.len() <= MOST_PAIRS);
}
