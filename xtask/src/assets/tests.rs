//! The small promises of the browser's build that can be checked without a compiler.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{console, file, minify, names, split};

const VALUES: [(&str, &str); 1] = [("__ATTHENE_VERSION__", "1.2.3")];

#[test]
fn a_module_keeps_its_exports_and_loses_its_names() {
    let small = minify::module("const longName = (first) => first + 1;\nexport { longName as mount };\n").unwrap();
    assert!(small.contains("as mount"), "{small}");
    assert!(!small.contains("longName"), "{small}");
}

#[test]
fn a_script_keeps_its_globals() {
    let small = minify::script("var AttheneChat = { init(options) { return options.agentKey; } };").unwrap();
    assert!(small.contains("AttheneChat") && small.contains("agentKey"), "{small}");
}

#[test]
fn a_script_that_sets_markup_is_refused() {
    let error = minify::script("document.body.innerHTML = location.hash;").unwrap_err();
    assert!(error.to_string().contains("innerHTML"), "{error}");
}

#[test]
fn a_script_that_does_not_parse_is_refused() {
    assert!(minify::script("function (").is_err());
}

#[test]
fn placeholders_are_filled_and_the_address_is_left_to_the_server() {
    let filled = file::fill("a('__ATTHENE_URL__','__ATTHENE_VERSION__')", &VALUES).unwrap();
    assert_eq!(filled, "a('__ATTHENE_URL__','1.2.3')");
}

#[test]
fn a_text_without_a_placeholder_is_refused() {
    assert!(file::fill("a('__ATTHENE_URL__')", &VALUES).is_err());
}

#[test]
fn the_tokens_of_the_widget_become_those_of_a_page() {
    let tokens = ":host{--ink:#000!important}\n:host([data-theme=dark]){--ink:#fff!important}";
    assert_eq!(
        console::for_page(tokens),
        ":root{--ink:#000}\n:root[data-theme=dark]{--ink:#fff}"
    );
}

#[test]
fn a_sheet_loses_its_comments_and_line_ends_and_nothing_else() {
    let css = "/* what it is */\n.a { color: red; }\n  .b > .c { margin: 0 1px; /* why */ }\n";
    assert_eq!(console::small(css), ".a { color: red; }.b > .c { margin: 0 1px;  }");
}

#[test]
fn an_unknown_placeholder_is_refused() {
    assert!(file::fill("a('__ATTHENE_URL__','__ATTHENE_VERSION__','__ATTHENE_MOON__')", &VALUES).is_err());
}

#[test]
fn made_up_names_become_short_in_whole_words_only() {
    let glue = "{__wbg_get_12ab:function(){}}; wasm.__wbg_get_12ab(); __wbg_get_12abc(); wasm.mount()";
    let short = names::shortened(["__wbg_get_12ab", "mount"].into_iter());
    assert_eq!(
        names::replace(glue, &short),
        "{$0:function(){}}; wasm.$0(); __wbg_get_12abc(); wasm.mount()"
    );
}

#[test]
fn two_names_never_become_the_same() {
    let many: Vec<String> = (0..300).map(|number| format!("__wbg_{number}")).collect();
    let short = names::shortened(many.iter().map(String::as_str));
    let distinct: std::collections::BTreeSet<&String> = short.values().collect();
    assert_eq!(distinct.len(), 300);
}

#[test]
fn the_loader_of_the_late_part_stands_where_the_glue_imports_it() {
    let glue = "import * as import1 from \"late\"\nconst all = { late: import1 };\n";
    let whole = split::put_in(glue, "const late = {};\n").unwrap();
    assert_eq!(
        whole,
        "const late = {};\nconst import1 = late;\nconst all = { late: import1 };\n"
    );
    assert!(split::put_in("const all = {};", "const late = {};").is_err());
}

#[test]
fn names_leave_the_late_part_and_nothing_else_does() {
    let (header, memory, names) = (b"\0asm\x01\0\0\0", b"\x05\x03\x01\0\x01", b"\0\x05\x04name");
    let wasm = [&header[..], names, memory, names].concat();
    assert_eq!(split::without_names(&wasm).unwrap(), [&header[..], memory].concat());
    assert!(split::without_names(&wasm[..wasm.len() - 1]).is_err());
    assert!(split::without_names(b"<html></html>").is_err());
}
