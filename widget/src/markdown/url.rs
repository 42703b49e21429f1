//! Addresses: which ones a visitor may follow, and those that stand bare in a text.

use super::tree::{Kind, Node, push};
use crate::scan::{byte, count, find, is_one_of, part};

/// The address as it may be followed: http, https, mailto or tel, without the characters that browsers drop in silence.
pub fn safe_url(address: &str) -> Option<String> {
    let mut out = String::new();
    for found in address.chars() {
        if found > ' ' && !('\u{7f}'..='\u{a0}').contains(&found) {
            out.push(found);
        }
    }
    let scheme = part(&out, 0, find(&out, 0, b":")).to_ascii_lowercase();
    let is_safe = scheme.len() < out.len() && matches!(&*scheme, "http" | "https" | "mailto" | "tel");
    is_safe.then_some(out)
}

/// Whether it begins like `https:`, whatever the scheme.
pub(super) fn has_scheme(text: &str) -> bool {
    let mut at = 0;
    while byte(text, at).is_ascii_alphanumeric() || at > 0 && matches!(byte(text, at), b'+' | b'.' | b'-') {
        at += 1;
    }
    (2..=32).contains(&at) && byte(text, at) == b':' && byte(text, 0).is_ascii_alphabetic()
}

/// Whether it is a name and a host; the parts of a host are letters, digits and inner hyphens.
#[inline(never)]
pub(super) fn is_email(text: &str) -> bool {
    let at = find(text, 0, b"@");
    let mut bytes = text.bytes().take(at);
    let is_name =
        at > 0 && bytes.all(|found| found.is_ascii_alphanumeric() || is_one_of(found, b".!#$%&'*+/=?^_`{|}~-"));
    if !is_name {
        return false;
    }
    let mut start = at + 1;
    loop {
        let end = find(text, start, b".");
        let label = part(text, start, end);
        let is_edge_bad = byte(label, 0) == b'-' || label.ends_with('-');
        let is_label = (1..64).contains(&label.len())
            && label
                .bytes()
                .all(|found| found.is_ascii_alphanumeric() || found == b'-');
        if !is_label || is_edge_bad {
            return false;
        }
        if end == text.len() {
            return true;
        }
        start = end + 1;
    }
}

/// A link that shows its own address.
pub(super) fn link(prefix: &str, text: &str) -> Node {
    let mut node = Node::with_text(Kind::Link, prefix);
    node.text.push_str(text);
    node.kids.push(Node::with_text(Kind::Text, text));
    node
}

/// Moves the nodes, and makes links of the bare addresses in texts that are not in a link already.
pub(super) fn find_bare(nodes: Vec<Node>, out: &mut Vec<Node>) {
    for mut node in nodes {
        match node.kind {
            Kind::Text => split(&node.text, out),
            Kind::Emphasis | Kind::Strong | Kind::Strike => {
                find_bare(std::mem::take(&mut node.kids), &mut node.kids);
                out.push(node);
            }
            _ => out.push(node),
        }
    }
}

fn split(text: &str, out: &mut Vec<Node>) {
    let mut start = 0;
    let mut done = 0;
    // Addresses hold no white space, so each word is looked at for itself.
    while start < text.len() {
        let end = find(text, start, b" \n\t");
        while matches!(
            byte(text, start),
            b'(' | b'"' | b'\'' | b'*' | b'_' | b'~' | b'[' | b'<'
        ) {
            start += 1;
        }
        if let Some((prefix, length)) = bare(part(text, start, end)) {
            push(out, Node::with_text(Kind::Text, part(text, done, start)));
            done = start + length;
            let mut node = link(prefix, part(text, start, done));
            node.flag = true;
            out.push(node);
        }
        start = end + 1;
    }
    push(out, Node::with_text(Kind::Text, part(text, done, text.len())));
}

/// The length of the address that the word begins with, and what its link has to put before it.
fn bare(word: &str) -> Option<(&'static str, usize)> {
    let (prefix, host) = if word.starts_with("https://") {
        ("", 8)
    } else if word.starts_with("http://") {
        ("", 7)
    } else if word.starts_with("www.") {
        ("http://", 4)
    } else {
        ("mailto:", 0)
    };
    let mut end = find(word, 0, b"<");
    // Brackets are counted once: a long row of closing ones must not be counted again and again.
    let mut unopened = count(word, b')') as isize - count(word, b'(') as isize;
    while end > 0 {
        match byte(word, end - 1) {
            b')' if unopened > 0 => unopened -= 1,
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'"' | b'\'' | b'*' | b'_' | b'~' | b']' | b'>' => {}
            _ => break,
        }
        end -= 1;
    }
    let is_address = if host == 0 {
        let address = part(word, 0, end);
        is_email(address) && count(part(address, find(address, 0, b"@"), end), b'.') > 0
    } else {
        let first = byte(word, host);
        end > host && (first.is_ascii_alphanumeric() || first > 0x7f)
    };
    is_address.then_some((prefix, end))
}
