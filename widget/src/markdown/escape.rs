//! Single characters: backslash escapes, entities, classes of characters. No tables of Unicode, they are too big for a page:
//! ranges that cover what people write.

use crate::scan::{byte, find, part, tail};

/// Names, each with its character behind it.
const NAMED: [&str; 38] = [
    "amp&",
    "lt<",
    "gt>",
    "quot\"",
    "apos'",
    "nbsp\u{a0}",
    "copy©",
    "reg®",
    "trade™",
    "hellip…",
    "mdash—",
    "ndash–",
    "lsquo‘",
    "rsquo’",
    "ldquo“",
    "rdquo”",
    "laquo«",
    "raquo»",
    "bull•",
    "middot·",
    "deg°",
    "euro€",
    "pound£",
    "times×",
    "divide÷",
    "plusmn±",
    "larr←",
    "rarr→",
    "le≤",
    "ge≥",
    "ne≠",
    "aumlä",
    "oumlö",
    "uumlü",
    "AumlÄ",
    "OumlÖ",
    "UumlÜ",
    "szligß",
];

/// The character that an escape or an entity at a place stands for, and the byte after it.
#[inline(never)]
pub(super) fn escaped(text: &str, at: usize) -> Option<(char, usize)> {
    let next = byte(text, at + 1);
    if byte(text, at) == b'\\' {
        return next.is_ascii_punctuation().then_some((char::from(next), at + 2));
    }
    let mut end = at + 1;
    // The longest are `&#x10FFFF;` and `&#1114111;`.
    while end < at + 10 && (byte(text, end).is_ascii_alphanumeric() || byte(text, end) == b'#') {
        end += 1;
    }
    let name = part(text, at + 1, end);
    if byte(text, at) != b'&' || byte(text, end) != b';' || name.is_empty() {
        return None;
    }
    if next != b'#' {
        return NAMED.iter().find_map(|entry| {
            let mut rest = entry.strip_prefix(name)?.chars();
            let found = rest.next()?;
            rest.next().is_none().then_some((found, end + 1))
        });
    }
    let is_hex = byte(name, 1) | 32 == b'x';
    let digits = tail(name, if is_hex { 2 } else { 1 });
    let radix = if is_hex { 16 } else { 10 };
    let mut code = 0;
    for digit in digits.chars() {
        code = code * radix + digit.to_digit(radix)?;
    }
    let is_number = !digits.is_empty() && digits.len() + usize::from(is_hex) < 8;
    let found = char::from_u32(code)
        .filter(|found| *found != '\0')
        .unwrap_or('\u{fffd}');
    is_number.then_some((found, end + 1))
}

/// The text with its escapes and entities replaced.
#[inline(never)]
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        let next = find(text, at, b"\\&");
        out.push_str(part(text, at, next));
        at = next;
        if let Some((found, end)) = escaped(text, at) {
            out.push(found);
            at = end;
        } else {
            out.push_str(part(text, at, at + 1));
            at += 1;
        }
    }
    out
}

/// Punctuation and symbols, as the rules for emphasis see them.
pub(super) fn is_punctuation(found: char) -> bool {
    /// First and last of general punctuation, currencies, arrows to dingbats, CJK and full-width forms, emoji.
    const RANGES: [(u32, u32); 11] = [
        (0x2010, 0x2027),
        (0x2030, 0x205e),
        (0x20a0, 0x20c0),
        (0x2190, 0x2bff),
        (0x2e00, 0x2e5d),
        (0x3001, 0x3003),
        (0x3008, 0x3020),
        (0xff01, 0xff0f),
        (0xff1a, 0xff20),
        (0xff3b, 0xff40),
        (0x1f300, 0x1faff),
    ];
    let code = found as u32;
    match code {
        0..0x80 => found.is_ascii_punctuation(),
        0xaa | 0xb2 | 0xb3 | 0xb5 | 0xb9 | 0xba | 0xbc..=0xbe => false,
        0xa1..=0xbf | 0xd7 | 0xf7 => true,
        _ => RANGES.iter().any(|range| range.0 <= code && code <= range.1),
    }
}

/// Adds a character of a label so that upper and lower case compare equal: Latin, Greek and Cyrillic letters.
pub(super) fn push_folded(out: &mut String, found: char) {
    let code = found as u32;
    let lower = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a9 | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0xdf | 0x1e9e => return out.push_str("ss"),
        _ => code,
    };
    out.push(char::from_u32(lower).unwrap_or(found));
}
