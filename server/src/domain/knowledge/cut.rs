//! Cuts a document into passages: along its headings, then along its blocks. Code blocks stay whole. Pure.

use crate::model::knowledge::Passage;

/// How long a passage may be, in characters.
const MAX_CHARS: usize = 1_200;
/// A code block longer than this is cut after all, into code blocks.
const MAX_CODE_CHARS: usize = 6_000;

/// A document in pieces.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// The first heading, else the file name.
    pub(super) title: String,
    pub(super) passages: Vec<Passage>,
}

/// Cuts Markdown.
pub(super) fn markdown(text: &str, path: &str, file_name: &str) -> Cut {
    let sections = sections(without_front_matter(text));
    let title = sections
        .iter()
        .map(|section| section.heading.as_str())
        .find(|heading| !heading.is_empty())
        .unwrap_or(file_name)
        .to_owned();
    let passages = sections
        .iter()
        .flat_map(|section| passages_of(section, &title, path))
        .collect();
    Cut { title, passages }
}

/// Cuts text that has no headings.
pub(super) fn plain(text: &str, path: &str, file_name: &str) -> Cut {
    let section = Section {
        heading: String::new(),
        lines: text.lines().collect(),
    };
    Cut {
        title: file_name.to_owned(),
        passages: passages_of(&section, file_name, path),
    }
}

/// What stands under one heading.
#[derive(Default)]
struct Section<'a> {
    heading: String,
    lines: Vec<&'a str>,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section::default()];
    let mut fence = None;
    for line in text.lines() {
        fence = fence_after(fence, line);
        match heading_of(line).filter(|_| fence.is_none()) {
            Some(heading) => sections.push(Section {
                heading,
                lines: Vec::new(),
            }),
            None => {
                if let Some(section) = sections.last_mut() {
                    section.lines.push(line);
                }
            }
        }
    }
    sections
}

/// The text of an ATX heading (`## Like this ##`).
fn heading_of(line: &str) -> Option<String> {
    let level = line.chars().take_while(|char| *char == '#').count();
    if !(1..=6).contains(&level) {
        return None;
    }
    let text = line[level..].strip_prefix([' ', '\t'])?.trim();
    let text = text.trim_end_matches('#').trim_end();
    let plain: String = text.replace(['`', '*'], "");
    (!plain.is_empty()).then_some(plain)
}

/// The mark of the code block that is open after this line.
fn fence_after(open: Option<&str>, line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    match open {
        Some("```") if is_closing(line, '`') => None,
        Some("```") => Some("```"),
        Some(_) if is_closing(line, '~') => None,
        Some(_) => Some("~~~"),
        None if line.starts_with("```") => Some("```"),
        None if line.starts_with("~~~") => Some("~~~"),
        None => None,
    }
}

fn is_closing(line: &str, mark: char) -> bool {
    let line = line.trim_end();
    line.chars().count() >= 3 && line.chars().all(|char| char == mark)
}

fn passages_of(section: &Section<'_>, title: &str, path: &str) -> Vec<Passage> {
    let mut texts: Vec<String> = Vec::new();
    for block in blocks(&section.lines) {
        for piece in pieces(&block) {
            match texts.last_mut() {
                Some(text) if length(text) + length(&piece) + 2 <= MAX_CHARS => {
                    text.push_str("\n\n");
                    text.push_str(&piece);
                }
                _ => texts.push(piece),
            }
        }
    }
    texts
        .into_iter()
        .map(|text| Passage {
            title: title.to_owned(),
            path: path.to_owned(),
            heading: section.heading.clone(),
            text,
        })
        .collect()
}

/// What blank lines part; a code block is one block, blank lines and all.
fn blocks(lines: &[&str]) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut fence = None;
    for line in lines {
        let before = fence;
        fence = fence_after(fence, line);
        let opens = before.is_none() && fence.is_some();
        let is_blank = line.trim().is_empty() && before.is_none();
        if opens || is_blank {
            flush(&mut blocks, &mut block);
        }
        if !is_blank {
            block.push(line.trim_end());
        }
        if before.is_some() && fence.is_none() {
            flush(&mut blocks, &mut block);
        }
    }
    flush(&mut blocks, &mut block);
    blocks
}

fn flush(blocks: &mut Vec<String>, block: &mut Vec<&str>) {
    if !block.is_empty() {
        blocks.push(block.join("\n"));
        block.clear();
    }
}

/// A block in pieces that fit into a passage; nearly always one.
fn pieces(block: &str) -> Vec<String> {
    let is_code = fence_after(None, block.lines().next().unwrap_or_default()).is_some();
    if length(block) <= if is_code { MAX_CODE_CHARS } else { MAX_CHARS } {
        return vec![block.to_owned()];
    }
    if is_code {
        code_pieces(block)
    } else {
        line_pieces(block)
    }
}

/// A huge code block as several, each with its own fence.
fn code_pieces(block: &str) -> Vec<String> {
    let mut lines: Vec<&str> = block.lines().collect();
    let open = lines.remove(0);
    let close = if open.trim_start().starts_with('~') {
        "~~~"
    } else {
        "```"
    };
    if lines.last().is_some_and(|line| line.trim() == close) {
        lines.pop();
    }
    grouped(&lines, MAX_CODE_CHARS)
        .into_iter()
        .map(|code| format!("{open}\n{code}\n{close}"))
        .collect()
}

/// A long list, table or paragraph by its lines; each piece of a table gets the table's head.
fn line_pieces(block: &str) -> Vec<String> {
    let lines: Vec<&str> = block.lines().collect();
    let is_table = lines.len() > 2 && lines[0].trim_start().starts_with('|') && lines[1].contains("---");
    if !is_table {
        return grouped(&lines, MAX_CHARS);
    }
    let head = format!("{}\n{}", lines[0], lines[1]);
    let room = MAX_CHARS.saturating_sub(length(&head)).max(MAX_CHARS / 2);
    grouped(&lines[2..], room)
        .into_iter()
        .map(|rows| format!("{head}\n{rows}"))
        .collect()
}

/// Lines joined as long as they fit; a longer line is cut between words.
fn grouped(lines: &[&str], room: usize) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for line in lines.iter().flat_map(|line| split_line(line, room)) {
        match groups.last_mut() {
            Some(group) if length(group) + length(line) < room => {
                group.push('\n');
                group.push_str(line);
            }
            _ => groups.push(line.to_owned()),
        }
    }
    groups
}

fn split_line(mut line: &str, room: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some((end, _)) = line.char_indices().nth(room) {
        let head = &line[..end];
        // Behind a sentence if one ends in the second half, else between words, else anywhere.
        let cut = [". ", "! ", "? ", " "]
            .iter()
            .filter_map(|mark| head.rfind(mark).map(|at| at + mark.len()))
            .find(|cut| *cut > end / 2)
            .unwrap_or(end);
        parts.push(line[..cut].trim_end());
        line = &line[cut..];
    }
    parts.push(line);
    parts
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The text behind a YAML front matter.
fn without_front_matter(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---\n") else {
        return text;
    };
    rest.split_once("\n---\n").map_or(text, |(_, body)| body)
}

#[cfg(test)]
mod tests;
