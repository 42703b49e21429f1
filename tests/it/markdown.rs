//! The widget's Markdown against an oracle: pulldown-cmark must see the same tree in every example of the CommonMark
//! specification and of GitHub's extensions. What the widget does on its own account (streaming, bare addresses, limits) is
//! tested beside it, in `widget/src/markdown/tests.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use atthene_widget::markdown::{Kind, Node, Stream, parse};
use proptest::prelude::*;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// Where the two trees differ on purpose, and why.
const DIFFERENT: [(&str, &str); 1] = [(
    "commonmark 25",
    "names thirty-odd entities at most are worth their bytes in a page; the example wants all 2,125",
)];

/// `[name, section, text]`, see the README beside it.
fn examples() -> Vec<(String, String, String)> {
    serde_json::from_str(include_str!("../fixtures/markdown/examples.json")).unwrap()
}

fn oracle(text: &str) -> Parser<'_> {
    Parser::new_ext(
        text,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS,
    )
}

fn holds_raw_html(text: &str) -> bool {
    oracle(text).any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)))
}

/// One line of a picture of a tree; texts in a row run together.
#[derive(Default)]
struct Picture {
    lines: Vec<String>,
    depth: usize,
    is_text: bool,
}

impl Picture {
    fn add(&mut self, line: &str) {
        self.lines.push(format!("{}{line}", "  ".repeat(self.depth)));
        self.is_text = false;
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let text = text.escape_debug().to_string();
        match self.lines.last_mut() {
            Some(last) if self.is_text => last.push_str(&text),
            _ => self.add(&format!("'{text}")),
        }
        self.is_text = true;
    }

    fn element(&mut self, line: &str, inside: impl FnOnce(&mut Self)) {
        self.add(line);
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.is_text = false;
    }
}

fn picture_of_ours(text: &str) -> String {
    let mut picture = Picture::default();
    draw(&parse(text), false, &mut picture);
    picture.lines.join("\n")
}

fn draw(nodes: &[Node], is_tight: bool, picture: &mut Picture) {
    for node in nodes {
        let (number, flag, text, title) = (node.number, node.flag, node.text.as_str(), node.title.as_str());
        let line = match node.kind {
            Kind::Text => {
                picture.text(text);
                continue;
            }
            // The oracle does not look for bare addresses.
            Kind::Link if flag => {
                draw(&node.kids, false, picture);
                continue;
            }
            Kind::Paragraph if is_tight => {
                draw(&node.kids, false, picture);
                picture.is_text = false;
                continue;
            }
            Kind::Heading => format!("heading {number}"),
            Kind::Code => format!("code [{text}]"),
            Kind::Numbers => format!("list from {number}"),
            Kind::Bullets => "list".into(),
            Kind::Cell => format!("cell {number}"),
            Kind::Link | Kind::Image => format!(
                "{} <{text}> {title:?}",
                if node.kind == Kind::Link { "link" } else { "image" }
            ),
            Kind::Check => format!("check {flag}"),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let is_tight =
            matches!(node.kind, Kind::Bullets | Kind::Numbers) && flag || node.kind == Kind::Item && is_tight;
        // The oracle leaves a link without words empty.
        let is_stand_in = matches!(node.kind, Kind::Link | Kind::Image) && number == 1;
        let kids = if is_stand_in { &[] } else { &node.kids[..] };
        picture.element(&line, |picture| draw(kids, is_tight, picture));
    }
}

fn picture_of_theirs(text: &str) -> String {
    let mut picture = Picture::default();
    let mut columns: Vec<Alignment> = Vec::new();
    let mut column = 0;
    for event in oracle(text) {
        match event {
            Event::Start(tag) => {
                let line = match tag {
                    Tag::Heading { level, .. } => format!("heading {}", level as u8),
                    Tag::BlockQuote(_) => "quote".into(),
                    Tag::CodeBlock(CodeBlockKind::Fenced(info)) => format!("code [{info}]"),
                    Tag::CodeBlock(CodeBlockKind::Indented) => "code []".into(),
                    Tag::List(Some(number)) => format!("list from {number}"),
                    Tag::List(None) => "list".into(),
                    Tag::Table(alignments) => {
                        columns = alignments;
                        "table".into()
                    }
                    Tag::TableHead | Tag::TableRow => {
                        column = 0;
                        "row".into()
                    }
                    Tag::TableCell => {
                        column += 1;
                        format!("cell {}", [0, 1, 3, 2][columns[column - 1] as usize])
                    }
                    Tag::Strikethrough => "strike".into(),
                    Tag::Link {
                        link_type: LinkType::Email,
                        dest_url,
                        ..
                    } => format!("link <mailto:{dest_url}> \"\""),
                    Tag::Link { dest_url, title, .. } => format!("link <{dest_url}> {:?}", &*title),
                    Tag::Image { dest_url, title, .. } => format!("image <{dest_url}> {:?}", &*title),
                    tag => format!("{tag:?}").to_lowercase(),
                };
                picture.add(&line);
                picture.depth += 1;
            }
            Event::End(end) => {
                picture.depth -= 1;
                // Ours ends a block of code without a line end.
                if let (TagEnd::CodeBlock, true, Some(last)) = (end, picture.is_text, picture.lines.last_mut())
                    && last.ends_with("\\n")
                {
                    last.truncate(last.len() - 2);
                    if last.trim_start() == "'" {
                        picture.lines.pop();
                    }
                }
                picture.is_text = false;
            }
            Event::Text(text) => picture.text(&text),
            Event::SoftBreak => picture.text("\n"),
            Event::HardBreak => picture.add("break"),
            Event::Rule => picture.add("rule"),
            Event::TaskListMarker(ticked) => picture.add(&format!("check {ticked}")),
            Event::Code(code) => {
                picture.element("span", |picture| picture.text(&code));
            }
            other => panic!("the oracle was not asked for {other:?}"),
        }
    }
    picture.lines.join("\n")
}

#[test]
fn every_example_without_raw_html_gives_the_tree_of_the_oracle() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (name, section, text) in examples() {
        if holds_raw_html(&text) || DIFFERENT.iter().any(|entry| entry.0 == name) {
            continue;
        }
        compared += 1;
        let (ours, theirs) = (picture_of_ours(&text), picture_of_theirs(&text));
        if ours != theirs {
            wrong.push(format!(
                "{name} ({section})\n{text}\nours:\n{ours}\ntheirs:\n{theirs}\n"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} of {compared} differ",
        wrong.join("\n"),
        wrong.len()
    );
    assert!(compared > 550, "only {compared} examples were compared");
}

#[test]
fn every_example_streamed_byte_by_byte_gives_the_tree_of_the_whole() {
    for (name, _, text) in examples() {
        let mut stream = Stream::default();
        for found in text.chars() {
            stream.append(found.encode_utf8(&mut [0; 4]));
        }
        stream.finish();
        assert_eq!(stream.nodes(), parse(&text), "{name}");
    }
}

/// Scraps that make Markdown, so that random texts hold more than words.
fn scraps() -> impl Strategy<Value = Vec<String>> {
    let mark = prop::sample::select(vec![
        "\n",
        "\n\n",
        "\n    ",
        "\n  ",
        "\n- ",
        "\n1. ",
        "\n> ",
        "\n# ",
        "\n```\n",
        "\n~~~",
        "```",
        "**",
        "*",
        "_",
        "~~",
        "`",
        "[",
        "](",
        ")",
        "](http://a.b)",
        "![",
        "]: /u 'x'\n",
        "[a]",
        "\n[a]: /u\n",
        "| a | b |\n|---|---|\n",
        "|",
        "\n---\n",
        "\n===\n",
        "\\",
        "&amp;",
        "&#35;",
        "<",
        "<http://a.b>",
        "https://a.b.",
        "- [ ] ",
        "- [x] ",
        "\t",
        "  \n",
        "\r\n",
        "\r",
        " ",
        "a",
        "ß",
        "字",
        "🎈",
        "(",
        "\"",
        "'",
        ".",
        "!",
    ]);
    prop::collection::vec(prop_oneof![9 => mark.prop_map(String::from), 1 => ".{0,6}"], 0..60)
}

proptest! {
    #[test]
    fn a_text_in_any_pieces_gives_the_tree_of_the_whole(scraps in scraps(), size in 1..40_usize) {
        let text = scraps.concat();
        let mut stream = Stream::default();
        let found: Vec<char> = text.chars().collect();
        for piece in found.chunks(size) {
            let before = stream.nodes().to_vec();
            let change = stream.append(&piece.iter().collect::<String>());
            prop_assert_eq!(&before[change.from..], &change.old[..]);
            prop_assert_eq!(&before[..change.from], &stream.nodes()[..change.from]);
        }
        stream.finish();
        prop_assert_eq!(stream.nodes(), parse(&text));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        parse(&text);
    }
}
