//! What stands in lines: code, emphasis, links, breaks. One pass over the characters yields pieces; `emphasis` pairs the
//! marks up, `link` closes brackets. It is handed the raw text of a leaf and knows nothing of blocks.

use super::emphasis::{Piece, pair_up};
use super::escape::{escaped, is_punctuation};
use super::link::{self, Bracket};
use super::reference::References;
use super::tree::{Kind, Node};
use super::url;
use crate::scan::{byte, find, part, run, tail, trim};

/// Reads the raw text of all leaves in these blocks.
pub(super) fn fill(nodes: &mut [Node], references: &mut References) {
    for node in nodes {
        let mut check = None;
        if node.kind == Kind::Item
            && let Some(first) = node.kids.first_mut()
            && first.kind == Kind::Paragraph
            && byte(&first.text, 0) == b'['
            && matches!(byte(&first.text, 1), b' ' | b'x' | b'X')
            && byte(&first.text, 2) == b']'
            && matches!(byte(&first.text, 3), b' ' | b'\t' | b'\n')
        {
            let mut ticked = Node::new(Kind::Check);
            ticked.flag = byte(&first.text, 1) != b' ';
            check = Some(ticked);
            first.text = tail(&first.text, 4).into();
        }
        match node.kind {
            Kind::Paragraph | Kind::Heading | Kind::Cell => {
                let text = std::mem::take(&mut node.text);
                let mut inlines = Inlines {
                    text: trim(&text),
                    at: 0,
                    pieces: Vec::new(),
                    brackets: Vec::new(),
                    dead: 0,
                    references,
                };
                inlines.read();
                url::find_bare(pair_up(inlines.pieces), &mut node.kids);
            }
            Kind::Code => {}
            _ => fill(&mut node.kids, references),
        }
        if let (Some(check), Some(first)) = (check, node.kids.first_mut()) {
            first.kids.insert(0, check);
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
        let text = self.text;
        while self.at < text.len() {
            let at = find(text, self.at, b"\\`*_~[!]<&\n");
            let before = part(text, self.at, at);
            let first = byte(text, at);
            let is_escape = first == b'\\' && byte(text, at + 1) == b'\n';
            let is_break = is_escape || first == b'\n';
            self.add_text(if first == b'\n' {
                before.trim_ascii_end()
            } else {
                before
            });
            self.at = at;
            let end = if is_break {
                if is_escape || before.ends_with("  ") {
                    self.add(Node::new(Kind::Break))
                } else {
                    self.add_text("\n")
                }
                at + 1 + usize::from(is_escape)
            } else {
                match first {
                    b'\\' | b'&' => self.read_escape(),
                    b'`' => self.read_code(),
                    b'<' => self.read_address(),
                    b'[' => self.open_bracket(at + 1),
                    b'!' if byte(text, at + 1) == b'[' => self.open_bracket(at + 2),
                    b']' => link::close_bracket(self),
                    b'*' | b'_' | b'~' => self.read_mark(first),
                    _ => at,
                }
            };
            if end == at {
                self.add_text(part(text, at, at + 1));
            }
            self.at = end.max(at + 1);
        }
    }

    #[inline(never)]
    fn add(&mut self, node: Node) {
        self.pieces.push(Piece::plain(node));
    }

    #[inline(never)]
    fn add_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(last) if last.is_text() => last.node.text.push_str(text),
            _ => self.add(Node::with_text(Kind::Text, text)),
        }
    }

    fn read_escape(&mut self) -> usize {
        let Some((found, end)) = escaped(self.text, self.at) else {
            return self.at;
        };
        self.add_text(found.encode_utf8(&mut [0; 4]));
        end
    }

    fn open_bracket(&mut self, end: usize) -> usize {
        self.brackets.push(Bracket {
            piece: self.pieces.len(),
            after: end,
        });
        self.add_mark(b'[', end);
        end
    }

    fn add_mark(&mut self, mark: u8, end: usize) -> &mut Piece {
        let mut piece = Piece::plain(Node::with_text(Kind::Text, part(self.text, self.at, end)));
        piece.mark = mark;
        piece.length = end - self.at;
        self.pieces.push(piece);
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    fn read_code(&mut self) -> usize {
        let text = self.text;
        let length = run(tail(text, self.at));
        let begin = self.at + length;
        let mut at = begin;
        // A run is sought once for each length, so a bound on the length is a bound on the work.
        while length <= 64 && at < text.len() {
            let start = find(text, at, b"`");
            at = start + run(tail(text, start));
            if at - start == length && start < text.len() {
                let code: String = part(text, begin, start)
                    .chars()
                    .map(|found| if found == '\n' { ' ' } else { found })
                    .collect();
                let is_padded = byte(&code, 0) == b' ' && code.ends_with(' ') && !trim(&code).is_empty();
                let pad = usize::from(is_padded);
                let mut node = Node::new(Kind::Span);
                node.kids
                    .push(Node::with_text(Kind::Text, part(&code, pad, code.len() - pad)));
                self.add(node);
                return at;
            }
        }
        self.add_text(part(text, self.at, begin));
        begin
    }

    /// `<address>`: a link that shows itself.
    fn read_address(&mut self) -> usize {
        let begin = self.at + 1;
        let mut end = begin;
        while !matches!(byte(self.text, end), 0..=b' ' | b'<' | b'>' | 0x7f) {
            end += 1;
        }
        let inner = part(self.text, begin, end);
        let is_url = url::has_scheme(inner);
        if byte(self.text, end) != b'>' || !is_url && !url::is_email(inner) {
            return self.at;
        }
        self.add(url::link(if is_url { "" } else { "mailto:" }, inner));
        end + 1
    }

    /// A run of `*`, `_` or `~`: whether it may begin or end emphasis depends on its neighbours.
    fn read_mark(&mut self, mark: u8) -> usize {
        let end = self.at + run(tail(self.text, self.at));
        let before = part(self.text, 0, self.at).chars().next_back().unwrap_or(' ');
        let after = tail(self.text, end).chars().next().unwrap_or(' ');
        let (is_space_before, is_space_after) = (before.is_whitespace(), after.is_whitespace());
        let (is_mark_before, is_mark_after) = (is_punctuation(before), is_punctuation(after));
        let length = end - self.at;
        // Three tildes mean nothing inside a line.
        let is_known = mark != b'~' || length < 3;
        let left = is_known && !is_space_after && (!is_mark_after || is_space_before || is_mark_before);
        let right = is_known && !is_space_before && (!is_mark_before || is_space_after || is_mark_after);
        // These do not work inside a word: `a_b_c`, `2~3 or 4~5`.
        let is_bound = mark == b'_' || mark == b'~' && length == 1;
        let piece = self.add_mark(mark, end);
        piece.opens = left && (!is_bound || !right || is_mark_before);
        piece.closes = right && (!is_bound || !left || is_mark_after);
        end
    }
}
