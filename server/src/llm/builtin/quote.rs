//! Which part of a passage answers a question, as a Markdown block quote. Whole paragraphs, lists, tables and code
//! blocks; only a long paragraph is cut, between sentences.

use crate::model::knowledge::Passage;
use crate::model::words::{is_same_word, words};

/// How long the first quote may grow, in characters; a single block may be longer.
const FIRST_CHARS: usize = 700;
/// How long a further quote may grow.
const FURTHER_CHARS: usize = 350;

/// Quotes the part of a passage that fits the words best.
pub(super) fn quote(passage: &Passage, asked: &[String], is_first: bool) -> String {
    let room = if is_first { FIRST_CHARS } else { FURTHER_CHARS };
    let blocks = blocks(&passage.text);
    let picked = pick(&blocks, asked, room);
    let parts: Vec<String> = picked
        .map(|block| {
            if is_prose(block) {
                shorten(block, asked, room)
            } else {
                block.to_owned()
            }
        })
        .collect();
    let mut quoted = String::new();
    for line in parts.join("\n\n").lines() {
        quoted.push_str(if line.is_empty() { ">" } else { "> " });
        quoted.push_str(line);
        quoted.push('\n');
    }
    quoted.trim_end().to_owned()
}

/// How much of the words a text holds, 0 to 1; longer words count more, since they say more.
pub(super) fn share_of(asked: &[String], text: &str) -> f64 {
    let weight = |word: &String| (word.chars().count().clamp(3, 6)) as f64;
    let all: f64 = asked.iter().map(weight).sum();
    if all == 0.0 {
        return 0.0;
    }
    let there: Vec<String> = words(text).flat_map(with_parts).collect();
    let held: f64 = asked
        .iter()
        .filter(|asked| there.iter().any(|word| is_same_word(asked, word)))
        .map(weight)
        .sum();
    held / all
}

/// A word, and the parts of an identifier.
fn with_parts(word: String) -> Vec<String> {
    let parts: Vec<String> = word
        .split(|char: char| !char.is_alphanumeric())
        .filter(|part| part.len() < word.len() && part.len() > 1)
        .map(str::to_owned)
        .collect();
    let mut all = vec![word];
    all.extend(parts);
    all
}

/// The best block and its neighbours while there is room, in their order.
fn pick<'a>(blocks: &'a [String], asked: &[String], room: usize) -> impl Iterator<Item = &'a str> {
    let best = blocks
        .iter()
        .enumerate()
        .map(|(at, block)| (share_of(asked, block), at))
        // The first of equals.
        .fold((-1.0, 0), |best, next| if next.0 > best.0 { next } else { best })
        .1;
    let length = |at: usize| blocks.get(at).map_or(0, |block| block.chars().count());
    let (mut from, mut to) = (best, best);
    let mut taken = length(best);
    // A sentence that ends in a colon introduces the block after it: both or none.
    while to + 1 < blocks.len() && (introduces(&blocks[to]) || taken + length(to + 1) <= room) {
        to += 1;
        taken += length(to);
    }
    while from > 0 && (introduces(&blocks[from - 1]) || taken + length(from - 1) <= room) {
        from -= 1;
        taken += length(from);
    }
    blocks.iter().skip(from).take(to + 1 - from).map(String::as_str)
}

fn introduces(block: &str) -> bool {
    block.ends_with(':')
}

/// The blocks of a passage: what blank lines part, but a code block stays whole.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block = String::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            is_code = !is_code;
        }
        if line.trim().is_empty() && !is_code {
            if !block.is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
            continue;
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(line);
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// Whether a block may be cut between sentences.
fn is_prose(block: &str) -> bool {
    let first = block.trim_start();
    !block.contains("```")
        && !block.contains("~~~")
        && !first.starts_with(['|', '-', '*', '+', '>', '#'])
        && !first.starts_with(|char: char| char.is_ascii_digit())
}

/// The sentences of a long paragraph around the one that fits best.
fn shorten(paragraph: &str, asked: &[String], room: usize) -> String {
    if paragraph.chars().count() <= room {
        return paragraph.to_owned();
    }
    let sentences = sentences(paragraph);
    let best = sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| (share_of(asked, sentence), at))
        .fold((-1.0, 0), |best, next| if next.0 > best.0 { next } else { best })
        .1;
    let mut taken = 0;
    let mut kept = Vec::new();
    for sentence in sentences.iter().skip(best) {
        taken += sentence.chars().count();
        if !kept.is_empty() && taken > room {
            break;
        }
        kept.push(sentence.trim());
    }
    let mut text = kept.join(" ");
    if best > 0 {
        text.insert_str(0, "… ");
    }
    if best + kept.len() < sentences.len() {
        text.push_str(" …");
    }
    text
}

/// The sentences of a paragraph, each with its end.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut after_stop = false;
    for (at, char) in paragraph.char_indices() {
        if after_stop && char.is_whitespace() {
            sentences.push(&paragraph[start..at]);
            start = at;
        }
        after_stop = matches!(char, '.' | '!' | '?' | '。');
    }
    if start < paragraph.len() {
        sentences.push(&paragraph[start..]);
    }
    sentences
}
