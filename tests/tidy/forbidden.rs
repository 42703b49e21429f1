//! Invariant 4: nothing in the product turns text into markup or code, or talks to every window. The built glue is
//! looked at too, where there is one. The words are put together here so that this file does not hold them.

use std::fs;

use crate::tree::{Source, assert_none, root, sources};

const PRODUCT: [&str; 5] = ["protocol/", "widget/", "console/", "server/", "demo-site/"];
const BROWSER_RUST: [&str; 2] = ["widget/", "console/"];

const WORDS: [&str; 4] = [
    concat!("inner", "HTML"),
    concat!("outer", "HTML"),
    concat!("insertAdjacent", "HTML"),
    concat!("document", ".write"),
];
/// The same as web-sys and Leptos spell them; on the server an HTML reader has methods of these names.
const RUST_WORDS: [&str; 5] = [
    concat!("inner_", "html"),
    concat!("outer_", "html"),
    concat!("insert_adjacent_", "html"),
    concat!("Function::new_", "with_args"),
    concat!("Function::new_", "no_args"),
];
const CALLS: [&str; 2] = [concat!("ev", "al("), concat!("new Func", "tion(")];

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files {
        let is_product =
            PRODUCT.iter().any(|folder| source.path.starts_with(folder)) || source.path.starts_with("target/assets/");
        if !is_product || !source.is_one_of(&["rs", "js", "mjs", "ts", "html"]) {
            continue;
        }
        let in_browser = BROWSER_RUST.iter().any(|folder| source.path.starts_with(folder)) && source.is_one_of(&["rs"]);
        for (line, text) in source.lines() {
            let words = WORDS
                .iter()
                .chain(RUST_WORDS.iter().filter(|_| in_browser))
                .filter(|word| text.contains(**word));
            let calls = CALLS.iter().filter(|call| is_call(text, call));
            found.extend(
                words
                    .chain(calls)
                    .map(|word| source.breach(line, &format!("holds `{word}`"))),
            );
            if speaks_to_every_window(text) {
                found.push(source.breach(line, "posts a message to every window"));
            }
        }
    }
    found
}

/// Not the end of a longer name: `retri` + `eval(` is another word.
fn is_call(text: &str, call: &str) -> bool {
    text.match_indices(call)
        .any(|(at, _)| !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

fn speaks_to_every_window(text: &str) -> bool {
    let posts = text.contains("postMessage(") || text.contains("post_message");
    posts && ["'*'", "\"*\"", "`*`"].iter().any(|star| text.contains(star))
}

#[test]
fn nothing_in_the_product_turns_text_into_markup_or_code() {
    assert_none(&breaches(&sources()));
}

#[test]
fn the_built_scripts_hold_none_of_it_either() {
    // `cargo xtask` refuses to write such files; this looks at what lies there now, and there may be nothing.
    let folders = ["target/assets/widget", "target/assets/console"].map(|folder| fs::read_dir(root().join(folder)));
    let built: Vec<Source> = folders
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "js"))
        .map(|path| {
            Source::sample(
                &format!("target/assets/{}", path.display()),
                &fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    assert_none(&breaches(&built));
}

#[test]
fn each_forbidden_word_is_found() {
    for word in WORDS.iter().chain(&CALLS) {
        let sample = Source::sample("demo-site/page.js", &format!("a = b.{word}"));
        assert_eq!(breaches(&[sample]).len(), 1, "{word}");
    }
    for word in RUST_WORDS {
        assert_eq!(
            breaches(&[Source::sample("widget/src/view.rs", &format!("x.set_{word}(y)"))]).len(),
            1,
            "{word}"
        );
    }
    assert_eq!(
        breaches(&[Source::sample("widget/shim/a.js", "parent.postMessage(data, '*')")]).len(),
        1
    );
}

#[test]
fn a_longer_word_and_a_named_window_are_no_breach() {
    let text = concat!("retri", "ev", "al(1); frame.postMessage(data, 'https://shop.example')");
    assert_none(&breaches(&[Source::sample("widget/shim/a.js", text)]));
}
