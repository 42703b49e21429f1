//! DESIGN.md, "The words": modules are nouns that say something, functions don't begin with `get_`, nothing is left
//! for later.

use crate::tree::{Source, assert_none, sources};

const EMPTY_NOUNS: [&str; 6] = ["util", "utils", "common", "helpers", "manager", "misc"];
const LATER: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX ")];

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files
        .iter()
        .filter(|source| source.is_one_of(&["rs", "js", "mjs", "ts", "css", "html"]))
    {
        let stem = source
            .path
            .rsplit_once('.')
            .map_or(source.path.as_str(), |(stem, _)| stem);
        if let Some(noun) = stem.split('/').find(|part| EMPTY_NOUNS.contains(part)) {
            found.push(source.breach(1, &format!("`{noun}` says nothing: name it by what is in it")));
        }
        for (number, line) in source.lines() {
            if source.is_one_of(&["rs"])
                && line
                    .split("//")
                    .next()
                    .is_some_and(|code| code.contains(concat!("fn ", "get_")))
            {
                found.push(source.breach(number, "a function begins with `get_`"));
            }
            found.extend(
                LATER
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| source.breach(number, word)),
            );
        }
    }
    found
}

#[test]
fn names_say_something_and_nothing_is_left_for_later() {
    assert_none(&breaches(&sources()));
}

#[test]
fn an_empty_noun_a_getter_and_a_note_to_oneself_are_found() {
    assert_eq!(breaches(&[Source::sample("server/src/utils/mod.rs", "")]).len(), 1);
    assert_eq!(
        breaches(&[Source::sample("server/src/a.rs", concat!("pub fn ", "get_name() {}"))]).len(),
        1
    );
    assert_eq!(
        breaches(&[Source::sample("widget/a.js", concat!("// TO", "DO later"))]).len(),
        1
    );
}
