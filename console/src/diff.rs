//! What differs between two texts, line by line: the longest common lines stay. Pure.

#[cfg(test)]
mod tests;

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// In the older one alone.
    Old(String),
    /// In the newer one alone.
    New(String),
}

/// Compares two texts. Past so many lines each the whole middle counts as changed: the table would not fit in memory.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    const MOST_LINES: usize = 2_000;
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let before = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let after = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let old_middle = &old_rest[..old_rest.len() - after];
    let new_middle = &new_rest[..new_rest.len() - after];
    let same = |text: &&str| Line::Same((*text).to_owned());
    let mut found: Vec<Line> = old[..before].iter().map(same).collect();
    if old_middle.len() > MOST_LINES || new_middle.len() > MOST_LINES {
        found.extend(old_middle.iter().map(|text| Line::Old((*text).to_owned())));
        found.extend(new_middle.iter().map(|text| Line::New((*text).to_owned())));
    } else {
        middle(old_middle, new_middle, &mut found);
    }
    found.extend(old[old.len() - after..].iter().map(same));
    found
}

/// The longest common subsequence by the table of its lengths.
fn middle(old: &[&str], new: &[&str], found: &mut Vec<Line>) {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            lengths[row * width + column] = if old[row] == new[column] {
                lengths[(row + 1) * width + column + 1] + 1
            } else {
                lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < old.len() || column < new.len() {
        let is_common = row < old.len() && column < new.len() && old[row] == new[column];
        if is_common {
            found.push(Line::Same(old[row].to_owned()));
            row += 1;
            column += 1;
        } else if column == new.len()
            || row < old.len() && lengths[(row + 1) * width + column] >= lengths[row * width + column + 1]
        {
            found.push(Line::Old(old[row].to_owned()));
            row += 1;
        } else {
            found.push(Line::New(new[column].to_owned()));
            column += 1;
        }
    }
}
