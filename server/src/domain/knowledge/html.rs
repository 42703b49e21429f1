//! The text of an HTML page as Markdown that `cut` understands. Scripts, styles and what is not for readers are
//! dropped; nothing of it is ever shown as HTML.

use scraper::{ElementRef, Html, Node};

/// Elements without text for a reader.
const DROPPED: &[&str] = &[
    "script", "style", "noscript", "template", "head", "nav", "footer", "svg", "iframe", "object", "form", "button",
    "select",
];
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "aside",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "blockquote",
    "figure",
    "figcaption",
    "details",
    "summary",
    "hr",
];
/// How deep elements may be nested; what is deeper is left out.
const MAX_DEPTH: usize = 200;

/// Turns a page into Markdown.
pub(super) fn to_markdown(html: &str) -> String {
    let page = Html::parse_document(html);
    let mut markdown = String::new();
    write(page.root_element(), &mut markdown, 0);
    markdown
}

fn write(element: ElementRef<'_>, out: &mut String, depth: usize) {
    let name = element.value().name();
    if depth > MAX_DEPTH || DROPPED.contains(&name) {
        return;
    }
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = name[1..].parse().unwrap_or(1);
            let text = one_line(&text_of(element, depth));
            if !text.is_empty() {
                out.push_str(&format!("\n\n{} {text}\n\n", "#".repeat(level)));
            }
        }
        "pre" => {
            let code: String = element.text().collect();
            let fence = if code.contains("```") { "~~~" } else { "```" };
            out.push_str(&format!("\n\n{fence}\n{}\n{fence}\n\n", code.trim_matches('\n')));
        }
        "code" => {
            let code = one_line(&element.text().collect::<String>());
            out.push_str(&if code.contains('`') { code } else { format!("`{code}`") });
        }
        "br" => out.push('\n'),
        "li" => out.push_str(&format!("\n- {}", one_line(&text_of(element, depth)))),
        "tr" => {
            let cells: Vec<String> = element
                .child_elements()
                .map(|cell| one_line(&text_of(cell, depth)))
                .collect();
            out.push_str(&format!("\n{}", cells.join(" | ")));
        }
        _ => {
            let is_block = BLOCKS.contains(&name);
            if is_block {
                out.push_str("\n\n");
            }
            write_children(element, out, depth);
            if is_block {
                out.push_str("\n\n");
            }
        }
    }
}

fn write_children(element: ElementRef<'_>, out: &mut String, depth: usize) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => push_text(out, text),
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    write(child, out, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// Appends text as a browser shows it: runs of white space are one space.
fn push_text(out: &mut String, text: &str) {
    for char in text.chars() {
        if !char.is_whitespace() {
            out.push(char);
        } else if !out.ends_with(char::is_whitespace) {
            out.push(' ');
        }
    }
}

fn text_of(element: ElementRef<'_>, depth: usize) -> String {
    let mut text = String::new();
    write_children(element, &mut text, depth);
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
