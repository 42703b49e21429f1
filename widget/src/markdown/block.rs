//! Finds the blocks: takes line after line, keeps the blocks that are still open on a stack, puts each into its parent when
//! it closes. Leaves hold raw text afterwards: `inline` reads that later, when all link definitions are known.

use super::MAX_DEPTH;
use super::cursor::Cursor;
use super::escape::unescape;
use super::reference::References;
use super::table;
use super::tree::{Kind, Node};
use crate::scan::{byte, count, find, last_line, part, run, tail, trim};

/// The document, then a list and an item for each level, then a leaf.
const MAX_STACK: usize = 2 * MAX_DEPTH + 1;

/// A block that may still grow.
struct Open {
    node: Node,
    /// What began it: the bullet, the `.` or `)` after a number, the character of a fence; 0 for indented code.
    marker: u8,
    /// Of an item: the columns that its content is indented by; of a fence: its length.
    width: usize,
    /// Of a fence: the columns before it, which its lines lose too.
    indent: usize,
    /// The line before was blank: what comes next in here makes a list loose.
    after_blank: bool,
}

impl Open {
    fn new(kind: Kind, marker: u8, width: usize) -> Self {
        Self {
            node: Node::new(kind),
            marker,
            width,
            indent: 0,
            after_blank: false,
        }
    }
}

/// The state between two lines.
pub(super) struct Blocks<'a> {
    stack: Vec<Open>,
    references: &'a mut References,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(references: &'a mut References) -> Self {
        Self {
            stack: vec![Open::new(Kind::Quote, 0, 0)],
            references,
        }
    }

    /// A line follows that begins at this byte of the text. If no block is open, what came before can't change any more:
    /// the number of blocks there.
    pub(super) fn begin_line(&mut self, at: usize) -> Option<usize> {
        self.references.at = at;
        (self.stack.len() == 1).then_some(self.stack[0].node.kids.len())
    }

    /// Closes all and hands out the document's blocks.
    pub(super) fn finish(mut self) -> Vec<Node> {
        // Definitions found now may still change.
        self.references.at = usize::MAX;
        self.close_to(1);
        std::mem::take(&mut self.stack[0].node.kids)
    }

    /// Takes one line, without its line end.
    pub(super) fn add_line(&mut self, line: &str) {
        let blank = self.place(Cursor::new(line));
        for open in self.stack.iter_mut().rev() {
            open.after_blank = blank;
            // A blank line inside a quote is the quote's own.
            if blank && open.node.kind == Kind::Quote {
                break;
            }
        }
    }

    fn place(&mut self, mut line: Cursor<'_>) -> bool {
        let mut depth = self.match_containers(&mut line);
        let is_direct = depth + 1 == self.stack.len();
        if is_direct && self.top().node.kind == Kind::Code && self.continue_code(&mut line) {
            return line.is_blank() && self.top().marker == 0;
        }
        if line.is_blank() {
            self.close_to(depth);
            return true;
        }
        while let Some(opened) = self.open_container(&mut line, depth) {
            depth = opened;
        }
        if !line.is_blank() && !self.open_leaf(&mut line, depth) {
            self.add_text(line.rest(), depth);
        }
        false
    }

    /// How many blocks of the stack this line belongs to, judged by the markers of quotes and the indent of items.
    fn match_containers(&self, line: &mut Cursor<'_>) -> usize {
        let mut depth = 1;
        while let Some(open) = self.stack.get(depth) {
            match open.node.kind {
                Kind::Bullets | Kind::Numbers => {}
                Kind::Quote if line.indent() < 4 && byte(line.rest(), 0) == b'>' => {
                    line.take(1);
                    line.skip(1);
                }
                // An item may begin with one blank line, not with two.
                Kind::Item if line.is_blank() && (!open.node.kids.is_empty() || depth + 1 < self.stack.len()) => {
                    line.skip(open.width)
                }
                Kind::Item if !line.is_blank() && line.indent() >= open.width => line.skip(open.width),
                _ => break,
            }
            depth += 1;
        }
        depth
    }

    /// Adds the line to the open block of code, unless it does not belong there.
    fn continue_code(&mut self, line: &mut Cursor<'_>) -> bool {
        let (marker, width, indent) = (self.top().marker, self.top().width, self.top().indent);
        if marker == 0 {
            if line.indent() < 4 && !line.is_blank() {
                return false;
            }
            line.skip(4);
        } else {
            let rest = line.rest();
            let length = run(rest);
            if line.indent() < 4 && byte(rest, 0) == marker && length >= width && trim(tail(rest, length)).is_empty() {
                self.close_to(self.stack.len() - 1);
                return true;
            }
            line.skip(indent);
        }
        line.write(code_text(&mut self.top().node));
        true
    }

    /// Opens a quote or an item if the line begins one; the new depth of the stack.
    fn open_container(&mut self, line: &mut Cursor<'_>, depth: usize) -> Option<usize> {
        let (indent, rest) = (line.indent(), line.rest());
        if indent >= 4 || depth + 2 > MAX_STACK {
            return None;
        }
        if byte(rest, 0) == b'>' {
            self.open(Open::new(Kind::Quote, 0, 0), depth);
            line.take(1);
            line.skip(1);
            return Some(self.stack.len());
        }
        let (marker, number, length) = list_marker(rest)?;
        let is_empty = trim(tail(rest, length)).is_empty();
        let is_numbered = matches!(marker, b'.' | b')');
        let is_text = self.is_direct_paragraph(depth);
        if is_text && (is_empty || is_numbered && number != 1) || is_rule(rest) {
            return None;
        }
        line.take(length);
        let spaces = line.indent();
        let spaces = if is_empty || spaces > 4 { 1 } else { spaces };
        line.skip(spaces);
        self.close_to(depth);
        if self.top().marker != marker {
            let mut list = Open::new(if is_numbered { Kind::Numbers } else { Kind::Bullets }, marker, 0);
            list.node.number = number;
            list.node.flag = true;
            self.open(list, depth);
        }
        let depth = self.stack.len();
        self.open(Open::new(Kind::Item, 0, indent + length + spaces), depth);
        Some(depth + 1)
    }

    /// Opens (and mostly closes again) a heading, a rule, a block of code or a table if the line is one.
    fn open_leaf(&mut self, line: &mut Cursor<'_>, depth: usize) -> bool {
        let (indent, rest) = (line.indent(), line.rest());
        if indent >= 4 {
            if self.top().node.kind == Kind::Paragraph {
                return false;
            }
            line.skip(4);
            self.open(code("", 0, 0), depth);
            line.write(code_text(&mut self.top().node));
            return true;
        }
        let first = byte(rest, 0);
        let length = run(rest);
        let after = trim(tail(rest, length));
        if first == b'#' && length <= 6 && matches!(byte(rest, length), 0 | b' ' | b'\t') {
            let mut heading = Open::new(Kind::Heading, 0, 0);
            heading.node.number = length as u32;
            // Marks at the end close it, if they stand apart.
            let mut end = after.len();
            while end > 0 && byte(after, end - 1) == b'#' {
                end -= 1;
            }
            if end > 0 && !matches!(byte(after, end - 1), b' ' | b'\t') {
                end = after.len();
            }
            heading.node.text.push_str(part(after, 0, end));
            self.open(heading, depth);
        } else if length >= 3 && (first == b'~' || first == b'`' && count(after, b'`') == 0) {
            let mut fence = code(after, first, length);
            fence.indent = indent;
            self.open(fence, depth);
            return true;
        } else if self.is_direct_paragraph(depth) && self.underline(rest) {
            return true;
        } else if is_rule(rest) {
            self.open(Open::new(Kind::Rule, 0, 0), depth);
        } else {
            return false;
        }
        self.close_to(self.stack.len() - 1);
        true
    }

    /// Makes the open paragraph a heading or the head of a table if this line stands under one.
    fn underline(&mut self, rest: &str) -> bool {
        let level = setext_level(rest);
        if level > 0 {
            let mut text = std::mem::take(&mut self.top().node.text);
            self.references.take_from(&mut text);
            let top = &mut self.top().node;
            top.text = text;
            if top.text.is_empty() {
                return false;
            }
            top.kind = Kind::Heading;
            top.number = level;
            self.close_to(self.stack.len() - 1);
            return true;
        }
        let text = &mut self.top().node.text;
        let start = last_line(text);
        let Some(node) = table::begin(tail(text, start), rest) else {
            return false;
        };
        text.truncate(start);
        let depth = self.stack.len() - 1;
        let mut open = Open::new(Kind::Table, 0, 0);
        open.node = node;
        self.open(open, depth);
        true
    }

    /// The line is text: more of a paragraph (also of one that it is not indented for), a row of a table, or a new paragraph.
    fn add_text(&mut self, rest: &str, depth: usize) {
        let is_direct = depth + 1 == self.stack.len();
        let node = &mut self.top().node;
        match node.kind {
            // A paragraph of link definitions alone is empty by now.
            Kind::Paragraph if node.text.is_empty() => {}
            Kind::Paragraph => node.text.push('\n'),
            Kind::Table if is_direct => return table::add_row(node, rest),
            _ => self.open(Open::new(Kind::Paragraph, 0, 0), depth),
        }
        self.top().node.text.push_str(rest);
    }

    #[inline(never)]
    fn top(&mut self) -> &mut Open {
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn is_direct_paragraph(&mut self, depth: usize) -> bool {
        depth + 1 == self.stack.len() && self.top().node.kind == Kind::Paragraph
    }

    #[inline(never)]
    fn open(&mut self, open: Open, depth: usize) {
        self.close_to(depth);
        if open.node.kind != Kind::Item && matches!(self.top().node.kind, Kind::Bullets | Kind::Numbers) {
            self.close_to(self.stack.len() - 1);
        }
        let parent = self.top();
        if parent.after_blank && !parent.node.kids.is_empty() {
            let is_item = parent.node.kind == Kind::Item;
            let list = self.stack.len() - 1 - usize::from(is_item);
            self.stack[list].node.flag = false;
        }
        self.stack.push(open);
    }

    #[inline(never)]
    fn close_to(&mut self, depth: usize) {
        while self.stack.len() > depth
            && let Some(Open { mut node, marker, .. }) = self.stack.pop()
        {
            match node.kind {
                Kind::Paragraph => {
                    self.references.take_from(&mut node.text);
                    if node.text.is_empty() {
                        continue;
                    }
                }
                Kind::Code => {
                    let text = code_text(&mut node);
                    // Without the last line end the text of an open block only ever grows at its end; blank lines at
                    // the end of indented code are not part of it.
                    let end = if marker == 0 {
                        text.trim_ascii_end().len()
                    } else {
                        text.len().saturating_sub(1)
                    };
                    text.truncate(find(text, end, b"\n"));
                }
                _ => {}
            }
            self.top().node.kids.push(node);
        }
    }
}

fn code(info: &str, marker: u8, width: usize) -> Open {
    let mut open = Open::new(Kind::Code, marker, width);
    open.node.text = unescape(info);
    open
}

/// The text of a block of code is its one kid.
#[inline(never)]
fn code_text(node: &mut Node) -> &mut String {
    if node.kids.is_empty() {
        node.kids.push(Node::new(Kind::Text));
    }
    &mut node.kids[0].text
}

/// 1 or 2 if the line underlines a heading, else 0.
fn setext_level(rest: &str) -> u32 {
    let first = byte(rest, 0);
    let is_line = matches!(first, b'=' | b'-') && trim(tail(rest, run(rest))).is_empty();
    if is_line { 1 + u32::from(first == b'-') } else { 0 }
}

fn is_rule(rest: &str) -> bool {
    let first = byte(rest, 0);
    let is_line = rest.bytes().all(|found| found == first || found.is_ascii_whitespace());
    is_line && matches!(first, b'*' | b'-' | b'_') && count(rest, first) >= 3
}

/// The marker of an item: its character, its number, its length.
fn list_marker(rest: &str) -> Option<(u8, u32, usize)> {
    let mut length = 0;
    let mut number = 0;
    while length < 9 && byte(rest, length).is_ascii_digit() {
        number = number * 10 + u32::from(byte(rest, length) - b'0');
        length += 1;
    }
    let marker = byte(rest, length);
    let is_marker = if length > 0 {
        matches!(marker, b'.' | b')')
    } else {
        matches!(marker, b'-' | b'+' | b'*')
    };
    let is_apart = matches!(byte(rest, length + 1), 0 | b' ' | b'\t');
    (is_marker && is_apart).then_some((marker, number, length + 1))
}
