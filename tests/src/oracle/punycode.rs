//! What follows `xn--`, for the oracle: decoded by RFC 3492, then judged for a few scripts whose every letter is
//! known to be good. Not a judge of all of Unicode.

/// Whether a label can be an international one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Only letters that are good for certain.
    Good,
    /// Can't be decoded, or hides plain ASCII.
    Bad,
    /// Letters that the oracle doesn't know.
    Unknown,
}

/// Judges the text after `xn--`, which is `a-z 0-9 - _`.
pub(super) fn judge(text: &[u8]) -> Verdict {
    let Some(letters) = decode(text) else {
        return Verdict::Bad;
    };
    if letters.iter().all(|letter| *letter < 0x80) {
        return Verdict::Bad;
    }
    let known = letters.iter().all(|letter| {
        matches!(letter,
            0x2D | 0x30..=0x39 | 0x61..=0x7A | 0xDF..=0xF6 | 0xF8..=0xFF | 0x430..=0x44F | 0x3041..=0x3093
            | 0x4E00..=0x9FA5)
    });
    if known { Verdict::Good } else { Verdict::Unknown }
}

fn decode(text: &[u8]) -> Option<Vec<u32>> {
    // A delimiter with nothing before it is none, and then no digit either.
    let delimiter = text.iter().rposition(|byte| *byte == b'-').filter(|at| *at > 0);
    let (mut out, digits): (Vec<u32>, &[u8]) = match delimiter {
        Some(at) => (
            text[..at].iter().map(|byte| u32::from(*byte)).collect(),
            &text[at + 1..],
        ),
        None => (Vec::new(), text),
    };
    let (mut letter, mut at, mut bias) = (128u32, 0u32, 72u32);
    let mut rest = digits.iter();
    let mut is_first = true;
    while !rest.as_slice().is_empty() {
        let start = at;
        let (mut weight, mut step) = (1u32, 36u32);
        loop {
            let digit = match rest.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = step.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            step += 36;
        }
        let count = u32::try_from(out.len()).ok()? + 1;
        bias = adapt(at - start, count, is_first);
        is_first = false;
        letter = letter.checked_add(at / count)?;
        at %= count;
        char::from_u32(letter)?;
        out.insert(usize::try_from(at).ok()?, letter);
        at += 1;
    }
    Some(out)
}

fn adapt(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}
