//! Invariant 5: every Rust file says what it is, no file is long, no test stands inside the code that it tests.

use crate::tree::{Source, assert_none, sources};

const LONGEST: usize = 400;

fn unsaid(files: &[Source]) -> Vec<String> {
    let rust = files.iter().filter(|source| source.is_one_of(&["rs"]));
    rust.filter(|source| {
        let said = source.text.lines().next().and_then(|line| line.strip_prefix("//!"));
        said.is_none_or(|words| words.trim().is_empty())
    })
    .map(|source| source.breach(1, "does not open with `//!`: what it is, what it is not"))
    .collect()
}

fn too_long(files: &[Source]) -> Vec<String> {
    let written = files
        .iter()
        .filter(|source| source.is_one_of(&["rs", "js", "mjs", "cjs", "ts", "tsx", "css"]));
    written
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(source, lines)| source.breach(lines, &format!("{lines} lines, at most {LONGEST}")))
        .collect()
}

fn inline_tests(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files.iter().filter(|source| source.is_one_of(&["rs"])) {
        let mut after_cfg_test = false;
        let is_for_tests = source.path.split('/').any(|part| part == "tests" || part == "tests.rs");
        for (number, line) in source.code_lines() {
            let line = line.trim();
            let (attribute, item) = split_attributes(line);
            after_cfg_test |= attribute.contains("cfg(test)") || attribute.contains("cfg(all(test");
            let is_module = item
                .split(['{', ';'])
                .next()
                .is_some_and(|head| head.split_whitespace().any(|word| word == "mod"));
            if is_module && item.contains('{') && (after_cfg_test || item.starts_with("mod tests")) {
                found.push(source.breach(number, "tests stand inside the file: move them to a sibling tests.rs"));
            }
            if !is_for_tests && (attribute.contains("#[test]") || attribute.contains("#[tokio::test")) {
                found.push(source.breach(number, "a test stands outside tests.rs and tests/"));
            }
            after_cfg_test &= item.is_empty();
        }
    }
    found
}

/// `#[a] #[b] mod x {` into its attributes and its item.
fn split_attributes(line: &str) -> (&str, &str) {
    let mut at = 0;
    while line[at..].trim_start().starts_with("#[") {
        match line[at..].find(']') {
            Some(end) => at += end + 1,
            None => return (line, ""),
        }
    }
    (&line[..at], line[at..].trim_start())
}

#[test]
fn every_rust_file_says_what_it_is() {
    assert_none(&unsaid(&sources()));
}

#[test]
fn no_file_passes_400_lines() {
    assert_none(&too_long(&sources()));
}

#[test]
fn no_test_stands_inside_the_code_that_it_tests() {
    assert_none(&inline_tests(&sources()));
}

#[test]
fn a_silent_file_and_a_long_file_are_found() {
    assert_eq!(
        unsaid(&[
            Source::sample("a.rs", "use b;\n//! late"),
            Source::sample("b.rs", "//!\n")
        ])
        .len(),
        2
    );
    assert_none(&unsaid(&[Source::sample("c.rs", "//! What it is.\n")]));
    assert_eq!(too_long(&[Source::sample("a.css", &"a\n".repeat(401))]).len(), 1);
    assert_none(&too_long(&[Source::sample("a.css", &"a\n".repeat(400))]));
}

#[test]
fn inline_tests_are_found_however_they_are_written() {
    for text in [
        "#[cfg(test)]\nmod tests {\n}",
        "#[cfg(test)] mod check {",
        "#[cfg(test)]\n#[allow(dead_code)]\npub(crate) mod check {",
        "mod tests {",
        "#[test]\nfn it_works() {}",
    ] {
        assert_eq!(
            inline_tests(&[Source::sample("server/src/a.rs", text)]).len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn a_declared_test_module_and_other_inline_modules_are_no_breach() {
    let text = "#[cfg(test)]\nmod tests;\nmod inner {\n}\n";
    assert_none(&inline_tests(&[Source::sample("server/src/a.rs", text)]));
    assert_none(&inline_tests(&[Source::sample(
        "server/src/a/tests.rs",
        "#[test]\nfn it_works() {}",
    )]));
}
