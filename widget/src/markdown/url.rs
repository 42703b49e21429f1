//! Addresses: which ones a visitor may follow, and those that stand bare in a text.

use super::tree::{Kind, Node, push};

/// The address as it may be followed: http, https, mailto or tel, without the characters that browsers drop in silence.
pub fn safe_url(address: &str) -> Option<String> {
    let mut out = String::new();
    for found in address.chars() {
        if found > ' ' && !('\u{7f}'..='\u{a0}').contains(&found) {
            out.push(found);
        }
    }
    let colon = out.find(':')?;
    let is_safe = ["http", "https", "mailto", "tel"]
        .iter()
        .any(|scheme| out[..colon].eq_ignore_ascii_case(scheme));
    is_safe.then_some(out)
}

pub(super) fn is_scheme(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    (2..=32).contains(&text.len()) && text.as_bytes()[0].is_ascii_alphabetic() && text.bytes().all(is_part)
}

pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        !part.is_empty()
            && part.len() < 64
            && bytes[0] != b'-'
            && bytes[bytes.len() - 1] != b'-'
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
        && host.split('.').all(is_part)
}

/// A link that shows its own address.
pub(super) fn link(prefix: &str, text: &str) -> Node {
    let mut node = Node::with_text(Kind::Link, prefix);
    node.text.push_str(text);
    node.kids.push(Node::with_text(Kind::Text, text));
    node
}

/// Makes links of the bare addresses in texts that are not in a link already.
pub(super) fn find_bare(nodes: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::new();
    for mut node in nodes {
        match node.kind {
            Kind::Text => split(&node.text, &mut out),
            Kind::Link | Kind::Image | Kind::Span => out.push(node),
            _ => {
                node.kids = find_bare(node.kids);
                out.push(node);
            }
        }
    }
    out
}

fn split(text: &str, out: &mut Vec<Node>) {
    let mut start = 0;
    let mut done = 0;
    // Addresses hold no white space, so each word is looked at for itself.
    for end in (0..=text.len()).filter(|at| text.as_bytes().get(*at).is_none_or(u8::is_ascii_whitespace)) {
        let word = &text[start..end];
        let inner = word.trim_start_matches(['(', '"', '\'', '*', '_', '~', '[', '<']);
        let begin = end - inner.len();
        start = end + 1;
        if let Some((prefix, length)) = bare(inner) {
            push(out, Node::with_text(Kind::Text, &text[done..begin]));
            let mut node = link(prefix, &inner[..length]);
            node.flag = true;
            out.push(node);
            done = begin + length;
        }
    }
    push(out, Node::with_text(Kind::Text, &text[done..]));
}

/// The length of the address that the word begins with, and what its link has to put before it.
fn bare(word: &str) -> Option<(&'static str, usize)> {
    let (prefix, host) = if word.starts_with("https://") {
        ("", 8)
    } else if word.starts_with("http://") {
        ("", 7)
    } else if word.starts_with("www.") {
        ("http://", 4)
    } else if word.contains('@') {
        ("mailto:", 0)
    } else {
        return None;
    };
    let mut end = word.find('<').unwrap_or(word.len());
    // Brackets count once: a long row of closing ones must not be counted again and again.
    let mut unopened = word.matches(')').count() as isize - word.matches('(').count() as isize;
    while let Some(last) = word[..end].bytes().next_back()
        && (b".,;:!?\"'*_~]>".contains(&last) || last == b')' && unopened > 0)
    {
        unopened -= isize::from(last == b')');
        end -= 1;
    }
    let address = &word[..end];
    let first = address.get(host..)?.chars().next()?;
    let is_address = if host == 0 {
        is_email(address) && address[address.find('@')?..].contains('.')
    } else {
        first.is_ascii_alphanumeric() || first > '\u{7f}'
    };
    is_address.then_some((prefix, end))
}
