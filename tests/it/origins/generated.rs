//! Generated origins, put to the server and to the oracle.

use atthene_server::domain::origins::{Entry, OriginSet, RequestOrigin};
use atthene_tests::fuzz::{compare, fuzz_origins};
use atthene_tests::oracle::{Answer, EntryReading, Reading, read_entry, read_origin};
use proptest::prelude::*;

#[test]
fn server_and_oracle_agree_on_generated_near_misses() {
    let compared = fuzz_origins(20_000, 20_261_122).unwrap();
    assert!(compared > 19_800, "{compared}");
}

#[test]
fn the_same_seed_gives_the_same_inputs() {
    assert_eq!(fuzz_origins(2_000, 7), fuzz_origins(2_000, 7));
}

/// Text that is nearly an origin.
fn near_origin() -> impl Strategy<Value = String> {
    "(https?|HTTP|ws)?:?/{0,3}([a-z0-9_*%@-]{0,5}\\.){0,4}(example\\.com|localhost|127\\.0\\.0\\.1|\\[::1\\]|[a-z0-9.]{0,6})(:[0-9]{0,6})?[/?#. \\\\]{0,1}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_the_same_by_both(bytes in prop::collection::vec(any::<u8>(), 0..320)) {
        prop_assert_eq!(RequestOrigin::parse(&bytes).is_ok(), read_origin(&bytes) != Reading::No);
    }

    #[test]
    fn text_like_an_origin_is_read_the_same_by_both(text in near_origin()) {
        match read_origin(text.as_bytes()) {
            Reading::No => prop_assert!(RequestOrigin::parse(text.as_bytes()).is_err()),
            Reading::Yes(_) => prop_assert!(RequestOrigin::parse(text.as_bytes()).is_ok()),
            Reading::Unsure(_) => {}
        }
    }

    #[test]
    fn text_like_an_origin_is_matched_the_same_by_both(text in near_origin(), dev_mode: bool) {
        let entries = ["https://example.com", "https://*.example.com", "http://127.0.0.1:8080"];
        prop_assert!(compare(&entries, dev_mode, false, text.as_bytes()).is_ok());
    }

    #[test]
    fn text_like_an_entry_is_saved_the_same_by_both(text in near_origin()) {
        match read_entry(&text) {
            EntryReading::No => prop_assert!(Entry::parse(&text).is_err()),
            EntryReading::Canonical(wanted) => prop_assert_eq!(Entry::parse(&text).unwrap().to_string(), wanted),
            EntryReading::Unsure => {}
        }
    }

    #[test]
    fn any_ipv6_address_is_read_the_same_by_both(groups: [u16; 8], zeros: [bool; 8]) {
        let groups: Vec<String> = (0..8).map(|at| if zeros[at] { 0 } else { groups[at] }).map(|g| format!("{g:x}")).collect();
        let entry = Entry::parse(&format!("http://[{}]:3000", groups.join(":"))).unwrap();
        prop_assert_eq!(read_entry(&format!("http://[{}]:3000", groups.join(":"))), EntryReading::Canonical(entry.to_string()));
        prop_assert!(RequestOrigin::parse(entry.as_str().as_bytes()).is_ok());
    }

    #[test]
    fn saving_never_panics_and_is_stable(text in "\\PC{0,60}|https?://\\PC{0,40}") {
        if let Ok(entry) = Entry::parse(&text) {
            prop_assert!(entry.as_str().is_ascii());
            prop_assert_eq!(Entry::parse(entry.as_str()), Ok(entry.clone()));
            let set = OriginSet::new(vec![entry.clone()], false, false);
            if let Ok(origin) = RequestOrigin::parse(entry.as_str().as_bytes()) {
                prop_assert!(set.allows(&origin));
                let answer = compare(&[entry.as_str()], false, false, entry.as_str().as_bytes());
                prop_assert_ne!(answer, Ok(Answer::Refused));
            }
        }
    }
}
