//! The names under which glue and WASM know each other. wasm-bindgen makes them long and ends them in hashes, which no
//! encoding can shorten and which stand in both files: short ones save about two kilobytes. What pages and the shim
//! call (`mount`, `default`) keeps its name.

use std::collections::BTreeMap;

/// Beginnings of the names that wasm-bindgen made up.
const MADE_UP: [&str; 4] = ["__wbg_", "__wbindgen_", "__externref_", "wasm_bindgen_"];

/// Gives each made-up name of a list a short one, the same for the same list.
pub(crate) fn shortened<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut short = BTreeMap::new();
    for name in names.filter(|name| MADE_UP.iter().any(|beginning| name.starts_with(beginning))) {
        let number = short.len();
        // `$` keeps them apart from every name that the glue has of its own.
        short.entry(name.to_owned()).or_insert_with(|| format!("${number:x}"));
    }
    short
}

/// Replaces whole names in the glue; a name inside a longer one stays.
pub(crate) fn replace(glue: &str, short: &BTreeMap<String, String>) -> String {
    let is_part = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    let mut replaced = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|character| !is_part(character)).unwrap_or(from.len()));
        replaced.push_str(before);
        replaced.push_str(short.get(name).map_or(name, String::as_str));
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}
