//! Which part of a passage answers a question, as a Markdown block quote: a paragraph or two for a chat bubble. Code
//! only where it is short; a long paragraph is cut between sentences, a long list or table between lines.

mod blocks;

use self::blocks::{Kind, blocks, kind, sentences};
use crate::model::knowledge::Passage;
use crate::model::words::share_of;

/// Code that is longer than this is for a page of documentation, not for a bubble.
const CODE_CHARS: usize = 350;
/// What follows a place where something was left out, or stands before it.
const LEFT_OUT: &str = "…";

/// Quotes the part of a passage that fits the words best, about `room` characters long.
pub(super) fn quote(passage: &Passage, asked: &[String], room: usize) -> String {
    let mut quoted = String::new();
    for line in excerpt(&passage.text, asked, room).lines() {
        quoted.push_str(if line.is_empty() { ">" } else { "> " });
        quoted.push_str(line);
        quoted.push('\n');
    }
    quoted.trim_end().to_owned()
}

fn excerpt(text: &str, asked: &[String], room: usize) -> String {
    let all = blocks(text);
    let is_wall = |block: &String| kind(block) == Kind::Code && length(block) > CODE_CHARS;
    let Some(best) = best_of(&all, asked, &is_wall) else {
        // Nothing but walls of code: the source says where they are.
        return format!("({LEFT_OUT})");
    };
    let (mut from, mut to) = (best, best);
    let mut taken = length(&all[best]);
    loop {
        // A sentence that ends in a colon introduces the block after it: both, if there is any room for it.
        let after = all.get(to + 1).filter(|block| !is_wall(block));
        let before = from.checked_sub(1).map(|at| &all[at]).filter(|block| !is_wall(block));
        let slack = |block: &String| if block.ends_with(':') { 80 } else { 0 };
        if let Some(block) = after.filter(|block| taken + length(block) <= room + slack(&all[to])) {
            taken += length(block);
            to += 1;
        } else if let Some(block) = before.filter(|block| taken + length(block) <= room + slack(block)) {
            taken += length(block);
            from -= 1;
        } else {
            break;
        }
    }
    let parts: Vec<String> = all[from..=to].iter().map(|block| shorten(block, asked, room)).collect();
    let mut excerpt = parts.join("\n\n");
    if excerpt.ends_with(':') {
        // What was introduced here is left out.
        excerpt.pop();
        excerpt.push(' ');
        excerpt.push_str(LEFT_OUT);
    }
    excerpt
}

/// The block that holds most of the words, the first of equals; prose before code.
fn best_of(all: &[String], asked: &[String], is_wall: &dyn Fn(&String) -> bool) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (at, block) in all.iter().enumerate().filter(|(_, block)| !is_wall(block)) {
        let discount = if kind(block) == Kind::Code { 0.7 } else { 1.0 };
        let score = share_of(asked, block) * discount;
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// A block that fits: sentences of a paragraph, lines of a list or a table, around those that fit the words best.
fn shorten(block: &str, asked: &[String], room: usize) -> String {
    if length(block) <= room {
        return block.to_owned();
    }
    match kind(block) {
        Kind::Code => block.to_owned(),
        Kind::Prose => window(&sentences(block), " ", asked, room),
        Kind::List => window(&block.lines().collect::<Vec<_>>(), "\n", asked, room),
        Kind::Table => rows(&block.lines().collect::<Vec<_>>(), asked, room),
    }
}

/// The pieces from the best one on, as many as fit.
fn window(pieces: &[&str], between: &str, asked: &[String], room: usize) -> String {
    let mut best = (-1.0, 0);
    for (at, piece) in pieces.iter().enumerate() {
        let share = share_of(asked, piece);
        if share > best.0 {
            best = (share, at);
        }
    }
    let from = best.1;
    let mut taken = 0;
    let mut kept = Vec::new();
    for piece in &pieces[from..] {
        taken += length(piece);
        if !kept.is_empty() && taken > room {
            break;
        }
        kept.push(if between == " " { piece.trim() } else { piece.trim_end() });
    }
    let is_cut = from + kept.len() < pieces.len();
    let mut text = kept.join(between);
    if from > 0 {
        text.insert_str(0, &format!("{LEFT_OUT}{between}"));
    }
    if is_cut {
        text.push_str(between);
        text.push_str(LEFT_OUT);
    }
    text
}

/// The head of a table and the rows that fit the words best, in their order.
fn rows(lines: &[&str], asked: &[String], room: usize) -> String {
    let (head, body) = lines.split_at(lines.len().min(2));
    let mut by_fit: Vec<(usize, f64)> = body.iter().map(|row| share_of(asked, row)).enumerate().collect();
    by_fit.sort_by(|left, right| right.1.total_cmp(&left.1));
    let some_fit = by_fit.first().is_some_and(|(_, share)| *share > 0.0);
    let mut taken: usize = head.iter().map(|line| length(line)).sum();
    let mut kept = Vec::new();
    for (at, share) in by_fit {
        taken += length(body[at]);
        let is_enough = !kept.is_empty() && (taken > room || some_fit && share == 0.0);
        if is_enough {
            break;
        }
        kept.push(at);
    }
    kept.sort_unstable();
    let rows = kept.iter().map(|at| body[*at]);
    head.iter().copied().chain(rows).collect::<Vec<_>>().join("\n")
}

fn length(text: &str) -> usize {
    text.chars().count()
}
