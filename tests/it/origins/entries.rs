//! What becomes of an allowed entry when it is saved.

use atthene_server::domain::origins::{Entry, EntryProblem, MAX_ENTRIES, parse_list, suggest};

use super::table::{assert_none_wrong, cases, text};

const TABLE: &str = include_str!("../../fixtures/origins/entries.tsv");

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_entry_of_the_table_is_kept_or_refused_as_it_says() {
    let mut wrong = Vec::new();
    for case in cases(TABLE, 3) {
        let (written, verdict, expected) = (text(case.cells[0]), case.cells[1], case.cells[2]);
        let got = match Entry::parse(&written) {
            Ok(entry) => format!("= {entry}"),
            Err(error) => format!("! {} {}", error.code(), error.suggestion().unwrap_or("-")),
        };
        let wanted = format!("{verdict} {expected}");
        if got != wanted {
            wrong.push(format!("{}: {written:?} wanted `{wanted}`, got `{got}`", case.line));
        }
    }
    assert_none_wrong(&wrong);
}

#[test]
fn a_canonical_entry_reads_as_itself() {
    for case in cases(TABLE, 3) {
        if let Ok(entry) = Entry::parse(&text(case.cells[0])) {
            assert_eq!(Entry::parse(entry.as_str()).as_ref(), Ok(&entry), "line {}", case.line);
        }
    }
}

#[test]
fn a_suggestion_can_be_saved_as_it_stands() {
    for case in cases(TABLE, 3) {
        if let Err(error) = Entry::parse(&text(case.cells[0]))
            && let Some(suggestion) = error.suggestion()
        {
            let entry = Entry::parse(suggestion).unwrap();
            assert_eq!(entry.as_str(), suggestion, "line {}", case.line);
        }
    }
}

#[test]
fn a_refusal_says_what_is_right() {
    let error = Entry::parse("your-site.com").unwrap_err();
    assert_eq!(error.problem(), &EntryProblem::NoScheme);
    let sentence = error.to_string();
    assert!(sentence.contains("begins with https://"), "{sentence}");
    assert!(sentence.contains("Did you mean https://your-site.com ?"), "{sentence}");

    let error = Entry::parse("https://*.github.io").unwrap_err();
    assert!(
        error.to_string().contains("Anybody can have a site under github.io"),
        "{error}"
    );
    let error = Entry::parse("*").unwrap_err();
    assert!(error.to_string().contains("allow_any_origin"), "{error}");
    let error = Entry::parse("http://localhost:*").unwrap_err();
    assert!(error.to_string().contains("development mode"), "{error}");
}

#[test]
fn the_longest_text_costs_no_guess() {
    let long = format!("https://{}/", "a.".repeat(100_000));
    assert_eq!(Entry::parse(&long).unwrap_err().problem(), &EntryProblem::TooLong);
    assert_eq!(suggest(&long), None);
}

#[test]
fn two_hundred_entries_are_a_list_and_one_more_is_not() {
    let mut texts: Vec<String> = (0..MAX_ENTRIES).map(|n| format!("https://shop{n}.example")).collect();
    assert_eq!(parse_list(&texts).unwrap().len(), 200);
    texts.push("https://one-more.example".to_owned());
    let errors = parse_list(&texts).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].0, 200);
    assert_eq!(errors[0].1.problem(), &EntryProblem::TooMany { count: 201 });
    assert_eq!(errors[0].1.code(), "origins_too_many");
}

#[test]
fn entries_that_come_out_the_same_are_kept_once() {
    let texts = [
        "https://b.example",
        "https://A.example",
        "https://a.example:443/",
        "https://a.example",
        "http://a.example",
    ];
    let kept: Vec<String> = parse_list(&list(&texts))
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(kept, ["https://b.example", "https://a.example", "http://a.example"]);
}

#[test]
fn every_refused_entry_of_a_list_is_named_by_its_index() {
    let errors = parse_list(&list(&["https://a.example", "a.example", "https://b.example", "null"])).unwrap_err();
    let named: Vec<(usize, &str)> = errors.iter().map(|(index, error)| (*index, error.code())).collect();
    assert_eq!(named, [(1, "origin_scheme_missing"), (3, "origin_null")]);
    assert_eq!(parse_list(&[]).unwrap(), []);
}
