//! Tests of the addresses; what goes over the wire is tried in `tests/it/models`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::Provider;
use super::transport::{base_url, is_loopback};
use crate::config::{ProviderKind, ProviderSettings, Secret};

#[test]
fn a_wrong_address_is_refused_without_repeating_it() {
    for base in [
        "",
        "localhost:11434",
        "ftp://x.example/",
        "https://me:hunter2@x.example/v1",
    ] {
        let problem = base_url(base).unwrap_err();
        assert!(problem.starts_with("base_url"), "{problem}");
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

#[test]
fn this_machine_is_known() {
    for (base, is_this) in [
        ("http://localhost:1/", true),
        ("http://127.9.9.9/", true),
        ("http://[::1]:1/", true),
        ("http://10.0.0.1/", false),
        ("https://localhost.example/", false),
    ] {
        assert_eq!(is_loopback(&base.parse().unwrap()), is_this, "{base}");
    }
}

fn provider(kind: ProviderKind, base_url: &str, can_see: Option<&[&str]>) -> Provider {
    let settings = ProviderSettings {
        kind,
        base_url: base_url.to_owned(),
        api_key: None,
        api_key_env: None,
        can_see: can_see.map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
    };
    Provider::open(&settings, None, 1_000).unwrap()
}

#[test]
fn the_vendors_own_models_see_and_those_of_other_servers_only_where_the_settings_say_so() {
    for (kind, base_url, sees) in [
        (ProviderKind::Openai, "https://api.openai.com/v1/", true),
        (ProviderKind::Anthropic, "https://api.anthropic.com/", true),
        (ProviderKind::Gemini, "https://generativelanguage.googleapis.com/", true),
        (ProviderKind::Openai, "http://127.0.0.1:11434/v1/", false),
    ] {
        assert_eq!(provider(kind, base_url, None).can_see("m"), sees, "{base_url}");
    }
    let some = provider(
        ProviderKind::Openai,
        "http://127.0.0.1:1/",
        Some(&["llava*", "pixtral"]),
    );
    for (name, sees) in [
        ("llava:7b", true),
        ("pixtral", true),
        ("pixtral-2", false),
        ("llama", false),
    ] {
        assert_eq!(some.can_see(name), sees, "{name}");
    }
    assert!(!provider(ProviderKind::Gemini, "https://g.example/", Some(&[])).can_see("m"));
}

#[test]
fn a_key_that_no_header_can_hold_is_refused_without_repeating_it() {
    let settings = ProviderSettings {
        kind: ProviderKind::Anthropic,
        base_url: "https://api.example/".to_owned(),
        api_key: None,
        api_key_env: None,
        can_see: None,
    };
    let problem = Provider::open(&settings, Some(Secret::new("two\nlines")), 1_000)
        .err()
        .unwrap();
    assert!(problem.contains("key") && !problem.contains("lines"), "{problem}");
}
