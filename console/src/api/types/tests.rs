//! The rules of the server that the console says before it sends anything.

use super::is_email;

#[test]
fn an_address_has_something_on_both_sides() {
    for text in ["ada@example.com", " ada@shop ", "a@b@c"] {
        assert!(is_email(text), "{text}");
    }
    for text in ["", "ada", "@example.com", "ada@", " @ "] {
        assert!(!is_email(text), "{text}");
    }
}
