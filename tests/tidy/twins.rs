//! Invariant 7: two backends of one seam are siblings: the stores have the same migrations by name and the same
//! modules. With one backend there is nothing to compare yet.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::tree::{assert_none, root};

const STORES: [&str; 2] = ["server/src/store/sqlite", "server/src/store/postgres"];

/// What lies in a folder; `None` where there is no such folder.
fn names(folder: &Path) -> Option<BTreeSet<String>> {
    let entries = fs::read_dir(folder).ok()?;
    Some(
        entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect(),
    )
}

/// Names that one of the two lacks; none while one of the two doesn't exist.
fn differences(folders: [&str; 2], names: [Option<BTreeSet<String>>; 2]) -> Vec<String> {
    let [Some(left), Some(right)] = names else {
        return Vec::new();
    };
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>, folder: &str| -> Vec<String> {
        these
            .difference(those)
            .map(|name| format!("only in {folder}: {name}"))
            .collect()
    };
    [only(&left, &right, folders[0]), only(&right, &left, folders[1])].concat()
}

#[test]
fn both_stores_have_the_same_migrations_and_modules() {
    let modules = STORES.map(|store| names(&root().join(store)));
    let migrations = STORES.map(|store| names(&root().join(store).join("migrations")));
    assert!(
        migrations[0].as_ref().is_some_and(|names| !names.is_empty()),
        "the migrations have moved: this check looks at nothing"
    );
    assert_none(&differences(STORES, modules));
    assert_none(&differences(STORES, migrations));
}

#[test]
fn a_migration_that_one_store_lacks_is_found() {
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>());
    let both = ["0001_first.sql", "0002_keys.sql"];
    assert_none(&differences(STORES, [set(&both), set(&both)]));
    assert_none(&differences(STORES, [set(&both), None]));
    assert_eq!(differences(STORES, [set(&both), set(&both[..1])]).len(), 1);
    assert_eq!(differences(STORES, [set(&both[..1]), set(&both)]).len(), 1);
}
