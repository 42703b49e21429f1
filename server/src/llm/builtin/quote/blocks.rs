//! The blocks of a passage of Markdown, and the sentences of a paragraph.

/// What a block is; each is shortened in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Prose,
    List,
    Table,
    Code,
}

/// What a block is.
pub(super) fn kind(block: &str) -> Kind {
    let first = block.trim_start();
    let is_item = first.starts_with(['-', '*', '+', '>', '#']) && !first.starts_with("**")
        || first
            .split_once('.')
            .is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    if first.starts_with("```") || first.starts_with("~~~") {
        Kind::Code
    } else if first.starts_with('|') {
        Kind::Table
    } else if is_item {
        Kind::List
    } else {
        Kind::Prose
    }
}

/// The blocks of a passage: what blank lines part, but a code block stays whole and by itself.
pub(super) fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block = String::new();
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if !is_code && (is_fence || line.trim().is_empty()) && !block.is_empty() {
            blocks.push(std::mem::take(&mut block));
        }
        is_code ^= is_fence;
        if line.trim().is_empty() && !is_code {
            continue;
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(line);
        if is_fence && !is_code {
            blocks.push(std::mem::take(&mut block));
        }
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// The sentences of a paragraph, each with its end.
pub(super) fn sentences(paragraph: &str) -> Vec<&str> {
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
