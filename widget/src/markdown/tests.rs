//! What is ours alone: streaming, bare addresses, limits, hostile texts. That the tree is the one of CommonMark is tested
//! against an oracle in `tests/it/markdown.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, Instant};

use super::{Kind, Node, Stream, parse, plain_text, safe_url};

fn kinds(nodes: &[Node]) -> Vec<Kind> {
    nodes.iter().map(|node| node.kind).collect()
}

/// The addresses of all links.
fn addresses(nodes: &[Node]) -> Vec<&str> {
    let mut found = Vec::new();
    for node in nodes {
        if node.kind == Kind::Link {
            found.push(node.text.as_str());
        }
        found.extend(addresses(&node.kids));
    }
    found
}

fn height(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + height(&node.kids)).max().unwrap_or(0)
}

#[test]
fn a_delta_leaves_finished_blocks_alone() {
    let mut stream = Stream::default();
    stream.append("# One\n\nTwo\n\n***\n\nFour");
    let change = stream.append(" and more");
    assert_eq!(change.from, 3);
    assert_eq!(kinds(&change.old), [Kind::Paragraph]);
    assert_eq!(stream.nodes().len(), 4);
    assert_eq!(stream.nodes()[3].kids[0].text, "Four and more");
}

#[test]
fn an_open_fence_is_code_at_once() {
    let mut stream = Stream::default();
    stream.append("```rust\nfn main");
    assert_eq!(stream.nodes()[0].kind, Kind::Code);
    assert_eq!(stream.nodes()[0].text, "rust");
    assert_eq!(stream.nodes()[0].kids[0].text, "fn main");
}

#[test]
fn a_line_of_marks_waits_until_it_is_clear_what_it_is() {
    let mut stream = Stream::default();
    for (delta, expected) in [
        ("Some words\n", [Kind::Paragraph].as_slice()),
        ("-", &[Kind::Paragraph]),
        (" ", &[Kind::Paragraph]),
        ("an item", &[Kind::Paragraph, Kind::Bullets]),
    ] {
        stream.append(delta);
        assert_eq!(kinds(stream.nodes()), expected, "after {delta:?}");
    }
    let mut stream = Stream::default();
    stream.append("Some words\n-");
    stream.finish();
    assert_eq!(kinds(stream.nodes()), [Kind::Heading]);
}

#[test]
fn a_definition_that_comes_later_reaches_back() {
    let mut stream = Stream::default();
    stream.append("See [the list].\n\nMore.\n\n");
    assert!(addresses(stream.nodes()).is_empty());
    let change = stream.append("[the list]: https://a.example/x");
    assert_eq!(change.from, 0);
    assert_eq!(addresses(stream.nodes()), ["https://a.example/x"]);
    stream.append("yz\n\nEnd.");
    assert_eq!(addresses(stream.nodes()), ["https://a.example/xyz"]);
}

#[test]
fn bare_addresses_become_links_without_the_punctuation_behind() {
    for (text, expected) in [
        ("see https://a.example/x.", &["https://a.example/x"][..]),
        ("(https://a.example/x_(y))", &["https://a.example/x_(y)"]),
        (
            "**https://a.example**, http://b.example!",
            &["https://a.example", "http://b.example"],
        ),
        ("www.a.example", &["http://www.a.example"]),
        (
            "https://münchen.example/?q=a&b=c",
            &["https://münchen.example/?q=a&b=c"],
        ),
        ("write to me@a.example.", &["mailto:me@a.example"]),
        ("`https://a.example` https:// www. xhttps://a.example a@b", &[]),
        ("[https://a.example](https://b.example)", &["https://b.example"]),
    ] {
        assert_eq!(addresses(&parse(text)), expected, "{text}");
    }
}

#[test]
fn only_harmless_addresses_may_be_followed() {
    for (address, expected) in [
        ("https://a.example/ä b", Some("https://a.example/äb")),
        ("HTTP://a.example", Some("HTTP://a.example")),
        (" mailto:me@a.example", Some("mailto:me@a.example")),
        ("tel:+49", Some("tel:+49")),
        ("java\u{0}script:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("vbscript:x", None),
        ("//a.example", None),
        ("/path", None),
        ("x/https:y", None),
        ("ht\ttps://a.example", Some("https://a.example")),
        ("", None),
    ] {
        assert_eq!(safe_url(address).as_deref(), expected, "{address:?}");
    }
}

#[test]
fn raw_html_is_text() {
    let nodes = parse("<script>alert(1)</script>\n\nan <b onclick='x'>inline</b> one");
    assert_eq!(kinds(&nodes), [Kind::Paragraph, Kind::Paragraph]);
    assert_eq!(nodes[0].kids[0].text, "<script>alert(1)</script>");
    assert_eq!(nodes[1].kids[0].text, "an <b onclick='x'>inline</b> one");
}

#[test]
fn a_link_without_words_shows_its_address() {
    let nodes = parse("[](https://a.example)");
    assert_eq!(nodes[0].kids[0].kids[0].text, "https://a.example");
}

#[test]
fn the_words_alone_are_what_is_read_out() {
    let text =
        "# Head\n\nSome **bold** and [a link](https://a.example).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n";
    assert_eq!(plain_text(text), "Head\nSome bold and a link.\none\ntwo\na b\nc d");
}

#[test]
fn nesting_is_bounded() {
    let deep = 3_000;
    for text in [
        ">".repeat(deep),
        "- ".repeat(deep) + "a",
        "*a _b ".repeat(deep) + &"b_ a*".repeat(deep),
        "![".repeat(deep) + "a" + &"](b)".repeat(deep),
        (0..deep).map(|at| " ".repeat(2 * at.min(40)) + "- a\n").collect(),
    ] {
        let tall = height(&parse(&text));
        assert!(tall < 60, "{}: {tall}", &text[..20]);
    }
}

#[test]
fn hostile_texts_take_less_than_four_seconds() {
    let size = 100_000;
    let labels: String = (0..size / 14).map(|at| std::format!("[l{at}]: /u\n[l{at}]")).collect();
    let runs: String = (1..450).map(|length| "`".repeat(length) + " ").collect();
    let scraps = [
        "[",
        "]",
        "*",
        "_",
        "~",
        "~~",
        ">",
        "> ",
        "`",
        "``` ",
        "`a``",
        "![",
        "[a](",
        "[a](<b",
        "[a](b \"",
        "[a][",
        "[a] ",
        "[[a]",
        "*a ",
        "a* ",
        "*a_ ",
        "**a *",
        "a**b",
        "_a __",
        "<",
        "<a:",
        "&",
        "&#",
        "\\",
        "- ",
        "-\n",
        "- a\n",
        "1. ",
        "#",
        "# a\n",
        "|",
        "|-",
        "|a\n|-\n",
        "| a | b\n|-|-\n",
        "a\n-\n",
        "a\n\n",
        "\n",
        "\t",
        " ",
        "    a\n",
        "```\n",
        "[a]: b\n",
        "[a]: <",
        "http://",
        "https://a.b/(",
        "https://a)",
        "www.",
        "a@",
        "a@b.",
        "((",
        "\r",
        "\u{0}",
        "ß",
        "*_",
        "[*",
        "[*a](b) ",
        "[a](b)*",
    ];
    let texts = scraps.iter().map(|scrap| scrap.repeat(size / scrap.len())).chain([
        "[".repeat(size / 2) + &"]".repeat(size / 2),
        "*".repeat(size / 2) + "a" + &"*".repeat(size / 2),
        "*a ".repeat(size / 6) + &"a* ".repeat(size / 6),
        "[a](".repeat(size / 5) + &")".repeat(size / 5),
        "a ".repeat(500) + "\n" + &"|".repeat(500),
        std::format!("{0}\n{0}\n{1}", "|-".repeat(60), "a\n".repeat(size / 2)),
        labels,
        runs,
    ]);
    for text in texts {
        // The machine may be busy with something else: the best of a few tries counts.
        let took = (0..3).map(|_| time(&text)).find(|took| *took < Duration::from_secs(4));
        assert!(took.is_some(), "{:?}..", text.chars().take(20).collect::<String>());
    }
}

fn time(text: &str) -> Duration {
    let start = Instant::now();
    parse(text);
    start.elapsed()
}
