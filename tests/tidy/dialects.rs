//! Invariant 2: a dialect never names another dialect, and only the table of routes names any. (That a dialect never
//! names store, llm or bus is in the table of `dependencies.rs`.)

use std::collections::BTreeSet;

use crate::tree::{Source, assert_none, sources};

const HOME: &str = "server/src/api/";

fn dialects(files: &[Source]) -> BTreeSet<String> {
    files
        .iter()
        .filter_map(|source| source.path.strip_prefix(HOME)?.split_once('/'))
        .map(|(dialect, _)| dialect.to_owned())
        .collect()
}

fn breaches(files: &[Source]) -> Vec<String> {
    let dialects = dialects(files);
    let mut found = Vec::new();
    for source in files
        .iter()
        .filter(|source| source.path.starts_with("server/src/") && source.is_one_of(&["rs"]))
    {
        if source.path == "server/src/router.rs" {
            continue;
        }
        let own = source
            .path
            .strip_prefix(HOME)
            .and_then(|inner| inner.split_once('/'))
            .map(|(dialect, _)| dialect);
        for (line, code) in source.code_lines() {
            for dialect in dialects.iter().filter(|dialect| own != Some(dialect.as_str())) {
                // Inside api/ a sibling is also reached by `super::`, and api/mod.rs names its children directly.
                let from_api = source.path.starts_with(HOME)
                    && (code.contains(&format!("super::{dialect}::"))
                        || own.is_none() && crate::tree::names_path(code, dialect));
                let grouped = code.contains("api::{") && code.contains(dialect.as_str());
                if from_api || grouped || code.contains(&format!("api::{dialect}")) {
                    found.push(source.breach(line, &format!("names the dialect `{dialect}`")));
                }
            }
        }
    }
    found
}

#[test]
fn a_dialect_names_no_other_and_only_the_router_names_any() {
    let files = sources();
    assert!(
        dialects(&files).contains("public"),
        "the visitors' dialect has moved: this check looks at nothing"
    );
    assert_none(&breaches(&files));
}

#[test]
fn a_dialect_that_borrows_from_another_is_found() {
    let own = || Source::sample("server/src/api/public/mod.rs", "");
    for (path, text) in [
        ("server/src/api/v1/mod.rs", "use crate::api::public::settings;"),
        ("server/src/api/v1/mod.rs", "use super::public::settings;"),
        ("server/src/api/mod.rs", "let path = public::PATH;"),
        ("server/src/serve.rs", "use crate::api::{public, Route};"),
    ] {
        assert_eq!(
            breaches(&[own(), Source::sample(path, text)]).len(),
            1,
            "{path}: {text}"
        );
    }
}

#[test]
fn declaring_a_dialect_and_the_router_are_no_breach() {
    assert_none(&breaches(&[
        Source::sample(
            "server/src/api/public/mod.rs",
            "use crate::api::public::settings; mod turns;",
        ),
        Source::sample("server/src/api/mod.rs", "pub mod public;"),
        Source::sample("server/src/router.rs", "use crate::api::public;"),
    ]));
}
