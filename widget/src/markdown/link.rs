//! What a closing bracket makes of the pieces since the opening one: a link, an image, or nothing.

use super::MAX_DEPTH;
use super::emphasis::{Piece, pair_up};
use super::inline::Inlines;
use super::reference::{Target, address, label_end, skip_space, title};
use super::tree::{Kind, Node, is_deep};
use crate::scan::{byte, part};

/// An opening bracket that waits.
pub(super) struct Bracket {
    /// Its place among the pieces.
    pub(super) piece: usize,
    /// The byte after it.
    pub(super) after: usize,
}

/// Closes the last open bracket; the byte after all that became a link, or where it stands if nothing did.
pub(super) fn close_bracket(inlines: &mut Inlines<'_>) -> usize {
    let at = inlines.at;
    let Some(bracket) = inlines.brackets.pop() else {
        return at;
    };
    let is_image = inlines.pieces.get(bracket.piece).is_some_and(|piece| piece.length == 2);
    let is_dead = !is_image && inlines.brackets.len() < inlines.dead;
    inlines.dead = inlines.dead.min(inlines.brackets.len());
    let found = if is_dead { None } else { target(inlines, &bracket) };
    let Some(((address, title), end)) = found else {
        return at;
    };
    let kids = inlines.pieces.split_off(bracket.piece + 1);
    if kids.iter().any(|piece| is_deep(&piece.node.kids, MAX_DEPTH - 2)) {
        // Whatever encloses this would be too deep as well.
        inlines.brackets.clear();
        inlines.dead = 0;
        inlines.pieces.extend(kids);
        return at;
    }
    inlines.pieces.pop();
    let mut node = Node::new(if is_image { Kind::Image } else { Kind::Link });
    node.kids = pair_up(kids);
    if node.kids.is_empty() {
        // Nobody could follow a link without words, so it shows where it leads.
        node.kids.push(Node::with_text(Kind::Text, &address));
        node.number = 1;
    }
    node.text = address;
    node.title = title;
    inlines.pieces.push(Piece::plain(node));
    if !is_image {
        inlines.dead = inlines.brackets.len();
    }
    end
}

/// Where the brackets lead, and the byte after it all.
fn target(inlines: &mut Inlines<'_>, bracket: &Bracket) -> Option<(Target, usize)> {
    let (text, at) = (inlines.text, inlines.at);
    if let Some(found) = beside(text, at + 1) {
        return Some(found);
    }
    let end = label_end(text, at + 1);
    let name = match end {
        Some(end) if end > at + 3 => part(text, at + 2, end - 1),
        // The words themselves are the label.
        _ if label_end(text, bracket.after - 1) == Some(at + 1) => part(text, bracket.after, at),
        _ => return None,
    };
    Some((inlines.references.find(name)?, end.unwrap_or(at + 1)))
}

/// `(address "title")` right after the brackets.
fn beside(text: &str, at: usize) -> Option<(Target, usize)> {
    if byte(text, at) != b'(' {
        return None;
    }
    let (address, mut end) = address(text, skip_space(text, at + 1))?;
    let space = skip_space(text, end);
    let mut words = String::new();
    if space > end
        && let Some((found, after)) = title(text, space)
    {
        words = found;
        end = after;
    }
    end = skip_space(text, end);
    (byte(text, end) == b')').then_some(((address, words), end + 1))
}
