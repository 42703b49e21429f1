//! What stands in lines: code, emphasis, links, breaks. One pass over the characters yields pieces; `emphasis` pairs the
//! marks up, `link` closes brackets. It is handed the raw text of a leaf and knows nothing of blocks.

use super::emphasis::{Piece, pair_up};
use super::escape::{escaped, is_punctuation};
use super::link::{self, Bracket};
use super::reference::References;
use super::tree::{Kind, Node};
use super::url;

/// Reads the raw text of all leaves in these blocks.
pub(super) fn fill(nodes: &mut [Node], references: &mut References) {
    for node in nodes {
        let mut check = None;
        if node.kind == Kind::Item
            && let Some(first) = node.kids.first_mut()
            && first.kind == Kind::Paragraph
            && let [b'[', mark @ (b' ' | b'x' | b'X'), b']', b' ' | b'\t' | b'\n', ..] = first.text.as_bytes()
        {
            let mut ticked = Node::new(Kind::Check);
            ticked.flag = *mark != b' ';
            check = Some(ticked);
            first.text.drain(..4);
        }
        match node.kind {
            Kind::Paragraph | Kind::Heading | Kind::Cell => {
                let text = std::mem::take(&mut node.text);
                let mut inlines = Inlines {
                    text: text.trim_ascii_end(),
                    at: 0,
                    pieces: Vec::new(),
                    brackets: Vec::new(),
                    dead: 0,
                    references,
                };
                inlines.read();
                node.kids = url::find_bare(pair_up(inlines.pieces));
            }
            Kind::Code => {}
            _ => fill(&mut node.kids, references),
        }
        if let Some(check) = check {
            node.kids[0].kids.insert(0, check);
        }
    }
}

/// The state of the pass.
pub(super) struct Inlines<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) brackets: Vec<Bracket>,
    /// So many brackets stand before a finished link: links don't nest, so they can't become one.
    pub(super) dead: usize,
    pub(super) references: &'a mut References,
}

impl Inlines<'_> {
    fn read(&mut self) {
        while let Some(length) = self.text[self.at..].find(['\\', '`', '*', '_', '~', '[', '!', ']', '<', '&', '\n']) {
            let before = &self.text[self.at..self.at + length];
            self.at += length;
            let rest = &self.text[self.at..];
            let first = rest.as_bytes()[0];
            if first == b'\n' || rest.starts_with("\\\n") {
                let bare = before.trim_ascii_end();
                self.add_text(bare);
                let is_hard = first == b'\\' || before.ends_with("  ");
                self.at += 1 + usize::from(first == b'\\');
                if is_hard {
                    self.add(Node::new(Kind::Break))
                } else {
                    self.add_text("\n")
                }
                continue;
            }
            self.add_text(before);
            let length = match first {
                b'\\' | b'&' => match escaped(rest) {
                    Some((found, length)) => {
                        self.add_text(found.encode_utf8(&mut [0; 4]));
                        length
                    }
                    None => 0,
                },
                b'`' => self.read_code(rest),
                b'<' => self.read_address(rest),
                b'[' => self.open_bracket(1),
                b'!' if rest.starts_with("![") => self.open_bracket(2),
                b']' => link::close_bracket(self),
                b'!' => 0,
                _ => self.read_mark(rest, first),
            };
            if length == 0 {
                self.add_text(&rest[..1]);
            }
            self.at += length.max(1);
        }
        self.add_text(&self.text[self.at..]);
    }

    fn add(&mut self, node: Node) {
        self.pieces.push(Piece::plain(node));
    }

    fn add_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(last) if last.is_text() => last.node.text.push_str(text),
            _ => self.add(Node::with_text(Kind::Text, text)),
        }
    }

    fn open_bracket(&mut self, length: usize) -> usize {
        self.brackets.push(Bracket {
            piece: self.pieces.len(),
            after: self.at + length,
            is_image: length == 2,
        });
        let mut piece = Piece::plain(Node::with_text(Kind::Text, &self.text[self.at..self.at + length]));
        piece.mark = b'[';
        self.pieces.push(piece);
        length
    }

    fn read_code(&mut self, rest: &str) -> usize {
        let run = rest.len() - rest.trim_start_matches('`').len();
        let mut end = run;
        // A run is sought once for each length, so a bound on the length is a bound on the work.
        while run <= 64
            && let Some(next) = rest[end..].find('`')
        {
            let start = end + next;
            end = rest.len() - rest[start..].trim_start_matches('`').len();
            if end - start == run {
                let text = rest[run..start].replace('\n', " ");
                let inner = text.strip_prefix(' ').and_then(|inner| inner.strip_suffix(' '));
                let inner = inner.filter(|_| text.bytes().any(|byte| byte != b' ')).unwrap_or(&text);
                self.add(Node::with_kids(Kind::Span, vec![Node::with_text(Kind::Text, inner)]));
                return end;
            }
        }
        self.add_text(&rest[..run]);
        run
    }

    /// `<address>`: a link that shows itself.
    fn read_address(&mut self, rest: &str) -> usize {
        let Some(end) = rest
            .bytes()
            .skip(1)
            .position(|byte| matches!(byte, 0..=b' ' | b'<' | b'>' | 0x7f))
        else {
            return 0;
        };
        let inner = &rest[1..=end];
        let is_url = inner.find(':').is_some_and(|at| url::is_scheme(&inner[..at]));
        if rest.as_bytes()[end + 1] != b'>' || !is_url && !url::is_email(inner) {
            return 0;
        }
        self.add(url::link(if is_url { "" } else { "mailto:" }, inner));
        end + 2
    }

    /// A run of `*`, `_` or `~`: whether it may begin or end emphasis depends on its neighbours.
    fn read_mark(&mut self, rest: &str, mark: u8) -> usize {
        let length = rest.bytes().take_while(|byte| *byte == mark).count();
        let before = self.text[..self.at].chars().next_back().unwrap_or(' ');
        let after = rest[length..].chars().next().unwrap_or(' ');
        let (is_space_before, is_space_after) = (before.is_whitespace(), after.is_whitespace());
        let (is_mark_before, is_mark_after) = (is_punctuation(before), is_punctuation(after));
        // Three tildes mean nothing inside a line.
        let is_known = mark != b'~' || length < 3;
        let left = is_known && !is_space_after && (!is_mark_after || is_space_before || is_mark_before);
        let right = is_known && !is_space_before && (!is_mark_before || is_space_after || is_mark_after);
        let mut piece = Piece::plain(Node::with_text(Kind::Text, &rest[..length]));
        piece.mark = mark;
        piece.length = length;
        piece.opens = left && (mark != b'_' || !right || is_mark_before);
        piece.closes = right && (mark != b'_' || !left || is_mark_after);
        self.pieces.push(piece);
        length
    }
}
