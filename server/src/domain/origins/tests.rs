//! Tests of what only this folder can see. The tables of entries, requests and matches stand in tests/it/origins.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::parts::{Parts, is_plain_name};
use super::suffix::public_suffix_under;

#[test]
fn parts_refuse_everything_beyond_scheme_host_and_port() {
    for text in [
        "https://a.example/x",
        "https://a.example?",
        "https://a.example#",
        "https://u@a.example",
        "ftp://a.example",
    ] {
        assert_eq!(Parts::read(text), None, "{text}");
    }
    assert_eq!(
        Parts::read("https://a.example:443/").unwrap().to_string(),
        "https://a.example"
    );
}

#[test]
fn a_plain_name_has_whole_labels_of_letters_digits_hyphens_and_underscores() {
    for name in ["a", "a.b", "xn--bcher-kva.example", "a_b.c-d", "-a.b"] {
        assert!(is_plain_name(name), "{name}");
    }
    for name in ["", ".", "a.", ".a", "a..b", "a b", "A.b", "a*b", "a!b", "a'b", "*.a"] {
        assert!(!is_plain_name(name), "{name}");
    }
    assert!(is_plain_name(&"a".repeat(63)));
    assert!(!is_plain_name(&"a".repeat(64)));
}

#[test]
fn the_suffix_list_covers_its_private_section_its_wildcard_rules_and_its_international_names() {
    for base in [
        "co.uk",
        "github.io",
        "foo.ck",
        "kawasaki.jp",
        "compute.amazonaws.com",
        "xn--55qx5d.cn",
        "vercel.app",
        "s3.amazonaws.com",
    ] {
        assert!(public_suffix_under(base).is_some(), "{base}");
    }
    for base in [
        "example.com",
        "example.co.uk",
        "me.github.io",
        "www.ck",
        "city.kawasaki.jp",
        "corp.internal",
        "a.localhost",
    ] {
        assert_eq!(public_suffix_under(base), None, "{base}");
    }
}
