//! What a closing bracket makes of the pieces since the opening one: a link, an image, or nothing.

use super::MAX_DEPTH;
use super::emphasis::{Piece, pair_up};
use super::inline::Inlines;
use super::reference::{address, label, skip_space, title};
use super::tree::{Kind, Node, is_deep};

/// An opening bracket that waits.
pub(super) struct Bracket {
    /// Its place among the pieces.
    pub(super) piece: usize,
    /// The byte after it.
    pub(super) after: usize,
    pub(super) is_image: bool,
}

/// Closes the last open bracket; how many bytes that took, 0 if it is only text.
pub(super) fn close_bracket(inlines: &mut Inlines<'_>) -> usize {
    let Some(bracket) = inlines.brackets.pop() else {
        return 0;
    };
    let is_dead = !bracket.is_image && inlines.brackets.len() < inlines.dead;
    inlines.dead = inlines.dead.min(inlines.brackets.len());
    let found = if is_dead { None } else { target(inlines, &bracket) };
    let Some((address, title, end)) = found else { return 0 };
    let kids = inlines.pieces.split_off(bracket.piece + 1);
    if kids.iter().any(|piece| is_deep(&piece.node.kids, MAX_DEPTH - 2)) {
        // Whatever encloses this would be too deep as well.
        inlines.brackets.clear();
        inlines.dead = 0;
        inlines.pieces.extend(kids);
        return 0;
    }
    inlines.pieces.pop();
    let mut node = Node::with_kids(if bracket.is_image { Kind::Image } else { Kind::Link }, pair_up(kids));
    if node.kids.is_empty() {
        // Nobody could follow a link without words, so it shows where it leads.
        node.kids.push(Node::with_text(Kind::Text, &address));
        node.number = 1;
    }
    node.text = address;
    node.title = title;
    inlines.pieces.push(Piece::plain(node));
    if !bracket.is_image {
        inlines.dead = inlines.brackets.len();
    }
    end - inlines.at
}

/// Where the brackets lead, and the byte after it all.
fn target(inlines: &mut Inlines<'_>, bracket: &Bracket) -> Option<(String, String, usize)> {
    let (text, at) = (inlines.text, inlines.at);
    if let Some(found) = beside(text, at + 1) {
        return Some(found);
    }
    let (mut name, mut end) = (&text[bracket.after..at], at + 1);
    match label(text, end) {
        Some(("", after)) => end = after,
        Some((given, after)) => (name, end) = (given, after),
        None => {}
    }
    if end < at + 3 + name.len() && label(text, bracket.after - 1).is_none_or(|(_, after)| after != at + 1) {
        return None;
    }
    let (address, title) = inlines.references.find(name)?;
    Some((address, title, end))
}

/// `(address "title")` right after the brackets.
fn beside(text: &str, at: usize) -> Option<(String, String, usize)> {
    if text.as_bytes().get(at) != Some(&b'(') {
        return None;
    }
    let start = skip_space(text, at + 1);
    let (address, mut end) = address(text, start)?;
    let space = skip_space(text, end);
    let mut words = String::new();
    if space > end
        && let Some((found, after)) = title(text, space)
    {
        words = found;
        end = after;
    }
    let end = skip_space(text, end);
    (text.as_bytes().get(end) == Some(&b')')).then_some((address, words, end + 1))
}
