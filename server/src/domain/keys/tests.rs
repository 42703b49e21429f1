//! The form of a key, and where it may come from.

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn a_fresh_key_has_the_form_of_a_key() {
    for _ in 0..100 {
        let secret = new_secret();
        assert!(is_formed(&secret), "{secret}");
        assert!(secret.starts_with("atk_live_") && secret.len() == 58);
    }
}

#[test]
fn one_wrong_letter_is_seen_by_the_checksum() {
    let secret = new_secret();
    for at in LIVE_PREFIX.len()..secret.len() {
        let mut bytes = secret.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        assert!(!is_formed(&String::from_utf8(bytes).unwrap()), "{at}");
    }
}

#[test]
fn a_network_holds_its_addresses_and_no_others() {
    let table = [
        ("192.0.2.0/24", "192.0.2.200", true),
        ("192.0.2.0/24", "192.0.3.1", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("::/0", "203.0.113.9", false),
        ("2001:db8::/32", "2001:db8:1::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("192.0.2.0/33", "192.0.2.1", false),
        ("192.0.2.0/", "192.0.2.0", false),
        ("nonsense", "192.0.2.1", false),
    ];
    for (network, address, expected) in table {
        assert_eq!(
            contains(network, address.parse().unwrap()),
            expected,
            "{network} {address}"
        );
    }
}
