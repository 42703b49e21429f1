//! Text without the differences that a reader does not see, with the way back to where each character came from.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A folded text.
pub(super) struct Folded {
    /// The text.
    pub(super) text: String,
    /// For each of its characters: its place in `text`, and the place of what it came from.
    places: Vec<(usize, usize)>,
}

impl Folded {
    /// Where in the original the character at a place of the folded text came from.
    pub(super) fn origin(&self, at: usize) -> usize {
        let index = self.places.partition_point(|(place, _)| *place < at);
        self.places.get(index).map_or(0, |(_, origin)| *origin)
    }

    /// The last character that came from before a place in the original.
    pub(super) fn last_before(&self, origin: usize) -> Option<char> {
        let index = self.places.partition_point(|(_, from)| *from < origin);
        let end = self.places.get(index).map_or(self.text.len(), |(place, _)| *place);
        self.text[..end].chars().next_back()
    }
}

/// Folds a text, character by character, so that its pieces fold as the whole does.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        places: Vec::with_capacity(text.len()),
    };
    for (origin, char) in text.char_indices() {
        decompose_compatible(char, |part| {
            for lower in part.to_lowercase() {
                let char = alike(lower);
                let is_more_blank = char == ' ' && folded.text.ends_with(' ');
                if !is_unseen(char) && !is_more_blank {
                    folded.places.push((folded.text.len(), origin));
                    folded.text.push(char);
                }
            }
        });
    }
    folded
}

/// One character for those that are typed for one another.
fn alike(char: char) -> char {
    match char {
        'ς' => 'σ',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        blank if blank.is_whitespace() => ' ',
        other => other,
    }
}

/// Characters that have no look of their own, and the marks of Markdown that vanish inside a word.
fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '*' | '`'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || char.is_control()
}

/// Whether a character can only stand inside or beside other letters of a word. Scripts that put no blanks between
/// words have no such characters.
pub(super) fn is_of_a_word(char: char) -> bool {
    let has_no_blanks = matches!(
        char,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    );
    !has_no_blanks && (char.is_alphanumeric() || is_combining_mark(char))
}
