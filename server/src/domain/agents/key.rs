//! Agent keys: the public name of an agent, in the snippet of every page that embeds it.

use rand::RngExt;

/// The longest agent key, in characters.
pub const MAX_KEY_CHARS: usize = 64;
/// Room is left for a suffix.
const MAX_NAME_CHARS: usize = 48;
/// Agent keys of previews begin so; nobody may take one.
const RESERVED_PREFIX: &str = "prev_";
const SUFFIX_LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
const SUFFIX_LEN: usize = 6;
/// So long that nobody finds one: 130 bits.
const PREVIEW_LEN: usize = 26;

/// The agent key that a name gives: lower case, ASCII, `_` between words. A name without a Latin letter gives `agent`.
pub fn from_name(name: &str) -> String {
    let mut key = String::new();
    let mut is_gap = false;
    for c in name.chars().flat_map(char::to_lowercase) {
        let letters = match c {
            'a'..='z' | '0'..='9' => c.to_string(),
            _ => latin(c).to_owned(),
        };
        if letters.is_empty() {
            // An accent that stands alone belongs to the letter before it.
            is_gap |= !('\u{300}'..='\u{36f}').contains(&c);
            continue;
        }
        let gap = usize::from(is_gap && !key.is_empty());
        if key.len() + gap + letters.len() > MAX_NAME_CHARS {
            break;
        }
        key.push_str(&"_"[..gap]);
        key.push_str(&letters);
        is_gap = false;
    }
    if key.is_empty() || key.starts_with(RESERVED_PREFIX) {
        return if key.is_empty() {
            "agent".to_owned()
        } else {
            format!("agent_{key}")
        };
    }
    key
}

/// How a letter is written without its accent; empty for everything else.
fn latin(c: char) -> &'static str {
    match c {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ğ' => "g",
        'đ' | 'ď' => "d",
        'ť' => "t",
        _ => "",
    }
}

/// The same with a random suffix, for when the plain one is or was in use.
pub fn with_random_suffix(key: &str) -> String {
    format!("{key}_{}", random_letters(SUFFIX_LEN))
}

/// A new agent key of a preview.
pub fn new_preview_key() -> String {
    format!("{RESERVED_PREFIX}{}", random_letters(PREVIEW_LEN))
}

/// Whether an agent key is of the form of a preview's.
pub fn is_of_preview(key: &str) -> bool {
    key.starts_with(RESERVED_PREFIX)
}

fn random_letters(count: usize) -> String {
    let mut random = rand::rng();
    (0..count)
        .map(|_| char::from(SUFFIX_LETTERS[random.random_range(0..SUFFIX_LETTERS.len())]))
        .collect()
}

/// What is wrong with an agent key that somebody chose.
pub fn problem(key: &str) -> Option<&'static str> {
    let is_formed = (1..=MAX_KEY_CHARS).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if !is_formed {
        return Some(
            "An agent key is 1 to 64 characters: small letters, digits, `_` and `-`, a letter or digit first, such as support_assistant.",
        );
    }
    key.starts_with(RESERVED_PREFIX)
        .then_some("Agent keys that begin with prev_ are kept for previews; choose another.")
}
