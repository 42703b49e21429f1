//! DESIGN.md, "Who may depend on whom", as a table, and invariant 1: which modules of the server and of the console may
//! name which, and where the frameworks may be named at all.

use crate::tree::{Source, assert_none, names_path, sources};

/// Module -> what it may name. `->` of the picture reads from left to right; a module may always name itself.
/// `config` is plain settings, `model` plain data: leaves that say nothing about how things work.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("main", &["cli", "serve", "boot", "config"]),
    (
        "cli",
        &["serve", "boot", "http", "domain", "store", "log", "config", "model"],
    ),
    (
        "serve",
        &["boot", "router", "http", "state", "domain", "store", "config", "model"],
    ),
    (
        "boot",
        &[
            "state", "domain", "runner", "llm", "egress", "store", "bus", "metrics", "config", "model",
        ],
    ),
    ("router", &["api", "http", "state", "config"]),
    ("api", &["http", "state", "domain", "model"]),
    ("http", &["state", "domain", "metrics", "config", "model"]),
    ("state", &["domain", "metrics", "config", "model"]),
    // `egress`, beyond the first picture: an image that a message only names is fetched before anything is committed.
    (
        "domain",
        &["runner", "llm", "egress", "store", "bus", "metrics", "config", "model"],
    ),
    ("runner", &["llm", "egress", "model"]),
    ("llm", &["config", "model"]),
    ("egress", &["config", "model"]),
    ("store", &["model"]),
    ("bus", &["model"]),
    ("config", &["model"]),
    ("log", &["config"]),
    ("metrics", &[]),
    ("model", &[]),
];

/// The same for the console: pages stand on parts and on the API, parts know no page.
const CONSOLE: [(&str, &[&str]); 14] = [
    (
        "app",
        &["late", "pages", "prelude", "view", "state", "browser", "route"],
    ),
    ("late", &["pages", "view", "api", "route"]),
    (
        "pages",
        &[
            "prelude", "view", "state", "api", "browser", "form", "diff", "origin", "format", "text", "route",
        ],
    ),
    (
        "view",
        &["prelude", "state", "api", "browser", "format", "text", "route"],
    ),
    ("state", &["api", "browser", "text", "route"]),
    ("api", &["state", "browser", "route"]),
    ("text", &["api", "route"]),
    ("format", &["text"]),
    ("browser", &[]),
    ("prelude", &[]),
    ("form", &[]),
    ("diff", &[]),
    ("origin", &[]),
    ("route", &[]),
];

/// A module, and those that it may name.
type Table = &'static [(&'static str, &'static [&'static str])];

/// The crates that have a table.
const CRATES: [(&str, Table); 2] = [("server/src/", &ALLOWED), ("console/src/", &CONSOLE)];

/// Framework -> the only modules that may name it; empty where the list is of those that may not.
const HOMES: [(&str, &[&str]); 2] = [("sqlx", &["store"]), ("redis", &["bus"])];
const PURE: [&str; 3] = ["domain", "runner", "model"];
const KEPT_OUT: [&str; 5] = ["axum", "http", "sqlx", "redis", "reqwest"];

fn module_path<'a>(source: &'a Source, root: &str) -> Option<Vec<&'a str>> {
    let inner = source.path.strip_prefix(root)?.strip_suffix(".rs")?;
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    (inner != "lib").then(|| inner.split('/').collect())
}

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for (source, root, table) in files
        .iter()
        .flat_map(|source| CRATES.map(|(root, table)| (source, root, table)))
    {
        let Some(path) = module_path(source, root) else {
            continue;
        };
        let here = path[0];
        for (line, named) in named_modules(source, path.len()) {
            let allowed = table.iter().find(|(module, _)| *module == here);
            match allowed {
                None => found.push(source.breach(line, &format!("`{here}` is not in the table of modules"))),
                Some((_, may)) if named != here && !may.contains(&named.as_str()) => {
                    found.push(source.breach(line, &format!("`{here}` may not name `{named}`")));
                }
                Some(_) => {}
            }
        }
        for (line, code) in source.code_lines() {
            for framework in KEPT_OUT.iter().filter(|framework| names_path(code, framework)) {
                let home = HOMES.iter().find(|(name, _)| name == framework);
                let is_pure = root.starts_with("server") && PURE.contains(&here);
                if is_pure || home.is_some_and(|(_, modules)| !modules.contains(&here)) {
                    found.push(source.breach(line, &format!("`{here}` may not name {framework}")));
                }
            }
        }
    }
    found
}

/// Every top-level module that the file names: `crate::x`, `crate::{x, y}`, and `super` where it climbs to the root.
fn named_modules(source: &Source, depth: usize) -> Vec<(usize, String)> {
    let code: String = source.code_lines().flat_map(|(_, line)| [line, "\n"]).collect();
    let climb = "super::".repeat(depth);
    let mut named = Vec::new();
    for root in ["crate::", "atthene_server::", climb.as_str()] {
        for (at, _) in code.match_indices(root) {
            if code[..at].ends_with(|character: char| character.is_alphanumeric() || "_:$".contains(character)) {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + root.len()..];
            let names = if rest.starts_with('{') {
                heads(rest)
            } else {
                vec![identifier(rest)]
            };
            // A capital letter is an item of the crate's root, an empty name a glob.
            let modules = names
                .into_iter()
                .filter(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()));
            named.extend(
                modules
                    .filter(|name| !["super", "self"].contains(name))
                    .map(|name| (line, name.to_owned())),
            );
        }
    }
    named
}

fn identifier(text: &str) -> &str {
    let end = text.find(|character: char| !(character.is_alphanumeric() || character == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// The first names inside a group: `{a::b, c::{d}}` has the heads a and c.
fn heads(group: &str) -> Vec<&str> {
    let (mut heads, mut depth) = (Vec::new(), 0_usize);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(character, '{' | ',') {
            heads.push(identifier(group[at + 1..].trim_start()));
        }
    }
    heads
}

#[test]
fn a_part_of_the_console_that_names_a_page_is_found() {
    let text = "use crate::pages::agents;\n";
    assert_eq!(
        breaches(&[Source::sample("console/src/view/card/mod.rs", text)]).len(),
        1
    );
    assert_none(&breaches(&[Source::sample("console/src/app.rs", text)]));
}

#[test]
fn no_module_names_one_that_the_picture_does_not_allow() {
    assert_none(&breaches(&sources()));
}

#[test]
fn a_store_that_names_the_domain_is_found_however_it_is_written() {
    for text in [
        "use crate::domain::limits;",
        "use crate::{\n    model::event,\n    domain::limits,\n};",
        "fn f() { crate::domain::limits::check() }",
        "use super::super::domain::limits;",
    ] {
        assert_eq!(
            breaches(&[Source::sample("server/src/store/keys.rs", text)]).len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn a_comment_and_a_deeper_module_of_the_same_name_are_no_breach() {
    let text = "//! See crate::domain.\nuse crate::model::domain::Name;\nuse super::domain;\n";
    assert_none(&breaches(&[Source::sample("server/src/store/sqlite/mod.rs", text)]));
}

#[test]
fn a_rule_that_names_a_framework_is_found() {
    for framework in KEPT_OUT {
        let text = format!("use {framework}::Anything;\n");
        assert_eq!(
            breaches(&[Source::sample("server/src/domain/limits.rs", &text)]).len(),
            1,
            "{framework}"
        );
    }
    assert_eq!(
        breaches(&[Source::sample("server/src/api/public/mod.rs", "use sqlx::Row;")]).len(),
        1
    );
    assert_none(&breaches(&[Source::sample(
        "server/src/store/sqlite/mod.rs",
        "use sqlx::Row;",
    )]));
}

#[test]
fn a_module_that_is_not_in_the_table_is_found() {
    assert_eq!(
        breaches(&[Source::sample("server/src/magic/mod.rs", "use crate::model::event;")]).len(),
        1
    );
}
