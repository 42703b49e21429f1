//! The beginning of a text, on one line.

/// At most so many characters of a text, with its breaks and runs of blanks as one blank. What is cut ends with `…`, and
/// never between a character and what belongs to it.
pub(super) fn excerpt(text: &str, most_chars: usize) -> String {
    let mut line = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        let wanted = word.chars().count();
        if chars + gap + wanted <= most_chars {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            chars += gap + wanted;
            continue;
        }
        // A word that is longer than all the room is cut; another one is left out whole.
        if line.is_empty() {
            line.extend(word.chars().take(most_chars.saturating_sub(1)));
            drop_half(&mut line, word);
        }
        line.push('…');
        break;
    }
    line
}

/// Removes the end of a cut word whose rest continues its last character: a mark, or what a joiner joins.
fn drop_half(cut: &mut String, word: &str) {
    while let (Some(last), Some(next)) = (cut.chars().next_back(), word[cut.len()..].chars().next()) {
        if !continues(next) && last != JOINER {
            return;
        }
        cut.pop();
    }
}

/// Joins two emoji into one.
const JOINER: char = '\u{200d}';

/// Combining marks, selectors, skin tones, the joiner, and the halves of flags.
fn continues(character: char) -> bool {
    matches!(character, JOINER | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests;
