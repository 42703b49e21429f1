//! Single characters: backslash escapes, entities, classes of characters. No tables of Unicode, they are too big for a page:
//! ranges that cover what people write.

const NAMED: [(&str, char); 38] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("deg", '°'),
    ("euro", '€'),
    ("pound", '£'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("larr", '←'),
    ("rarr", '→'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
];

/// The character that an escape or an entity at the start of `text` stands for, and its length.
pub(super) fn escaped(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'\\') {
        let next = *bytes.get(1)?;
        return next.is_ascii_punctuation().then_some((char::from(next), 2));
    }
    // The longest allowed are `&#x10FFFF;` and names of about that length.
    let length = bytes.iter().take(11).position(|byte| *byte == b';')?;
    let name = text.get(1..length)?;
    let found = if let Some(digits) = name.strip_prefix('#') {
        let (digits, radix, most) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 6),
            None => (digits, 10, 7),
        };
        let mut code = 0;
        for digit in digits.chars() {
            code = code * radix + digit.to_digit(radix)?;
        }
        if digits.is_empty() || digits.len() > most {
            return None;
        }
        char::from_u32(code)
            .filter(|found| *found != '\0')
            .unwrap_or('\u{fffd}')
    } else {
        NAMED.iter().find(|entry| entry.0 == name)?.1
    };
    Some((found, length + 1))
}

/// The text with its escapes and entities replaced.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (found, length) = escaped(rest).unwrap_or((char::from(rest.as_bytes()[0]), 1));
        out.push(found);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// Punctuation and symbols, as the rules for emphasis see them.
pub(super) fn is_punctuation(found: char) -> bool {
    match found as u32 {
        0..0x80 => found.is_ascii_punctuation(),
        0xaa | 0xb2 | 0xb3 | 0xb5 | 0xb9 | 0xba | 0xbc..=0xbe => false,
        0xa1..=0xbf | 0xd7 | 0xf7 => true,
        // General punctuation, currencies, arrows, mathematics, boxes, dingbats; CJK and full-width forms; emoji.
        0x2010..=0x2027 | 0x2030..=0x205e | 0x20a0..=0x20c0 | 0x2190..=0x2bff | 0x2e00..=0x2e5d => true,
        0x3001..=0x3003 | 0x3008..=0x3020 | 0x3030 | 0xff01..=0xff0f | 0xff1a..=0xff20 | 0xff3b..=0xff40 => true,
        0xff5b..=0xff65 | 0x1f300..=0x1faff => true,
        _ => false,
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
