//! The tree that parsing yields: one kind of node for all, so that comparing two trees is one short function. It knows
//! neither Markdown's syntax nor the DOM.

use super::parse::parse;

/// What a node is. The comment says which fields of [`Node`] it uses besides `kids`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A paragraph; in a tight list its margins go away, the node stays.
    Paragraph,
    /// `number`: 1 to 6.
    Heading,
    /// A block of code. `text`: the info string; its one kid is a text.
    Code,
    /// A block quote.
    Quote,
    /// A bulleted list. `flag`: tight.
    Bullets,
    /// A numbered list. `number`: the first number; `flag`: tight.
    Numbers,
    /// One item of a list.
    Item,
    /// A table of rows. `number`: the cells that were added to short rows.
    Table,
    /// A row of cells.
    Row,
    /// A cell. `number`: 0 no alignment, 1 left, 2 right, 3 centre; `flag`: of the header row.
    Cell,
    /// A thematic break.
    Rule,
    /// `text`: the characters; a soft line break is a `\n` in it.
    Text,
    /// Code in a line; its one kid is a text.
    Span,
    /// A hard line break.
    Break,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck through.
    Strike,
    /// `text`: the address as written (see [`super::safe_url`]); `title`; `flag`: found bare in the text;
    /// `number`: 1 if it has no words of its own, so that the address stands in for them.
    Link,
    /// As `Link`; its kids are the words for who can't see it.
    Image,
    /// The box of a task. `flag`: ticked.
    Check,
}

/// One node of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// See [`Kind`].
    pub flag: bool,
    /// See [`Kind`].
    pub number: u32,
    /// See [`Kind`].
    pub text: String,
    /// See [`Kind`].
    pub title: String,
    /// What stands inside.
    pub kids: Vec<Node>,
}

impl Node {
    #[inline(never)]
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            flag: false,
            number: 0,
            text: String::new(),
            title: String::new(),
            kids: Vec::new(),
        }
    }

    #[inline(never)]
    pub(super) fn with_text(kind: Kind, text: &str) -> Self {
        let mut node = Self::new(kind);
        node.text.push_str(text);
        node
    }

    pub(super) fn with_kids(kind: Kind, kids: Vec<Self>) -> Self {
        let mut node = Self::new(kind);
        node.kids = kids;
        node
    }
}

/// Adds a node; two texts in a row become one, so that the tree does not depend on how the text was cut up.
#[inline(never)]
pub(super) fn push(nodes: &mut Vec<Node>, node: Node) {
    if node.kind == Kind::Text {
        if node.text.is_empty() {
            return;
        }
        if let Some(last) = nodes.last_mut()
            && last.kind == Kind::Text
        {
            last.text.push_str(&node.text);
            return;
        }
    }
    nodes.push(node);
}

/// Whether something in `nodes` lies `left` or more levels deep.
pub(super) fn is_deep(nodes: &[Node], left: usize) -> bool {
    nodes.iter().any(|node| left == 0 || is_deep(&node.kids, left - 1))
}

/// The words alone, one line per block: what a screen reader is told when an answer is complete.
pub fn plain_text(text: &str) -> String {
    let mut out = String::new();
    write_words(&parse(text), &mut out);
    out.truncate(out.trim_ascii_end().len());
    out
}

fn write_words(nodes: &[Node], out: &mut String) {
    for node in nodes {
        out.push_str(if node.kind == Kind::Text { &node.text } else { "" });
        write_words(&node.kids, out);
        match node.kind {
            Kind::Cell => out.push(' '),
            Kind::Paragraph | Kind::Heading | Kind::Code | Kind::Row | Kind::Break => {
                out.truncate(out.trim_ascii_end().len());
                out.push('\n');
            }
            _ => {}
        }
    }
}
