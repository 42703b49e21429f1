//! Tables: a line of cells over a line of dashes. It is handed whole lines, and knows nothing of what ends a table.

use super::tree::{Kind, Node};
use crate::scan::{byte, count, part, trim};

/// Rows are filled up to the header's width; without a limit a short text would make a huge tree.
const MAX_COLUMNS: usize = 64;
const MAX_ADDED: u32 = 4_000;

/// A table with its header row, if `rest` is the line of dashes that belongs under `header`.
pub(super) fn begin(header: &str, rest: &str) -> Option<Node> {
    if count(header, b'|') == 0
        || !rest
            .bytes()
            .all(|found| matches!(found, b'|' | b':' | b'-' | b' ' | b'\t'))
    {
        return None;
    }
    let mut head = row(header);
    let columns = row(rest).kids;
    if head.kids.len() != columns.len() || columns.len() > MAX_COLUMNS {
        return None;
    }
    for (cell, column) in head.kids.iter_mut().zip(columns) {
        let text = column.text.as_str();
        let left = byte(text, 0) == b':';
        let right = text.len() > 1 && byte(text, text.len() - 1) == b':';
        let dashes = part(text, left.into(), text.len() - usize::from(right));
        if dashes.is_empty() || count(dashes, b'-') < dashes.len() {
            return None;
        }
        cell.number = u32::from(left) + 2 * u32::from(right);
        cell.flag = true;
    }
    let mut table = Node::new(Kind::Table);
    table.kids.push(head);
    Some(table)
}

/// Adds a row, as wide as the header.
pub(super) fn add_row(table: &mut Node, line: &str) {
    let mut row = row(line);
    let Some(head) = table.kids.first() else { return };
    row.kids.truncate(head.kids.len());
    while row.kids.len() < head.kids.len() && table.number < MAX_ADDED {
        table.number += 1;
        row.kids.push(Node::new(Kind::Cell));
    }
    for (cell, above) in row.kids.iter_mut().zip(&head.kids) {
        cell.number = above.number;
    }
    table.kids.push(row);
}

/// The cells of a line; an escaped bar is part of its cell.
#[inline(never)]
fn row(line: &str) -> Node {
    let mut row = Node::new(Kind::Row);
    let line = trim(line);
    let mut start = usize::from(byte(line, 0) == b'|');
    let mut text = String::new();
    let mut at = start;
    while at <= line.len() {
        let is_bar = byte(line, at) == b'|';
        let next = byte(line, at + 1);
        let is_escape = byte(line, at) == b'\\' && matches!(next, b'|' | b'\\');
        if is_escape && next == b'|' {
            text.push_str(part(line, start, at));
            start = at + 1;
        }
        if at == line.len() || is_bar {
            text.push_str(part(line, start, at));
            // What follows the last bar is a cell only if there is something.
            if is_bar || row.kids.is_empty() || !trim(&text).is_empty() {
                row.kids.push(Node::with_text(Kind::Cell, trim(&text)));
            }
            text.clear();
            start = at + 1;
        }
        at += 1 + usize::from(is_escape);
    }
    row
}
