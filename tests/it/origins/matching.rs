//! Which origins a list of entries allows.

use atthene_server::domain::origins::{Entry, Match, OriginSet, RequestOrigin, parse_list};
use atthene_tests::oracle::{Answer, Oracle};

use super::table::{assert_none_wrong, bytes, cases, text};

const TABLE: &str = include_str!("../../fixtures/origins/matching.tsv");

fn entries(cell: &str) -> Vec<Entry> {
    let texts: Vec<String> = text(cell).split_whitespace().map(str::to_owned).collect();
    parse_list(&texts).unwrap()
}

#[test]
fn every_pair_of_the_table_is_allowed_or_refused_as_it_says() {
    let mut wrong = Vec::new();
    for case in cases(TABLE, 4) {
        let set = OriginSet::new(entries(case.cells[0]), case.cells[1] == "dev", case.cells[1] == "any");
        let header = bytes(case.cells[2]);
        let wanted = case.cells[3] == "yes";
        let origin = RequestOrigin::parse(&header);
        let got = origin.as_ref().is_ok_and(|origin| set.allows(origin));
        let explained = origin.as_ref().is_ok_and(|origin| set.explain(origin).is_allowed());
        if got != wanted || explained != wanted {
            wrong.push(format!(
                "{}: `{}` wanted {wanted}, got {got}",
                case.line,
                header.escape_ascii()
            ));
        }
    }
    assert_none_wrong(&wrong);
}

#[test]
fn the_oracle_says_the_same_of_the_table() {
    for case in cases(TABLE, 4) {
        let entries = entries(case.cells[0]);
        let canonical: Vec<&str> = entries.iter().map(Entry::as_str).collect();
        // An emoji is beyond it.
        let Some(oracle) = Oracle::new(&canonical, case.cells[1] == "dev", case.cells[1] == "any") else {
            continue;
        };
        match oracle.answer(&bytes(case.cells[2])) {
            Answer::Undecided => {}
            answer => assert_eq!(answer == Answer::Allowed, case.cells[3] == "yes", "line {}", case.line),
        }
    }
}

#[test]
fn each_entry_allows_itself_and_no_other_of_the_list() {
    let texts = [
        "https://example.com",
        "http://example.com",
        "https://www.example.com",
        "https://example.com:8443",
        "http://example.com:8443",
        "http://localhost",
        "http://127.0.0.1",
        "http://[::1]",
        "https://xn--bcher-kva.example",
    ];
    for allowed in texts {
        let set = OriginSet::new(vec![Entry::parse(allowed).unwrap()], false, false);
        for asked in texts {
            let origin = RequestOrigin::parse(asked.as_bytes()).unwrap();
            assert_eq!(set.allows(&origin), allowed == asked, "{allowed} {asked}");
        }
    }
}

#[test]
fn development_mode_adds_nothing_but_three_hosts_over_http() {
    let off = OriginSet::new(Vec::new(), false, false);
    let on = OriginSet::new(Vec::new(), true, false);
    for host in [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "127.0.0.2",
        "0.0.0.0",
        "[::2]",
        "a.localhost",
        "example.com",
    ] {
        for scheme in ["http", "https"] {
            for port in 1..=u16::MAX {
                if port % 97 != 0 && port > 1_000 {
                    continue;
                }
                let Ok(origin) = RequestOrigin::parse(format!("{scheme}://{host}:{port}").as_bytes()) else {
                    continue;
                };
                let is_loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
                assert_eq!(on.allows(&origin), is_loopback && scheme == "http", "{origin}");
                assert!(!off.allows(&origin), "{origin}");
            }
        }
    }
}

#[test]
fn an_entry_comes_before_development_mode_and_both_before_any() {
    let entry = Entry::parse("http://localhost:3000").unwrap();
    let set = OriginSet::new(vec![entry.clone()], true, true);
    let found = |text: &str| set.find_match(&RequestOrigin::parse(text.as_bytes()).unwrap());
    assert_eq!(found("http://localhost:3000"), Some(Match::Entry(&entry)));
    assert_eq!(found("http://localhost:3001"), Some(Match::Development("localhost")));
    assert_eq!(found("https://shop.example"), Some(Match::Any));
}
