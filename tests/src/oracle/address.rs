//! Addresses as browsers write them, for the oracle. Recognises, converts nothing for use elsewhere.

use std::fmt::Write as _;

/// Whether a last label makes the whole host an address: all digits, or hexadecimal.
pub(super) fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x', hex @ ..] => hex.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// Four decimal numbers up to 255 without leading zeros.
pub(super) fn is_canonical_ipv4(host: &[u8]) -> bool {
    let mut count = 0;
    for part in host.split(|byte| *byte == b'.') {
        count += 1;
        let plain = match part {
            [b'0'] => true,
            [b'1'..=b'9', rest @ ..] => rest.len() <= 2 && rest.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        // Three digits at most, so the sum can't run over.
        if !plain || part.iter().fold(0u32, |sum, byte| sum * 10 + u32::from(byte - b'0')) > 255 {
            return false;
        }
    }
    count == 4
}

/// `[` address `]` in the one form that is the shortest: lower-case, no leading zeros, first longest run as `::`.
pub(super) fn is_canonical_ipv6(host: &[u8]) -> bool {
    let [b'[', inside @ .., b']'] = host else {
        return false;
    };
    str::from_utf8(inside)
        .ok()
        .and_then(read_groups)
        .is_some_and(|groups| write_groups(groups).as_bytes() == inside)
}

/// Eight groups of hexadecimal digits with at most one `::`. No dotted tail: browsers don't write one.
fn read_groups(text: &str) -> Option<[u16; 8]> {
    let mut groups = [0u16; 8];
    let (head, tail) = match text.split_once("::") {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    };
    let front = read_run(head)?;
    let back = read_run(tail.unwrap_or(""))?;
    let used = front.len() + back.len();
    // `::` stands for one group at least.
    if used > 8 || (used == 8) == tail.is_some() {
        return None;
    }
    groups[..front.len()].copy_from_slice(&front);
    groups[8 - back.len()..].copy_from_slice(&back);
    Some(groups)
}

fn read_run(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':')
        .map(|group| {
            let plain = (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
            plain.then(|| u16::from_str_radix(group, 16).ok()).flatten()
        })
        .collect()
}

/// Whether the text between the brackets of an entry is an IPv6 address in any form, and its canonical form.
pub(super) fn canonical_ipv6(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let Some((front, dotted)) = lower.rsplit_once(':').filter(|(_, tail)| tail.contains('.')) else {
        return read_groups(&lower).map(write_groups);
    };
    if !is_canonical_ipv4(dotted.as_bytes()) {
        return None;
    }
    let mut bytes = [0u8; 4];
    for (byte, part) in bytes.iter_mut().zip(dotted.split('.')) {
        *byte = part.parse().ok()?;
    }
    let high = u16::from_be_bytes([bytes[0], bytes[1]]);
    let low = u16::from_be_bytes([bytes[2], bytes[3]]);
    read_groups(&format!("{front}:{high:x}:{low:x}")).map(write_groups)
}

fn write_groups(groups: [u16; 8]) -> String {
    let (mut best_at, mut best_len) = (0, 1);
    let mut at = 0;
    while at < 8 {
        let len = groups[at..].iter().take_while(|group| **group == 0).count();
        if len > best_len {
            (best_at, best_len) = (at, len);
        }
        at += len.max(1);
    }
    let mut text = String::new();
    let mut index = 0;
    while index < 8 {
        if best_len > 1 && index == best_at {
            text.push_str("::");
            index += best_len;
            continue;
        }
        if index > 0 && !text.ends_with("::") {
            text.push(':');
        }
        let _ = write!(text, "{:x}", groups[index]);
        index += 1;
    }
    text
}
