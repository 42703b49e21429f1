//! Tests of what becomes of a file; folders are tried in `tests/it/knowledge`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::document;
use crate::model::time::Timestamp;

#[test]
fn a_page_becomes_what_a_reader_reads() {
    let page = "<!doctype html><html><head><title>No</title><style>p{}</style></head><body><nav>Menu</nav>\
        <h1>Set <em>up</em></h1><p>First   <b>bold</b>\n text, <code>init()</code>.</p>\
        <script>alert(1)</script><ul><li>One</li><li>Two</li></ul>\
        <h2>Code</h2><pre><code>let a = 1;\n\nlet b = 2;</code></pre>\
        <table><tr><th>Name</th><th>Value</th></tr><tr><td>a</td><td>1</td></tr></table></body></html>";
    let document = document("guide/page.html", page, String::new(), Timestamp(0));
    assert_eq!(document.title, "Set up");
    let texts: Vec<_> = document.passages.iter().map(|passage| passage.text.as_str()).collect();
    assert_eq!(texts[0], "First bold text, `init()`.\n\n- One\n- Two");
    assert_eq!(texts[1], "```\nlet a = 1;\n\nlet b = 2;\n```\n\nName | Value\na | 1");
    let all = texts.concat();
    assert!(
        !all.contains("alert") && !all.contains("Menu") && !all.contains("p{}"),
        "{all}"
    );
}

#[test]
fn hostile_nesting_ends() {
    let page = format!("<p>start</p>{}deep{}", "<div>".repeat(1_000), "</div>".repeat(1_000));
    let document = document("deep.html", &page, String::new(), Timestamp(0));
    assert_eq!(document.passages[0].text, "start");
}

#[test]
fn plain_text_keeps_its_hashes() {
    let document = document("notes.txt", "# not a heading\n\ntext", String::new(), Timestamp(0));
    assert_eq!(document.title, "notes.txt");
    assert_eq!(document.passages[0].text, "# not a heading\n\ntext");
}
