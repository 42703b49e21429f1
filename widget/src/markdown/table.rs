//! Tables: a line of cells over a line of dashes. It is handed whole lines, and knows nothing of what ends a table.

use super::tree::{Kind, Node};

/// Rows are filled up to the header's width; without a limit a short text would make a huge tree.
const MAX_COLUMNS: usize = 64;
const MAX_ADDED: u32 = 4_000;

/// A table with its header row, if `rest` is the line of dashes that belongs under `header`.
pub(super) fn begin(header: &str, rest: &str) -> Option<Node> {
    if !rest.contains(['|', ':']) && !header.contains('|') {
        return None;
    }
    let mut alignments = Vec::new();
    for cell in cells(rest) {
        let cell = cell.as_str();
        let dashes = cell.trim_start_matches(':');
        let inner = dashes.trim_end_matches(':');
        let (left, right) = (cell.len() - dashes.len(), dashes.len() - inner.len());
        if left > 1 || right > 1 || inner.is_empty() || !inner.bytes().all(|byte| byte == b'-') {
            return None;
        }
        alignments.push(match (left, right) {
            (0, 0) => 0,
            (1, 0) => 1,
            (0, _) => 3,
            _ => 2,
        });
    }
    let row = row(header);
    if row.kids.len() != alignments.len() || alignments.len() > MAX_COLUMNS {
        return None;
    }
    let mut table = Node::with_kids(Kind::Table, vec![row]);
    for (cell, alignment) in table.kids[0].kids.iter_mut().zip(alignments) {
        cell.number = alignment;
        cell.flag = true;
    }
    Some(table)
}

/// Adds a row, as wide as the header.
pub(super) fn add_row(table: &mut Node, line: &str) {
    let mut row = row(line);
    let header = &table.kids[0].kids;
    row.kids.truncate(header.len());
    if table.number < MAX_ADDED {
        table.number += (header.len() - row.kids.len()) as u32;
        row.kids.resize(header.len(), Node::new(Kind::Cell));
    }
    for (cell, above) in row.kids.iter_mut().zip(header) {
        cell.number = above.number;
    }
    table.kids.push(row);
}

fn row(line: &str) -> Node {
    let kids = cells(line)
        .iter()
        .map(|text| Node::with_text(Kind::Cell, text))
        .collect();
    Node::with_kids(Kind::Row, kids)
}

/// The cells of a line; an escaped bar is part of its cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_ascii();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for found in line.chars() {
        let last = cells.len() - 1;
        if found == '|' && !is_escaped {
            cells.push(String::new());
        } else {
            if found == '|' {
                cells[last].pop();
            }
            cells[last].push(found);
        }
        is_escaped = found == '\\' && !is_escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim_ascii().is_empty()) {
        cells.pop();
    }
    for cell in &mut cells {
        *cell = cell.trim_ascii().into();
    }
    cells
}
