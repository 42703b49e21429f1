//! Nothing in the checkout depends on one machine: no absolute path of a home, no registry's host outside lock files.

use crate::tree::{Source, assert_none, sources};

/// Put together here so that this file does not hold them.
const FOLDERS: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];
const HOSTS: [&str; 5] = [
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("proxy.golang", ".org"),
];

fn breaches(files: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in files {
        let is_lock = source.path.ends_with("package-lock.json");
        for (number, line) in source.lines() {
            let folders = FOLDERS.iter().filter(|folder| begins_a_path(line, folder));
            let hosts = HOSTS.iter().filter(|host| !is_lock && line.contains(**host));
            found.extend(
                folders
                    .chain(hosts)
                    .map(|what| source.breach(number, &format!("names `{what}`"))),
            );
        }
    }
    found
}

/// A path from the root of a machine, not the middle of an address or of a relative path.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-~}*".contains(before)))
}

#[test]
fn nothing_names_a_path_of_one_machine_or_a_registrys_host() {
    assert_none(&breaches(&sources()));
}

#[test]
fn a_home_folder_and_a_registry_are_found() {
    for folder in FOLDERS {
        let sample = Source::sample("docs/A.md", &format!("type `{folder}bin/tool`"));
        assert_eq!(breaches(&[sample]).len(), 1, "{folder}");
    }
    for host in HOSTS {
        let line = format!("\"resolved\": \"https://{host}/x\"");
        assert_eq!(
            breaches(&[Source::sample("tests/e2e/package.json", &line)]).len(),
            1,
            "{host}"
        );
        assert_none(&breaches(&[Source::sample("tests/e2e/package-lock.json", &line)]));
    }
}

#[test]
fn the_middle_of_an_address_is_no_breach() {
    let line = format!("https://shop.example{}page and .{}page", FOLDERS[2], FOLDERS[0]);
    assert_none(&breaches(&[Source::sample("docs/A.md", &line)]));
}
