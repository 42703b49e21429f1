//! Pairs up the runs of `*`, `_` and `~`: pieces in, nodes out. It sees no characters, `inline` has judged them.

use super::MAX_DEPTH;
use super::tree::{Kind, Node, is_deep, push};

/// A node, or a run of marks (then the node is its text).
pub(super) struct Piece {
    pub(super) node: Node,
    /// `*`, `_`, `~`; `[` for an open bracket; 0 for what is done.
    pub(super) mark: u8,
    /// The marks of the run as it was written.
    pub(super) length: usize,
    pub(super) opens: bool,
    pub(super) closes: bool,
}

impl Piece {
    pub(super) fn plain(node: Node) -> Self {
        Self {
            node,
            mark: 0,
            length: 0,
            opens: false,
            closes: false,
        }
    }

    /// Whether more text may be added to it.
    pub(super) fn is_text(&self) -> bool {
        self.mark == 0 && self.node.kind == Kind::Text
    }

    /// The marks that are not used up.
    fn left(&self) -> usize {
        self.node.text.len()
    }

    /// The rule of three keeps `**a*b**` from being cut up; strike-through wants equal runs.
    fn matches(&self, closer: &Self) -> bool {
        let sum = self.length + closer.length;
        self.mark == closer.mark
            && if self.mark == b'~' {
                self.length == closer.length
            } else {
                !(self.closes || closer.opens) || !sum.is_multiple_of(3) || self.length.is_multiple_of(3)
            }
    }

    /// Where the limit of the search for its opener is kept.
    fn class(&self) -> usize {
        let mark = match self.mark {
            b'*' => 0,
            b'_' => 1,
            _ => 2,
        };
        mark * 6 + usize::from(self.opens) * 3 + self.length % 3
    }
}

/// Makes nodes of the pieces.
pub(super) fn pair_up(pieces: Vec<Piece>) -> Vec<Node> {
    let mut out: Vec<Piece> = Vec::new();
    // The places in `out` of runs that may still open something.
    let mut openers: Vec<usize> = Vec::new();
    // Below these heights of `openers` a run of the class was sought in vain: that keeps the search linear.
    let mut limits = [0; 18];
    for mut piece in pieces {
        while piece.closes && piece.left() > 0 {
            let limit = &mut limits[piece.class()];
            let found = (*limit..openers.len())
                .rev()
                .find(|place| out[openers[*place]].matches(&piece));
            let Some(place) = found.filter(|place| !is_too_deep(&out[openers[*place] + 1..])) else {
                *limit = openers.len();
                break;
            };
            let at = openers[place];
            let kids = out.split_off(at + 1);
            let used = if piece.mark == b'~' {
                piece.length
            } else {
                piece.left().min(out[at].left()).min(2)
            };
            let kind = match (piece.mark, used) {
                (b'~', _) => Kind::Strike,
                (_, 1) => Kind::Emphasis,
                _ => Kind::Strong,
            };
            for run in [&mut piece, &mut out[at]] {
                let left = run.left() - used;
                run.node.text.truncate(left);
            }
            openers.truncate(place + 1);
            if out[at].left() == 0 {
                out.pop();
                openers.pop();
            }
            for limit in &mut limits {
                *limit = openers.len().min(*limit);
            }
            out.push(Piece::plain(Node::with_kids(kind, into_nodes(kids))));
        }
        if piece.opens && piece.left() > 0 {
            openers.push(out.len());
        }
        out.push(piece);
    }
    into_nodes(out)
}

fn is_too_deep(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| is_deep(&piece.node.kids, MAX_DEPTH - 2))
}

fn into_nodes(pieces: Vec<Piece>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for piece in pieces {
        push(&mut nodes, piece.node);
    }
    nodes
}
