//! Invariant 3: `boot.rs` is the only file that names a concrete backend, apart from each seam's own folder, where
//! `open()` lives.

use crate::tree::{Source, assert_none, sources};

/// Seam -> how its backends are named from outside.
const BACKENDS: [(&str, &[&str]); 3] = [
    (
        "store",
        &["store::sqlite", "store::postgres", "SqliteStore", "PostgresStore"],
    ),
    ("bus", &["bus::memory", "bus::redis", "MemoryBus", "RedisBus"]),
    ("llm", &["llm::builtin", "llm::provider", "llm::registry"]),
];

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files
        .iter()
        .filter(|source| source.path.starts_with("server/src/") && source.is_one_of(&["rs"]))
    {
        if source.path == "server/src/boot.rs" {
            continue;
        }
        for (seam, names) in BACKENDS {
            if source.path.starts_with(&format!("server/src/{seam}/")) {
                continue;
            }
            for (line, code) in source.code_lines() {
                for name in names.iter().filter(|name| code.contains(**name)) {
                    found.push(source.breach(line, &format!("names the backend `{name}`")));
                }
            }
        }
    }
    found
}

#[test]
fn only_boot_names_a_concrete_backend() {
    assert_none(&breaches(&sources()));
}

#[test]
fn a_handler_that_names_a_backend_is_found_and_boot_is_not() {
    let text = "use crate::store::sqlite::open_file;";
    assert_eq!(
        breaches(&[Source::sample("server/src/api/public/mod.rs", text)]).len(),
        1
    );
    assert_none(&breaches(&[Source::sample("server/src/boot.rs", text)]));
    assert_none(&breaches(&[Source::sample("server/src/store/mod.rs", text)]));
}
