//! The sentence that an administrator reads about an origin.

use atthene_server::domain::origins::{OriginSet, RequestOrigin, parse_list};

fn explained(entries: &[&str], dev_mode: bool, origin: &str) -> String {
    let texts: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
    let set = OriginSet::new(parse_list(&texts).unwrap(), dev_mode, false);
    set.explain(&RequestOrigin::parse(origin.as_bytes()).unwrap())
        .to_string()
}

#[test]
fn a_match_names_its_entry() {
    let said = explained(
        &["https://a.example", "https://*.b.example"],
        false,
        "https://x.b.example",
    );
    assert_eq!(said, "Allowed by the entry https://*.b.example.");
    let said = explained(&[], true, "http://[::1]:3000");
    assert_eq!(said, "Allowed by development mode: http://[::1] on any port.");
}

#[test]
fn a_refusal_names_the_nearest_entry_and_the_difference() {
    let cases: [(&[&str], &str, &str); 14] = [
        (&[], "https://a.example", "list of allowed origins is empty"),
        (&["https://b.example"], "https://a.example", "No entry is near it"),
        (
            &["https://a.example"],
            "http://a.example",
            "scheme differs from the entry https://a.example:",
        ),
        (
            &["https://a.example"],
            "https://a.example:8443",
            "port differs from the entry https://a.example:",
        ),
        (
            &["https://a.example"],
            "https://www.a.example",
            "with www. and the same without are two",
        ),
        (
            &["https://www.a.example"],
            "https://a.example",
            "with www. and the same without are two",
        ),
        (
            &["https://*.a.example"],
            "https://a.example",
            "never for the name itself",
        ),
        (
            &["https://*.a.example"],
            "http://x.a.example",
            "scheme differs from the entry https://*.a.example:",
        ),
        (
            &["https://*.a.example"],
            "https://x.a.example:1",
            "port differs from the entry https://*.a.example:",
        ),
        (&["https://a.example"], "https://x.a.example", "not for names under it"),
        (&["http://localhost:3000"], "http://127.0.0.1:3000", "are three origins"),
        (
            &["https://a.example"],
            "http://localhost:3000",
            "Development mode is off",
        ),
        (
            &["https://a.example"],
            "https://a.example.evil.example",
            "only looks like the entry https://a.example:",
        ),
        (&["https://a.example"], "https://evil-a.example", "only looks like"),
    ];
    for (entries, origin, words) in cases {
        let said = explained(entries, false, origin);
        assert!(
            said.starts_with("Not allowed. ") && said.contains(words),
            "{origin}: {said}"
        );
    }
}

#[test]
fn the_nearest_of_several_entries_is_named() {
    let entries = [
        "https://b.example",
        "https://www.a.example",
        "http://a.example",
        "https://a.example:8443",
    ];
    let said = explained(&entries, false, "https://a.example");
    assert!(
        said.contains("port differs from the entry https://a.example:8443"),
        "{said}"
    );
}
